/* torch.nn.utils.clip_grad_norm_ over the gradient block. Only the norm is computed here: the scaling waits
 * for whoever reads the gradients next, which in training is the optimizer. */
#include <math.h>

#include "base/context_internal.h"
#include "kernels/row_set.h"
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

/* Σ of a table's squares: row by row, so that rows which are zero may be left out without changing a bit. */
static double sum_table(tl_model *model, const tl_span *table, const uint32_t *touched) {
  tl_pool *pool = tl_context_pool(model->context);
  const float *gradient = model->gradients.block + table->gradient;
  const size_t columns = (size_t)table->shape[1];
  double sum = 0.0;
  for (size_t row = 0; row < (size_t)table->shape[0]; ++row)
    if (row_set_has(touched, row))
      sum += sum_squares(pool, gradient + row * columns, columns);
  return sum;
}

/* Σ of the squares of spans first … end - 1, as they lie in the block: one table, or neighbours that are none
 * and are summed as one. */
static double sum_spans(tl_model *model, int32_t first, int32_t end) {
  const tl_span *span = &model->spans[first];
  const uint32_t *touched = tl_gradients_touched(model, first);
  if (touched != NULL)
    return sum_table(model, span, touched);
  const tl_span *last = &model->spans[end - 1];
  return sum_squares(tl_context_pool(model->context), model->gradients.block + span->gradient,
                     last->gradient + last->size - span->gradient);
}

/* Σ of the squares of all trainable gradients. */
static double sum_trainable(tl_model *model) {
  double sum = 0.0;
  for (int32_t first = 0, end; first < model->at.count; first = end) {
    end = first + 1;
    if (!model->spans[first].trainable)
      continue;
    while (first >= tl_table_count(model) && end < model->at.count && model->spans[end].trainable)
      ++end;
    sum += sum_spans(model, first, end);
  }
  return sum;
}

static tl_status fail_not_finite(tl_model *model) {
  for (int32_t i = 0; i < model->at.count; ++i)
    if (model->spans[i].trainable && !isfinite(sum_spans(model, i, i + 1)))
      return tl_fail(model->context, TL_ERR_NUMERIC,
                     "the gradient of %s is not finite: the loss has diverged; try a lower learning rate",
                     model->spans[i].name);
  return tl_fail(model->context, TL_ERR_NUMERIC, "the gradients' norm is not finite");
}

tl_status tl_clip_grad_norm(tl_model *model, float max_norm, float *norm) {
  tl_gradients_settle(model);
  const tl_status status = tl_gradients_lay_out(model);
  if (status != TL_OK)
    return status;
  const double sum = sum_trainable(model);
  if (!isfinite(sum))
    return fail_not_finite(model);
  const float total = (float)sqrt(sum);
  *norm = total;
  if (!(max_norm > 0.0f))
    return TL_OK;
  const float coefficient =
      1.0f / (total + 1e-6f) * max_norm; /* torch's max_norm / tensor is a reciprocal and a product */
  if (coefficient < 1.0f)
    tl_gradients_scale(model, coefficient);
  return TL_OK;
}
