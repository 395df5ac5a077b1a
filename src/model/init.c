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

/* A span's start; matrices of truncated draws have theirs later. */
static void init_span(tl_model *model, int32_t index, tl_generator *generator) {
  tl_pool *pool = tl_context_pool(model->context);
  const tl_span *span = &model->spans[index];
  float *weights = model->weights + span->offset;
  switch (span->role) {
  case TL_ROLE_MATRIX:
    if (!model->config.architecture->truncated)
      tl_init_matrix(model, index, generator);
    break;
  case TL_ROLE_BIAS:
    tlk_zero(pool, weights, span->size);
    break;
  case TL_ROLE_NORM_WEIGHT:
    for (size_t j = 0; j < span->size; j++)
      weights[j] = 1.0f;
    break;
  case TL_ROLE_LORA_A:
    tl_lora_init(model, index, generator);
    break;
  case TL_ROLE_LORA_B:
    break;
  }
}

static tl_status init_chosen(tl_model *model, tl_generator *generator, tl_init_choice choice) {
  for (int32_t i = choice.first; i < choice.end; i++) {
    if (tl_init_chooses(model, choice, i))
      init_span(model, i, generator);
  }
  return model->config.architecture->truncated ? tl_init_truncated(model, generator, choice) : TL_OK;
}

/* What torch's constructor of a span's module draws: nn.Embedding normal numbers, nn.Linear uniform ones, its
 * bias too. Their values are of no use, but the generator goes on from there. */
static void draw_constructor(tl_model *model, int32_t index, tl_generator *generator) {
  const tl_span *span = &model->spans[index];
  float *weights = model->weights + span->offset;
  bool table = index < tl_table_count(model) || index == model->at.relative_bias;
  bool norms_bias =
      span->role == TL_ROLE_BIAS && index > 0 && model->spans[index - 1].role == TL_ROLE_NORM_WEIGHT;
  if (table)
    tl_generator_normal(generator, 0.0f, 1.0f, span->size, weights);
  else if (span->role != TL_ROLE_NORM_WEIGHT && !norms_bias)
    tl_generator_uniform(generator, 0.0f, 1.0f, span->size, weights);
}

static void draw_constructors(tl_model *model, tl_generator *generator, int32_t first, int32_t end) {
  for (int32_t i = first; i < end; i++)
    draw_constructor(model, i, generator);
}

/* A whole new model. The base model initialises itself as soon as its modules are made, the head after that;
 * of the two, `architecture` says whose modules are made first. */
static tl_status make_anew(tl_model *model, tl_generator *generator, int32_t head, int32_t end) {
  bool head_first = model->config.architecture->head_made_first;
  if (head_first)
    draw_constructors(model, generator, head, end);
  draw_constructors(model, generator, 0, head);
  tl_status status = init_chosen(model, generator, (tl_init_choice){.end = head});
  if (!head_first)
    draw_constructors(model, generator, head, end);
  return status == TL_OK ? init_chosen(model, generator, (tl_init_choice){.first = head, .end = end})
                         : status;
}

/* What a file lacked, in the order of the class's modules. */
static tl_status fill_missing(tl_model *model, tl_generator *generator, int32_t head, int32_t end) {
  if (!model->config.architecture->head_made_first)
    return init_chosen(model, generator, (tl_init_choice){.end = end, .only_missing = true});
  tl_init_choice made_first = {.first = head, .end = end, .only_missing = true};
  tl_status status = init_chosen(model, generator, made_first);
  return status == TL_OK ? init_chosen(model, generator, (tl_init_choice){.end = head, .only_missing = true})
                         : status;
}

tl_status tl_model_init(tl_model *model, tl_generator *generator, bool only_missing) {
  int32_t head = 0, adapters = model->at.adapters, count = model->at.count;
  while (head < adapters && !model->spans[head].head)
    head++;
  tl_status status = only_missing ? fill_missing(model, generator, head, adapters)
                                  : make_anew(model, generator, head, adapters);
  for (int32_t i = adapters; i < count && status == TL_OK; i++) {
    if (!only_missing || model->spans[i].missing)
      init_span(model, i, generator);
  }
  return status;
}
