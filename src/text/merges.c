/* Merges in order of their pairs, with an index over the left tokens. */
#include "text/merges.h"

#include <stdlib.h>

static const char what[] = "the merges";

tl_status tl_merges_add(tl_context *context, tl_merges *merges, int32_t left, int32_t right, int32_t id) {
  void *items = merges->items;
  const tl_status status =
      tl_memory_grow(context, &items, &merges->capacity, merges->count + 1, sizeof *merges->items, what);
  if (status != TL_OK)
    return status;
  merges->items = items;
  merges->items[merges->count] =
      (tl_merge){.left = left, .right = right, .id = id, .rank = (uint32_t)merges->count};
  ++merges->count;
  if (left >= merges->lefts)
    merges->lefts = left + 1;
  return TL_OK;
}

/* By left, right, rank. */
static int compare(const void *first, const void *second) {
  const tl_merge *a = first, *b = second;
  if (a->left != b->left)
    return a->left < b->left ? -1 : 1;
  if (a->right != b->right)
    return a->right < b->right ? -1 : 1;
  return a->rank < b->rank ? -1 : a->rank > b->rank;
}

/* Of equal pairs, which stand side by side, keeps the last. */
static void drop_repeated(tl_merges *merges) {
  size_t kept = 0;
  for (size_t i = 0; i < merges->count; ++i) {
    const tl_merge *item = &merges->items[i];
    const bool again = kept > 0 && merges->items[kept - 1].left == item->left &&
                       merges->items[kept - 1].right == item->right;
    merges->items[again ? kept - 1 : kept++] = *item;
  }
  merges->count = kept;
}

/* Ranks become numbers without gaps, in the same order; by_rank follows. */
static void number_ranks(tl_merges *merges, uint32_t *index_of_rank, size_t ranks) {
  for (size_t rank = 0; rank < ranks; ++rank)
    index_of_rank[rank] = UINT32_MAX;
  for (size_t i = 0; i < merges->count; ++i)
    index_of_rank[merges->items[i].rank] = (uint32_t)i;
  uint32_t next = 0;
  for (size_t rank = 0; rank < ranks; ++rank) {
    if (index_of_rank[rank] == UINT32_MAX)
      continue;
    merges->items[index_of_rank[rank]].rank = next;
    index_of_rank[next++] = index_of_rank[rank];
  }
}

tl_status tl_merges_finish(tl_context *context, tl_merges *merges) {
  const size_t ranks = merges->count, lefts = (size_t)merges->lefts;
  if (ranks >= UINT32_MAX || lefts == INT32_MAX)
    return tl_fail(context, TL_ERR_UNSUPPORTED, "%s are too many, or of too large ids", what);
  merges->first = tl_memory_alloc(context, lefts + 1, sizeof *merges->first);
  merges->by_rank = tl_memory_alloc(context, ranks, sizeof *merges->by_rank);
  if (merges->first == NULL || merges->by_rank == NULL)
    return tl_fail_memory(context, what, (double)(lefts + ranks) * (double)sizeof(uint32_t));
  if (ranks > 0)
    qsort(merges->items, ranks, sizeof *merges->items, compare);
  drop_repeated(merges);
  number_ranks(merges, merges->by_rank, ranks);
  for (size_t i = 0; i < merges->count; ++i)
    ++merges->first[merges->items[i].left + 1];
  for (size_t left = 0; left < lefts; ++left)
    merges->first[left + 1] += merges->first[left];
  return TL_OK;
}

void tl_merges_free(tl_context *context, tl_merges *merges) {
  tl_memory_free(context, merges->items);
  tl_memory_free(context, merges->first);
  tl_memory_free(context, merges->by_rank);
  *merges = (tl_merges){0};
}
