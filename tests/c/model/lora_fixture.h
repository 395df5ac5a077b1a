/* Adapters for the model's tests: those of a golden case, and plain ones on a tiny model. */
#ifndef TL_TEST_LORA_FIXTURE_H
#define TL_TEST_LORA_FIXTURE_H

#include <math.h>

#include "model/golden_case.h"
#include "tunelab/lora.h"

enum { MOST_ADAPTED = 16 };

/* The span of a weight by its adapter's name, "<module>.lora_A.default.weight"; -1 if there is none. */
static inline int32_t adapted_span(const tl_model *model, const char *adapter) {
  char name[TL_SPAN_NAME_SIZE];
  const char *leaf = strstr(adapter, ".lora_A.");
  if (leaf == NULL)
    return -1;
  snprintf(name, sizeof name, "%.*s.weight", (int)(leaf - adapter), adapter);
  return tl_model_find_span(model, name);
}

/* The span of any name, adapters included; -1 if there is none. */
static inline int32_t span_named(const tl_model *model, const char *name) {
  for (int32_t i = 0; i < model->at.count; i++) {
    if (strcmp(model->spans[i].name, name) == 0)
      return i;
  }
  return -1;
}

static inline void freeze_all(tl_model *model) {
  for (int32_t i = 0; i < model->at.count; i++)
    CHECK_EQ_INT(tl_model_set_trainable(model, i, false), TL_OK);
}

/* Freezes the model but for the golden's trainable parameters and adds the golden's adapters, drawn from its
 * seed; *next: the generator's next draw. */
static inline bool golden_add_lora(golden_case *c, int64_t *next) {
  const tl_json_value *root = tl_json_root(c->json);
  const tl_json_value *lora = tl_json_get(root, "lora");
  double r = tl_json_number(tl_json_get(lora, "r"), (double)NAN);
  double alpha = tl_json_number(tl_json_get(lora, "lora_alpha"), (double)NAN);
  bool root_scaled = tl_json_get(lora, "use_rslora") != NULL;
  int32_t spans[MOST_ADAPTED], count = 0;
  freeze_all(c->model);
  for (const tl_json_value *item = tl_json_first(tl_json_get(root, "adapters")); item != NULL;
       item = tl_json_next(tl_json_next(item)))
    spans[count++] = adapted_span(c->model, tl_json_string(item, ""));
  tl_generator *generator = NULL;
  uint64_t seed = (uint64_t)tl_json_number(tl_json_get(root, "seed"), 0.0);
  if (tl_generator_create(c->context, seed, &generator) != TL_OK)
    return false;
  tl_status status = tl_model_add_lora(c->model, (int32_t)r, alpha / (root_scaled ? sqrt(r) : r), 0.0, spans,
                                       count, generator);
  *next = tl_generator_random_int64(generator);
  tl_generator_free(generator);
  if (status != TL_OK)
    printf("  %s\n", tl_context_error(c->context));
  for (const tl_json_value *item = tl_json_first(tl_json_get(root, "trainable")); item != NULL;
       item = tl_json_next(item))
    CHECK_EQ_INT(tl_model_set_trainable(c->model, span_named(c->model, tl_json_string(item, "")), true),
                 TL_OK);
  return status == TL_OK;
}

/* The golden's tensor "<prefix><a span's name>", to be freed. */
static inline float *golden_of_span(const golden_case *c, const char *prefix, int32_t span) {
  char name[2 * TL_SPAN_NAME_SIZE];
  snprintf(name, sizeof name, "%s%s", prefix, c->model->spans[span].name);
  return tensor_copy(&c->tensors, name);
}

/* Gives the adapters the golden's weights from before its first step. */
static inline bool golden_start_lora(golden_case *c) {
  for (int32_t i = c->model->at.adapters; i < c->model->at.count; i++) {
    float *values = golden_of_span(c, "start.", i);
    if (values == NULL)
      return false;
    memcpy(c->model->weights + c->model->spans[i].offset, values, c->model->spans[i].size * sizeof *values);
    free(values);
  }
  return true;
}

/* Adapters of rank 2 on query, value and attention's output of every layer with weights of its own, with
 * noise in A and B; all else but the classifier is frozen. */
static inline bool add_noisy_lora(tl_model *model, double dropout) {
  int32_t spans[MOST_ADAPTED], count = 0;
  freeze_all(model);
  for (int32_t layer = 0, next = 0; layer < model->config.L; layer++) {
    if (tl_config_layer_set(&model->config, layer) < next)
      continue; /* has an adapted layer's weights */
    next++;
    spans[count++] = tl_layer_span(model, layer, TL_PART_QUERY_WEIGHT);
    if (tl_layer_span(model, layer, TL_PART_VALUE_WEIGHT) >= 0) /* else it is part of the query's matrix */
      spans[count++] = tl_layer_span(model, layer, TL_PART_VALUE_WEIGHT);
    spans[count++] = tl_layer_span(model, layer, TL_PART_ATTENTION_WEIGHT);
  }
  tl_generator *generator = NULL;
  if (tl_generator_create(model->context, 3, &generator) != TL_OK)
    return false;
  tl_status status = tl_model_add_lora(model, 2, 1.5, dropout, spans, count, generator);
  if (status == TL_OK) {
    const tl_span *first = &model->spans[model->at.adapters];
    tl_generator_normal(generator, 0.0f, 0.3f, model->parameters - first->offset,
                        model->weights + first->offset);
    status = tl_model_set_trainable(model, model->at.classifier, true);
  }
  tl_generator_free(generator);
  return status == TL_OK;
}

#endif
