/* What the batch's sequences are to be told apart by: class numbers, or float targets. */
#include <string.h>

#include "base/context_internal.h"
#include "data/batch_internal.h"

tl_status tl_batch_set_labels(tl_batch *batch, const int32_t *labels, int32_t n) {
  if (n != batch->B || n < 1)
    return tl_fail(batch->context, TL_ERR_ARGUMENT, "%d labels for a batch of %d sequences", (int)n,
                   (int)batch->B);
  void *memory = batch->labels;
  tl_status status = tl_memory_grow(batch->context, &memory, &batch->labels_capacity, (size_t)n,
                                    sizeof *batch->labels, "a batch's labels");
  batch->labels = memory;
  if (status != TL_OK)
    return status;
  memcpy(batch->labels, labels, (size_t)n * sizeof *labels);
  batch->label_kind = TL_LABELS_CLASS;
  return TL_OK;
}

tl_status tl_batch_set_targets(tl_batch *batch, const float *targets, int32_t B, int32_t K) {
  if (B != batch->B || B < 1 || K < 1)
    return tl_fail(batch->context, TL_ERR_ARGUMENT, "%d × %d targets for a batch of %d sequences", (int)B,
                   (int)K, (int)batch->B);
  if (B > INT32_MAX / K)
    return tl_fail(batch->context, TL_ERR_ARGUMENT, "%d × %d targets are more than a batch can hold", (int)B,
                   (int)K);
  size_t count = (size_t)B * (size_t)K;
  void *memory = batch->targets;
  tl_status status = tl_memory_grow(batch->context, &memory, &batch->targets_capacity, count,
                                    sizeof *batch->targets, "a batch's targets");
  batch->targets = memory;
  if (status != TL_OK)
    return status;
  memcpy(batch->targets, targets, count * sizeof *targets);
  batch->K = K;
  batch->label_kind = TL_LABELS_TARGETS;
  return TL_OK;
}
