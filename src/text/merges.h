/* The merges of byte pair encoding: which two tokens become one, and which pair goes first. */
#ifndef TL_TEXT_MERGES_H
#define TL_TEXT_MERGES_H

#include "base/context_internal.h"

typedef struct tl_merge {
  int32_t left;
  int32_t right;
  int32_t id; /* what the two become */
  uint32_t rank;
} tl_merge;

typedef struct tl_merges {
  tl_merge *items; /* ascending by left, then right, once finished */
  size_t count;
  size_t capacity;
  uint32_t *first;   /* items[first[left] .. first[left + 1]) are those of a left token */
  int32_t lefts;     /* left tokens are below */
  uint32_t *by_rank; /* indices of items, for writing them in order */
} tl_merges;

/* Adds the next merge. */
tl_status tl_merges_add(tl_context *context, tl_merges *merges, int32_t left, int32_t right, int32_t id);

/* Makes it ready for tl_merges_find; of equal pairs the last counts. */
tl_status tl_merges_finish(tl_context *context, tl_merges *merges);
void tl_merges_free(tl_context *context, tl_merges *merges);

/* The merge of two tokens (ids >= 0), or NULL. */
static inline const tl_merge *tl_merges_find(const tl_merges *merges, int32_t left, int32_t right) {
  if (left >= merges->lefts)
    return NULL;
  size_t low = merges->first[left], high = merges->first[left + 1];
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    if (merges->items[middle].right < right)
      low = middle + 1;
    else
      high = middle;
  }
  return low < merges->first[left + 1] && merges->items[low].right == right ? &merges->items[low] : NULL;
}

#endif
