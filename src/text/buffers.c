/* Growing arrays for text work; see buffers.h. */
#include "text/buffers.h"

#include <string.h>

/* tl_memory_grow without its sentence: the context's message is not for threads to write at once. */
static bool grow(tl_context *context, void **items, size_t *capacity, size_t count, size_t more,
                 size_t size) {
  size_t needed;
  if (__builtin_add_overflow(count, more, &needed))
    return false;
  if (needed <= *capacity)
    return true;
  size_t wanted;
  if (__builtin_add_overflow(needed, needed / 2, &wanted))
    wanted = needed;
  void *grown = tl_memory_alloc(context, wanted, size);
  if (grown == NULL) {
    wanted = needed;
    grown = tl_memory_alloc(context, wanted, size);
  }
  if (grown == NULL)
    return false;
  if (count > 0)
    memcpy(grown, *items, count * size);
  tl_memory_free(context, *items);
  *items = grown;
  *capacity = wanted;
  return true;
}

bool tl_bytes_reserve(tl_context *context, tl_bytes *bytes, size_t more) {
  void *items = bytes->items;
  const bool grown = grow(context, &items, &bytes->capacity, bytes->count, more, sizeof *bytes->items);
  bytes->items = items;
  return grown;
}

bool tl_code_points_reserve(tl_context *context, tl_code_points *points, size_t more) {
  void *items = points->items;
  const bool grown = grow(context, &items, &points->capacity, points->count, more, sizeof *points->items);
  points->items = items;
  return grown;
}

bool tl_ids_reserve(tl_context *context, tl_ids *ids, size_t more) {
  void *items = ids->items;
  const bool grown = grow(context, &items, &ids->capacity, ids->count, more, sizeof *ids->items);
  ids->items = items;
  return grown;
}

bool tl_bytes_append(tl_context *context, tl_bytes *bytes, const void *text, size_t size) {
  if (!tl_bytes_reserve(context, bytes, size))
    return false;
  if (size > 0)
    memcpy(bytes->items + bytes->count, text, size);
  bytes->count += size;
  return true;
}

bool tl_bytes_append_string(tl_context *context, tl_bytes *bytes, const void *text, size_t size,
                            size_t *start) {
  const size_t begin = bytes->count;
  if (size == SIZE_MAX || !tl_bytes_reserve(context, bytes, size + 1) ||
      !tl_bytes_append(context, bytes, text, size))
    return false;
  bytes->items[bytes->count++] = '\0';
  *start = begin;
  return true;
}

void tl_bytes_free(tl_context *context, tl_bytes *bytes) {
  tl_memory_free(context, bytes->items);
  *bytes = (tl_bytes){0};
}

void tl_code_points_free(tl_context *context, tl_code_points *points) {
  tl_memory_free(context, points->items);
  *points = (tl_code_points){0};
}

void tl_ids_free(tl_context *context, tl_ids *ids) {
  tl_memory_free(context, ids->items);
  *ids = (tl_ids){0};
}
