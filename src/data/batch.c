/* The batch's life: made empty, its arrays grown as needed and reused from step to step. */
#include "data/batch_internal.h"

#include "base/context_internal.h"

tl_status tl_batch_create(tl_context *context, tl_batch **out) {
  tl_batch *batch = tl_memory_alloc(context, 1, sizeof *batch);
  if (batch == NULL)
    return tl_fail_memory(context, "a batch", (double)sizeof *batch);
  batch->context = context;
  *out = batch;
  return TL_OK;
}

void tl_batch_free(tl_batch *batch) {
  if (batch == NULL)
    return;
  tl_memory_free(batch->context, batch->offsets);
  tl_memory_free(batch->context, batch->ids);
  tl_memory_free(batch->context, batch->types);
  tl_memory_free(batch->context, batch->positions);
  tl_memory_free(batch->context, batch->hidden_ids);
  tl_memory_free(batch->context, batch->hidden_before);
  tl_memory_free(batch->context, batch->labels);
  tl_memory_free(batch->context, batch->targets);
  tl_memory_free(batch->context, batch);
}

/* Grows one array of 4-byte items. tl_memory_grow takes void **, which an int32_t ** is not. */
static tl_status grow_int32(tl_batch *batch, int32_t **array, size_t *capacity, size_t count) {
  void *memory = *array;
  tl_status status =
      tl_memory_grow(batch->context, &memory, capacity, count, sizeof(int32_t), "a batch's tokens");
  *array = memory;
  return status;
}

tl_status tl_batch_make_room(tl_batch *batch, int32_t B, int32_t T, int32_t hidden) {
  tl_status status = grow_int32(batch, &batch->offsets, &batch->offsets_capacity, (size_t)B + 1);
  if (status == TL_OK)
    status = grow_int32(batch, &batch->ids, &batch->ids_capacity, (size_t)T);
  if (status == TL_OK)
    status = grow_int32(batch, &batch->types, &batch->types_capacity, (size_t)T);
  if (status == TL_OK)
    status = grow_int32(batch, &batch->positions, &batch->positions_capacity, (size_t)T);
  if (status == TL_OK)
    status = grow_int32(batch, &batch->hidden_ids, &batch->hidden_ids_capacity, (size_t)hidden);
  if (status == TL_OK)
    status = grow_int32(batch, &batch->hidden_before, &batch->hidden_before_capacity, (size_t)hidden);
  return status;
}

int32_t tl_batch_sequences(const tl_batch *batch) { return batch->B; }
int32_t tl_batch_tokens(const tl_batch *batch) { return batch->T; }
int32_t tl_batch_longest(const tl_batch *batch) { return batch->S; }
