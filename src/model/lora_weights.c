/* An adapter's weights at their start, and merged into the matrix at their end. */
#include <math.h>

#include "base/generator_internal.h"
#include "kernels/pointwise.h"
#include "model/lora.h"

/* nn.Linear's own initialisation, kaiming_uniform_(a=√5), with its operations in their order: the bound
 * decides a float's last bit. */
static void draw_linear(tl_generator *generator, const tl_span *span, float *out) {
  double gain = sqrt(2.0 / (1.0 + sqrt(5.0) * sqrt(5.0)));
  double bound = sqrt(3.0) * (gain / sqrt((double)span->shape[1]));
  tl_generator_uniform(generator, (float)-bound, (float)bound, span->size, out);
}

void tl_lora_init(tl_model *model, int32_t adapter, tl_generator *generator) {
  const tl_span *a = &model->spans[adapter];
  const tl_span *b = a + 1;
  draw_linear(generator, a, model->weights + a->offset);
  draw_linear(generator, b, model->weights + b->offset);
  draw_linear(generator, a, model->weights + a->offset);
  tlk_zero(tl_context_pool(model->context), model->weights + b->offset, b->size);
}

void tl_lora_merged(const tl_model *model, int32_t span, size_t begin, size_t end, float *out) {
  const tl_span *matrix = &model->spans[span];
  size_t in = (size_t)matrix->shape[1];
  size_t r = (size_t)model->config.adapters.r;
  float scaling = model->config.adapters.scaling;
  const float *w = model->weights + matrix->offset;
  const float *a = tl_span_weights(model, matrix->adapter);
  const float *b = tl_span_weights(model, matrix->adapter + 1);
  for (size_t i = begin; i < end; i++) {
    const float *row = b + i / in * r;
    const float *column = a + i % in;
    float sum = 0.0f;
    for (size_t k = 0; k < r; k++)
      sum += row[k] * column[k * in];
    out[i - begin] = w[i] + scaling * sum;
  }
}
