/* The padded view of a batch, as the course shows it; the model itself never pads. */
#include "base/context_internal.h"
#include "data/batch_internal.h"

tl_status tl_batch_pad(const tl_batch *batch, tl_field field, int32_t width, int32_t pad_value,
                       int32_t *out) {
  if (width < batch->S)
    return tl_fail(batch->context, TL_ERR_ARGUMENT, "a width of %d is below the batch's longest sequence, %d",
                   (int)width, (int)batch->S);
  const int32_t *values = NULL;
  switch (field) {
  case TL_INPUT_IDS:
    values = batch->ids;
    break;
  case TL_TOKEN_TYPE_IDS:
    values = batch->types;
    break;
  case TL_ATTENTION_MASK:
    pad_value = 0;
    break;
  default:
    return tl_fail(batch->context, TL_ERR_ARGUMENT, "a batch has no field number %d", (int)field);
  }
  size_t cells = (size_t)batch->B * (size_t)width;
  for (size_t i = 0; i < cells; i++)
    out[i] = pad_value;
  for (int32_t b = 0; b < batch->B; b++) {
    int32_t *row = out + (size_t)b * (size_t)width;
    for (int32_t t = batch->offsets[b]; t < batch->offsets[b + 1]; t++)
      row[batch->positions[t]] = values != NULL ? values[t] : 1;
  }
  return TL_OK;
}
