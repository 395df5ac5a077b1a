/* Fresh weights as transformers initialises them, drawing in the order of its modules, which is that of the
 * spans. */
#include <math.h>

#include "kernels/pointwise.h"
#include "model/init.h"
#include "model/lora.h"

/* DistilBERT's fixed start for positions (create_sinusoidal_embeddings): sines in even columns, cosines in
 * odd ones. */
static void fill_sinusoids(const tl_config *config, float *table) {
  for (int32_t p = 0; p < config->P; p++) {
    for (int32_t c = 0; c < config->E; c++) {
      int32_t pair = c / 2; /* a sine and a cosine of one frequency */
      double angle = (double)p / pow(10000.0, 2.0 * (double)pair / (double)config->E);
      table[(size_t)p * (size_t)config->E + (size_t)c] = (float)(c % 2 == 0 ? sin(angle) : cos(angle));
    }
  }
}

/* Row `row` of a table becomes zero; -1: none does. */
static void zero_row(tl_model *model, int32_t table, int32_t row) {
  const tl_span *span = &model->spans[table];
  size_t columns = (size_t)span->shape[1];
  if (row >= 0)
    tlk_zero(tl_context_pool(model->context), model->weights + span->offset + (size_t)row * columns, columns);
}

void tl_init_matrix(tl_model *model, int32_t index, tl_generator *generator) {
  const tl_config *config = &model->config;
  const tl_span *span = &model->spans[index];
  float *weights = model->weights + span->offset;
  tl_generator_normal(generator, 0.0f, (float)config->initializer_range, span->size, weights);
  if (index == model->at.word)
    zero_row(model, index, config->pad);
  if (index == model->at.position)
    zero_row(model, index, tl_config_position_padding(config));
  if (index == model->at.position && config->sinusoidal)
    fill_sinusoids(config, weights); /* after the draw, which transformers makes and discards too */
}

tl_status tl_model_init(tl_model *model, tl_generator *generator, bool only_missing) {
  tl_pool *pool = tl_context_pool(model->context);
  bool truncated = model->config.architecture->truncated;
  for (int32_t i = 0; i < model->at.count; i++) {
    const tl_span *span = &model->spans[i];
    if (only_missing && !span->missing)
      continue;
    float *weights = model->weights + span->offset;
    switch (span->role) {
    case TL_ROLE_MATRIX:
      if (!truncated)
        tl_init_matrix(model, i, generator);
      break;
    case TL_ROLE_BIAS:
      tlk_zero(pool, weights, span->size);
      break;
    case TL_ROLE_NORM_WEIGHT:
      for (size_t j = 0; j < span->size; j++)
        weights[j] = 1.0f;
      break;
    case TL_ROLE_LORA_A:
      tl_lora_init(model, i, generator);
      break;
    case TL_ROLE_LORA_B:
      break;
    }
  }
  return truncated ? tl_init_truncated(model, generator, only_missing) : TL_OK;
}
