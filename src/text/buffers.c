/* Growing arrays for text work; see buffers.h. */
#include "text/buffers.h"

#include <string.h>

static bool grow(tl_context *context, void **items, size_t *capacity, size_t count, size_t more,
                 size_t size) {
  size_t needed;
  return !__builtin_add_overflow(count, more, &needed) &&
         tl_memory_grow(context, items, capacity, needed, size, "a text") == TL_OK;
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
