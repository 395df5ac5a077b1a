/* Fresh weights of encoders that draw them from truncated normal distributions (ModernBERT). */
#include <math.h>

#include "model/init.h"

/* Draws a matrix from the normal distribution, and then again all those of its numbers that lie farther out
 * than the cutoff, until none does: torch's trunc_normal_, which draws as many numbers for each round as the
 * matrix has. */
static tl_status draw_truncated(tl_model *model, int32_t index, double std, tl_generator *generator) {
  const tl_span *span = &model->spans[index];
  float *weights = model->weights + span->offset;
  float limit = (float)(model->config.initializer_cutoff * std);
  float *again = tl_memory_alloc(model->context, span->size, sizeof *again);
  if (again == NULL)
    return tl_fail_memory(model->context, "drawing weights", (double)span->size * (double)sizeof *again);
  tl_generator_normal(generator, 0.0f, (float)std, span->size, weights);
  for (bool outside = limit > 0.0f; outside;) {
    outside = false;
    for (size_t i = 0; i < span->size && !outside; i++)
      outside = fabsf(weights[i]) > limit;
    if (!outside)
      break;
    tl_generator_normal(generator, 0.0f, (float)std, span->size, again);
    for (size_t i = 0; i < span->size; i++)
      weights[i] = fabsf(weights[i]) > limit ? again[i] : weights[i];
  }
  tl_memory_free(model->context, again);
  return TL_OK;
}

/* The matrices of one of transformers' modules: each is drawn as any dense layer or table is when its own
 * turn comes, and once more when that of the module around them does. */
static tl_status draw_module(tl_model *model, const int32_t *matrices, const double *stds, int32_t count,
                             tl_generator *generator, tl_init_choice choice) {
  tl_status status = TL_OK;
  for (int32_t i = 0; i < count; i++) {
    if (tl_init_chooses(model, choice, matrices[i]))
      tl_init_matrix(model, matrices[i], generator);
  }
  for (int32_t i = 0; i < count && status == TL_OK; i++) {
    if (tl_init_chooses(model, choice, matrices[i]))
      status = draw_truncated(model, matrices[i], stds[i], generator);
  }
  return status;
}

static tl_status draw_layer(tl_model *model, int32_t layer, double in, double out, tl_generator *generator,
                            tl_init_choice choice) {
  const double stds[] = {in, out};
  const int32_t attention[] = {tl_layer_span(model, layer, TL_PART_QUERY_WEIGHT),
                               tl_layer_span(model, layer, TL_PART_ATTENTION_WEIGHT)};
  const int32_t feed_forward[] = {tl_layer_span(model, layer, TL_PART_INTERMEDIATE_WEIGHT),
                                  tl_layer_span(model, layer, TL_PART_OUTPUT_WEIGHT)};
  tl_status status = draw_module(model, attention, stds, 2, generator, choice);
  return status == TL_OK ? draw_module(model, feed_forward, stds, 2, generator, choice) : status;
}

tl_status tl_init_truncated(tl_model *model, tl_generator *generator, tl_init_choice choice) {
  const tl_config *config = &model->config;
  double in = config->initializer_range, out = in / sqrt(2.0 * (double)config->L);
  double final = 1.0 / sqrt((double)config->C);
  tl_status status = draw_module(model, &model->at.word, &in, 1, generator, choice);
  for (int32_t layer = 0; layer < config->L && status == TL_OK; layer++)
    status = draw_layer(model, layer, in, out, generator, choice);
  if (status == TL_OK)
    status = draw_module(model, &model->at.pooler, &out, 1, generator, choice);
  if (status == TL_OK)
    status = draw_module(model, &model->at.classifier, &final, 1, generator, choice);
  return status;
}
