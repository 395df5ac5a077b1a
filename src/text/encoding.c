/* The result of encoding: rows end to end with their offsets. */
#include "text/encoding_internal.h"

#include <string.h>

struct tl_encoding {
  tl_context *context;
  int32_t rows;
  int32_t *offsets; /* an empty encoding has the one offset 0 */
  size_t offsets_capacity;
  int32_t *ids; /* this and what follows have room for one item at least, so that they are never NULL */
  size_t ids_capacity;
  int32_t *type_ids;
  size_t type_ids_capacity;
  uint8_t *special_mask;
  size_t special_mask_capacity;
};

static tl_status grow_int32(tl_context *context, int32_t **items, size_t *capacity, size_t count) {
  void *memory = *items;
  const tl_status status =
      tl_memory_grow(context, &memory, capacity, count, sizeof **items, "the tokenized rows");
  *items = memory;
  return status;
}

static tl_status grow_bytes(tl_context *context, uint8_t **items, size_t *capacity, size_t count) {
  void *memory = *items;
  const tl_status status =
      tl_memory_grow(context, &memory, capacity, count, sizeof **items, "the tokenized rows");
  *items = memory;
  return status;
}

static tl_status make_room(tl_encoding *encoding, size_t rows, size_t tokens) {
  tl_context *context = encoding->context;
  tl_status status = grow_int32(context, &encoding->offsets, &encoding->offsets_capacity, rows + 1);
  if (status == TL_OK)
    status = grow_int32(context, &encoding->ids, &encoding->ids_capacity, tokens + 1);
  if (status == TL_OK)
    status = grow_int32(context, &encoding->type_ids, &encoding->type_ids_capacity, tokens + 1);
  if (status == TL_OK)
    status = grow_bytes(context, &encoding->special_mask, &encoding->special_mask_capacity, tokens + 1);
  return status;
}

tl_status tl_encoding_create(tl_context *context, tl_encoding **out) {
  tl_encoding *encoding = tl_memory_alloc(context, 1, sizeof *encoding);
  if (encoding == NULL)
    return tl_fail_memory(context, "an encoding", (double)sizeof *encoding);
  encoding->context = context;
  const tl_status status = make_room(encoding, 0, 0);
  if (status != TL_OK) {
    tl_encoding_free(encoding);
    return status;
  }
  *out = encoding;
  return TL_OK;
}

void tl_encoding_free(tl_encoding *encoding) {
  if (encoding == NULL)
    return;
  tl_context *context = encoding->context;
  tl_memory_free(context, encoding->offsets);
  tl_memory_free(context, encoding->ids);
  tl_memory_free(context, encoding->type_ids);
  tl_memory_free(context, encoding->special_mask);
  tl_memory_free(context, encoding);
}

static void copy(void *to, const void *from, size_t count, size_t size) {
  if (count > 0)
    memcpy(to, from, count * size);
}

tl_status tl_encoding_join(tl_encoding *encoding, const tl_encode_worker *workers, int32_t count, int32_t n) {
  uint64_t total = 0;
  for (int32_t i = 0; i < count; ++i)
    total += workers[i].ids.count;
  if (total > INT32_MAX)
    return tl_fail(encoding->context, TL_ERR_MEMORY,
                   "%.0f tokens do not fit one encoding (%d at most); encode fewer rows at once",
                   (double)total, INT32_MAX);
  const tl_status status = make_room(encoding, (size_t)n, (size_t)total);
  if (status != TL_OK)
    return status;
  size_t at = 0, row = 0;
  encoding->rows = n;
  encoding->offsets[0] = 0;
  for (int32_t i = 0; i < count; ++i) {
    const tl_encode_worker *worker = &workers[i];
    copy(encoding->ids + at, worker->ids.items, worker->ids.count, sizeof *encoding->ids);
    copy(encoding->type_ids + at, worker->type_ids.items, worker->ids.count, sizeof *encoding->type_ids);
    copy(encoding->special_mask + at, worker->special_mask.items, worker->ids.count,
         sizeof *encoding->special_mask);
    at += worker->ids.count;
    for (size_t j = 0; j < worker->lengths.count; ++j, ++row)
      encoding->offsets[row + 1] = encoding->offsets[row] + worker->lengths.items[j];
  }
  return TL_OK;
}

int32_t tl_encoding_rows(const tl_encoding *encoding) { return encoding->rows; }
const int32_t *tl_encoding_offsets(const tl_encoding *encoding) { return encoding->offsets; }
const int32_t *tl_encoding_ids(const tl_encoding *encoding) { return encoding->ids; }
const int32_t *tl_encoding_type_ids(const tl_encoding *encoding) { return encoding->type_ids; }
const uint8_t *tl_encoding_special_mask(const tl_encoding *encoding) { return encoding->special_mask; }
