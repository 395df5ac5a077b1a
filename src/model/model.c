/* The model's life: made from config.json with its blocks, asked about them, freed. */
#include <stdlib.h>
#include <string.h>

#include "model/model_internal.h"

static int compare_span_names(const void *a, const void *b) {
  return strcmp((*(const tl_span *const *)a)->name, (*(const tl_span *const *)b)->name);
}

/* Allocates and fills the span table and its index by name. */
static tl_status create_spans(tl_model *model) {
  tl_context *context = model->context;
  model->parameters = tl_spans_build(&model->config, NULL, &model->at);
  size_t count = (size_t)model->at.count;
  model->spans = tl_memory_alloc(context, count, sizeof *model->spans);
  model->by_name = tl_memory_alloc(context, count, sizeof *model->by_name);
  if (model->spans == NULL || model->by_name == NULL)
    return tl_fail_memory(context, "the model's table of weights",
                          (double)count * (double)sizeof *model->spans);
  tl_spans_build(&model->config, model->spans, &model->at);
  for (size_t i = 0; i < count; i++)
    model->by_name[i] = &model->spans[i];
  qsort(model->by_name, count, sizeof *model->by_name, compare_span_names);
  return TL_OK;
}

/* The bytes of one block, counted in double: it may pass what size_t holds. */
static double block_bytes(const tl_model *model) {
  double floats = 0.0;
  for (int32_t i = 0; i < model->at.count; i++)
    floats += (double)model->spans[i].shape[0] * (double)model->spans[i].shape[1];
  return floats * (double)sizeof(float);
}

/* Floats of the weights' block: the parameters, and behind them LoRA's usual adapters (rank 16 on two
 * projections of each layer with weights of its own, or 8 on all four), so that adding them moves nothing. A
 * second block would leave a hole where the first was, and WebAssembly memory never shrinks. */
static size_t weights_capacity(const tl_model *model) {
  enum { ADAPTER_ROWS = 2 * 2 * 16 };
  size_t layer, room, capacity;
  if (__builtin_mul_overflow((size_t)ADAPTER_ROWS, (size_t)model->config.C, &layer) ||
      __builtin_mul_overflow(layer, (size_t)tl_config_layer_sets(&model->config), &room) ||
      __builtin_add_overflow(model->parameters, room, &capacity))
    return model->parameters;
  return capacity;
}

static tl_status create_blocks(tl_model *model) {
  tl_context *context = model->context;
  size_t L = (size_t)model->config.L;
  model->workspace.layers = tl_memory_alloc(context, L, sizeof *model->workspace.layers);
  if (model->workspace.layers == NULL)
    return tl_fail_memory(context, "the model's layers", (double)L * (double)sizeof *model->workspace.layers);
  model->weights_capacity = weights_capacity(model);
  if (model->parameters > 0)
    model->weights = tl_memory_alloc(context, model->weights_capacity, sizeof *model->weights);
  if (model->weights == NULL)
    return tl_fail_memory(context, "the model's weights", block_bytes(model));
  return TL_OK;
}

tl_status tl_model_create(tl_context *context, const uint8_t *config_json, size_t size, tl_model **out) {
  tl_config config;
  tl_status status = tl_config_read(context, config_json, size, &config);
  if (status != TL_OK)
    return status;
  tl_model *model = tl_memory_alloc(context, 1, sizeof *model);
  if (model == NULL)
    return tl_fail_memory(context, "a model", (double)sizeof *model);
  model->context = context;
  model->config = config;
  model->problem = config.problem;
  model->grad_enabled = true;
  tl_text_init(&model->match_report, context);
  tl_text_init(&model->description, context);
  tl_text_init(&model->save_header, context);
  status = create_spans(model);
  if (status == TL_OK)
    status = tl_gradients_create(model);
  if (status == TL_OK)
    status = create_blocks(model);
  if (status != TL_OK) {
    tl_model_free(model);
    return status;
  }
  *out = model;
  return TL_OK;
}

void tl_model_free(tl_model *model) {
  if (model == NULL)
    return;
  tl_context *context = model->context;
  tl_text_free(&model->match_report);
  tl_text_free(&model->description);
  tl_text_free(&model->save_header);
  tl_memory_free(context, model->match.spans);
  tl_memory_free(context, model->logits);
  tl_memory_free(context, model->workspace.block);
  tl_memory_free(context, model->workspace.layers);
  tl_gradients_free(model);
  tl_memory_free(context, model->weights);
  tl_memory_free(context, model->by_name);
  tl_memory_free(context, model->spans);
  tl_memory_free(context, model);
}

const tl_span *tl_model_spans(const tl_model *model, int32_t *count) {
  *count = model->at.count;
  return model->spans;
}

static int compare_name(const void *name, const void *span) {
  return strcmp(name, (*(const tl_span *const *)span)->name);
}

int32_t tl_model_find_span(const tl_model *model, const char *name) {
  const tl_span **found =
      bsearch(name, model->by_name, (size_t)model->at.adapters, sizeof *model->by_name, compare_name);
  return found != NULL ? (int32_t)(*found - model->spans) : -1;
}

float *tl_model_weights(tl_model *model) { return model->weights; }
size_t tl_model_parameter_count(const tl_model *model) { return model->parameters; }
int32_t tl_model_span_count(const tl_model *model) { return model->at.count; }

tl_status tl_model_set_trainable(tl_model *model, int32_t span, bool trainable) {
  if (span < 0 || span >= model->at.count)
    return tl_fail(model->context, TL_ERR_ARGUMENT, "span %d is outside the model's %d spans", (int)span,
                   (int)model->at.count);
  if (model->spans[span].trainable == trainable)
    return TL_OK;
  tl_gradients_settle(model); /* what was put off was meant for the spans trainable until now */
  if (!trainable)
    tl_gradients_drop_span(model, span);
  model->gradients.current = false;
  model->spans[span].trainable = trainable;
  return TL_OK;
}

/* Whether a span or its adapter is trained. */
static bool learns(const tl_model *model, const tl_span *span) {
  bool adapted = span->adapter >= 0 &&
                 (model->spans[span->adapter].trainable || model->spans[span->adapter + 1].trainable);
  return span->trainable || adapted;
}

/* Whether one of `count` spans from `first` on is trained. */
static bool any_learns(const tl_model *model, int32_t first, int32_t count) {
  for (int32_t span = first; span < first + count; span++)
    if (learns(model, &model->spans[span]))
      return true;
  return false;
}

static bool layer_learns(const tl_model *model, int32_t layer) {
  int32_t set = tl_config_layer_set(&model->config, layer);
  return any_learns(model, model->at.layers + set * model->at.layer_spans, model->at.layer_spans);
}

bool tl_layer_learns_inside(const tl_model *model, int32_t layer) {
  int32_t first = tl_layer_span(model, layer, TL_PART_QUERY_WEIGHT);
  return any_learns(model, first, tl_layer_span(model, layer, TL_PART_OUTPUT_NORM_WEIGHT) - first);
}

int32_t tl_model_lowest_trainable(const tl_model *model) {
  if (any_learns(model, 0, model->at.layers))
    return -1;
  if (tl_model_trainable(model, model->at.relative_bias))
    return 0; /* all layers add to the gradient of what they share */
  int32_t layer = 0;
  while (layer < model->config.L && !layer_learns(model, layer))
    layer++;
  return layer;
}

bool tl_model_trainable(const tl_model *model, int32_t span) {
  return span >= 0 && span < model->at.count && model->spans[span].trainable;
}

void tl_model_set_training(tl_model *model, bool training) { model->training = training; }
bool tl_model_training(const tl_model *model) { return model->training; }

void tl_model_set_grad_enabled(tl_model *model, bool enabled) { model->grad_enabled = enabled; }
bool tl_model_grad_enabled(const tl_model *model) { return model->grad_enabled; }

void tl_model_seed_dropout(tl_model *model, uint64_t seed) {
  model->dropout_seed = seed;
  model->dropout_steps = 0;
}

void tl_model_zero_grad(tl_model *model) { tl_gradients_zero(model); }
