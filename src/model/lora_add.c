/* Adapters come and go: the span table and the blocks grow by theirs, and shrink again when they are merged.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "model/lora.h"
#include "tunelab/lora.h"

/* What add_lora allocates before anything of the model changes. */
typedef struct larger {
  tl_span *spans;
  const tl_span **by_name;
  float *weights; /* NULL: the adapters fit behind the weights where they are */
  size_t parameters;
} larger;

/* The projection whose weight a span is; TL_PROJECTIONS if it is no such weight. */
static tl_projection projection_of(const tl_model *model, int32_t span) {
  for (int32_t layer = 0; layer < model->config.L; layer++) {
    for (tl_projection p = 0; p < TL_PROJECTIONS; p++) {
      if (tl_projection_span(model, layer, p) == span)
        return p;
    }
  }
  return TL_PROJECTIONS;
}

static tl_status check_spans(const tl_model *model, const int32_t *spans, int32_t count) {
  tl_context *context = model->context;
  if (count < 1)
    return tl_fail(context, TL_ERR_ARGUMENT, "LoRA needs at least one matrix to adapt");
  for (int32_t i = 0; i < count; i++) {
    if (spans[i] < 0 || spans[i] >= model->at.count)
      return tl_fail(context, TL_ERR_ARGUMENT, "span %d is outside the model's %d spans", (int)spans[i],
                     (int)model->at.count);
    if (projection_of(model, spans[i]) == TL_PROJECTIONS)
      return tl_fail(context, TL_ERR_ARGUMENT,
                     "LoRA adapts the weights of query, key, value and attention's output, not %s",
                     model->spans[spans[i]].name);
    for (int32_t j = 0; j < i; j++) {
      if (spans[j] == spans[i])
        return tl_fail(context, TL_ERR_ARGUMENT, "LoRA: %s is named twice", model->spans[spans[i]].name);
    }
  }
  return TL_OK;
}

/* Written so that NaN fails. */
static tl_status check_numbers(const tl_model *model, int32_t r, double scaling, double dropout) {
  tl_context *context = model->context;
  if (model->config.adapters.r > 0)
    return tl_fail(context, TL_ERR_ARGUMENT, "the model has LoRA adapters already; merge them first");
  if (r < 1)
    return tl_fail(context, TL_ERR_ARGUMENT, "LoRA: r must be 1 or more, but is %d", (int)r);
  if (!isfinite(scaling))
    return tl_fail(context, TL_ERR_ARGUMENT, "LoRA: the scaling must be a number, but is %g", scaling);
  if (!(dropout >= 0.0 && dropout <= 1.0))
    return tl_fail(context, TL_ERR_ARGUMENT, "LoRA: the dropout must be in 0..1, but is %g", dropout);
  return TL_OK;
}

static void free_larger(tl_context *context, larger *blocks) {
  tl_memory_free(context, blocks->spans);
  tl_memory_free(context, blocks->by_name);
  tl_memory_free(context, blocks->weights);
}

/* Room for the adapters of `count` matrices beside what the model has. */
static tl_status allocate_larger(const tl_model *model, int32_t r, const int32_t *matrices, int32_t count,
                                 larger *out) {
  tl_context *context = model->context;
  uint64_t added = 0;
  for (int32_t i = 0; i < count; i++) {
    const tl_span *matrix = &model->spans[matrices[i]];
    added += (uint64_t)r * ((uint64_t)matrix->shape[0] + (uint64_t)matrix->shape[1]);
  }
  uint64_t parameters = model->parameters + added;
  double bytes = (double)parameters * (double)sizeof(float);
  if (parameters > SIZE_MAX / sizeof(float))
    return tl_fail_memory(context, "the weights with adapters", bytes);
  size_t spans = (size_t)model->at.count + 2 * (size_t)count;
  bool fits = parameters <= model->weights_capacity;
  *out = (larger){
      .spans = tl_memory_alloc(context, spans, sizeof *out->spans),
      .by_name = tl_memory_alloc(context, (size_t)model->at.count, sizeof *out->by_name),
      .weights = fits ? NULL : tl_memory_alloc(context, (size_t)parameters, sizeof *out->weights),
      .parameters = (size_t)parameters,
  };
  if (out->spans != NULL && out->by_name != NULL && (fits || out->weights != NULL))
    return TL_OK;
  free_larger(context, out);
  return tl_fail_memory(context, "the weights with adapters", bytes);
}

/* "<module>.weight" becomes "<module>.<leaf>". */
static void name_adapter(char name[TL_SPAN_NAME_SIZE], const char *weight, const char *leaf) {
  size_t module = strlen(weight) - strlen(".weight");
  snprintf(name, TL_SPAN_NAME_SIZE, "%.*s.%s", (int)module, weight, leaf);
}

/* Writes the two spans of a matrix's adapter, which begin at `offset`. */
static void write_adapter(const tl_span *matrix, int32_t r, size_t offset, tl_span adapter[2]) {
  size_t size = (size_t)r * (size_t)matrix->shape[1];
  const tl_span common = {.rank = 2, .decay = true, .trainable = true, .adapter = -1};
  adapter[0] = adapter[1] = common;
  adapter[0].role = TL_ROLE_LORA_A;
  adapter[0].shape[0] = r;
  adapter[0].shape[1] = matrix->shape[1];
  adapter[0].offset = offset;
  adapter[0].size = size;
  adapter[1].role = TL_ROLE_LORA_B;
  adapter[1].shape[0] = matrix->shape[0];
  adapter[1].shape[1] = r;
  adapter[1].offset = offset + size;
  adapter[1].size = (size_t)matrix->shape[0] * (size_t)r;
  name_adapter(adapter[0].name, matrix->name, "lora_A.default.weight");
  name_adapter(adapter[1].name, matrix->name, "lora_B.default.weight");
}

/* The spans are others now: nothing that was made for the old ones may be used. */
static void forget_layout(tl_model *model) {
  tl_context *context = model->context;
  model->layout++;
  model->run = (tl_run){0};
  tl_gradients_drop(model);
  tl_memory_free(context, model->workspace.block);
  model->workspace = (tl_workspace){.layers = model->workspace.layers};
}

/* Puts the larger blocks in the place of the model's, with the adapters' spans. */
static void adopt(tl_model *model, larger *blocks, int32_t r, const int32_t *spans, int32_t count) {
  int32_t base = model->at.count;
  memcpy(blocks->spans, model->spans, (size_t)base * sizeof *blocks->spans);
  if (blocks->weights != NULL)
    memcpy(blocks->weights, model->weights, model->parameters * sizeof *blocks->weights);
  for (int32_t i = 0; i < base; i++)
    blocks->by_name[i] = blocks->spans + (model->by_name[i] - model->spans);
  size_t offset = model->parameters;
  for (int32_t i = 0; i < count; i++) {
    tl_span *matrix = &blocks->spans[spans[i]];
    tl_span *adapter = &blocks->spans[base + 2 * i];
    write_adapter(matrix, r, offset, adapter);
    matrix->adapter = base + 2 * i;
    model->config.adapters.parts |= 1u << projection_of(model, spans[i]);
    offset += adapter[0].size + adapter[1].size;
  }
  larger old = {.spans = model->spans, .by_name = model->by_name};
  model->spans = blocks->spans;
  model->by_name = blocks->by_name;
  if (blocks->weights != NULL) {
    old.weights = model->weights;
    model->weights = blocks->weights;
    model->weights_capacity = blocks->parameters;
  }
  model->parameters = blocks->parameters;
  model->at.count = base + 2 * count;
  free_larger(model->context, &old);
  forget_layout(model);
}

tl_status tl_model_add_lora(tl_model *model, int32_t r, double scaling, double dropout, const int32_t *spans,
                            int32_t count, tl_generator *generator) {
  larger blocks = {0};
  tl_status status = check_numbers(model, r, scaling, dropout);
  if (status == TL_OK)
    status = check_spans(model, spans, count);
  if (status == TL_OK)
    status = allocate_larger(model, r, spans, count, &blocks);
  if (status != TL_OK)
    return status;
  model->config.adapters = (tl_adapters){.r = r, .scaling = (float)scaling, .dropout = (float)dropout};
  adopt(model, &blocks, r, spans, count);
  for (int32_t a = model->at.adapters; a < model->at.count; a += 2)
    tl_lora_init(model, a, generator);
  return TL_OK;
}

void tl_model_merge_lora(tl_model *model) {
  if (model->config.adapters.r == 0)
    return;
  for (int32_t i = 0; i < model->at.adapters; i++) {
    tl_span *span = &model->spans[i];
    if (span->adapter < 0)
      continue;
    tl_lora_merged(model, i, 0, span->size, model->weights + span->offset);
    span->adapter = -1;
  }
  model->parameters = model->spans[model->at.adapters].offset;
  model->at.count = model->at.adapters;
  model->config.adapters = (tl_adapters){0};
  forget_layout(model);
}

int32_t tl_model_lora_rank(const tl_model *model) { return model->config.adapters.r; }
