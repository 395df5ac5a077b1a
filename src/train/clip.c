/* torch.nn.utils.clip_grad_norm_ over the gradient block. */
#include <math.h>

#include "base/context_internal.h"
#include "kernels/pointwise.h"
#include "kernels/update.h"
#include "model/model_internal.h"
#include "tunelab/train.h"

/* The sums of a piece's chunks lie on the stack, because nothing may allocate in a step. */
enum { PARTIALS = 512 };

/* The most floats whose chunks fit there. It depends on the kernel alone, never on threads. */
static size_t piece_size(void) {
  size_t size = (size_t)1 << 24;
  while (tlk_sum_squares_partials(size) > PARTIALS)
    size /= 2;
  return size;
}

static double sum_squares(tl_pool *pool, const float *x, size_t n) {
  double partials[PARTIALS];
  const size_t piece = piece_size();
  double sum = 0.0;
  for (size_t at = 0; at < n; at += piece)
    sum += tlk_sum_squares(pool, x + at, n - at < piece ? n - at : piece, partials);
  return sum;
}

/* The next run of trainable spans from *span on, as floats of the blocks; false when there is none. Moves
 * *span past it. */
static bool next_trainable(const tl_span *spans, int32_t count, int32_t *span, size_t *offset, size_t *size) {
  while (*span < count && !spans[*span].trainable)
    ++*span;
  if (*span == count)
    return false;
  *offset = spans[*span].offset;
  *size = 0;
  while (*span < count && spans[*span].trainable)
    *size += spans[(*span)++].size;
  return true;
}

static tl_status fail_not_finite(tl_model *model, const tl_span *spans, int32_t count) {
  tl_pool *pool = tl_context_pool(model->context);
  for (int32_t i = 0; i < count; ++i)
    if (spans[i].trainable &&
        !isfinite(sum_squares(pool, tl_model_gradients(model) + spans[i].offset, spans[i].size)))
      return tl_fail(model->context, TL_ERR_NUMERIC,
                     "the gradient of %s is not finite: the loss has diverged; try a lower learning rate",
                     spans[i].name);
  return tl_fail(model->context, TL_ERR_NUMERIC, "the gradients' norm is not finite");
}

tl_status tl_clip_grad_norm(tl_model *model, float max_norm, float *norm) {
  tl_pool *pool = tl_context_pool(model->context);
  float *gradients = tl_model_gradients(model);
  int32_t count;
  const tl_span *spans = tl_model_spans(model, &count);
  size_t offset, size;
  double sum = 0.0;
  for (int32_t span = 0; next_trainable(spans, count, &span, &offset, &size);)
    sum += sum_squares(pool, gradients + offset, size);
  if (!isfinite(sum))
    return fail_not_finite(model, spans, count);
  const float total = (float)sqrt(sum);
  *norm = total;
  if (!(max_norm > 0.0f))
    return TL_OK;
  const float coefficient =
      1.0f / (total + 1e-6f) * max_norm; /* torch's max_norm / tensor is a reciprocal and a product */
  if (coefficient < 1.0f)
    for (int32_t span = 0; next_trainable(spans, count, &span, &offset, &size);)
      tlk_scale(pool, coefficient, gradients + offset, size);
  return TL_OK;
}
