/* The model's inside: its blocks, its span table and the state of the last forward. The train layer reads the
 * spans. */
#ifndef TL_MODEL_MODEL_INTERNAL_H
#define TL_MODEL_MODEL_INTERNAL_H

#include "base/json.h"
#include "kernels/dropout.h"
#include "model/config.h"
#include "model/gradients.h"
#include "model/pairs.h"
#include "model/spans.h"
#include "model/workspace.h"
#include "tunelab/model.h"
#include "tunelab/safetensors.h"

/* What the last forward ran on, and what may follow it. */
typedef struct tl_run {
  int32_t B;
  int32_t T;
  tl_pairs pairs;
  int32_t lowest; /* how deep backward may go: see tl_extent */
  bool dropout;   /* masks were drawn */
  uint64_t seed;  /* the masks' seed and counter */
  uint64_t step;
  bool has_loss;
  bool can_backward; /* what backward needs is there and unused */
  float loss;
} tl_run;

/* The pairing of a file's tensors with spans, from the last tl_model_match. */
typedef struct tl_match {
  const tl_safetensors *file; /* compared, never followed: the caller may have freed it */
  int32_t *spans;             /* for each tensor of the file its span, or -1 */
  int32_t count;
} tl_match;

struct tl_model {
  tl_context *context;
  tl_config config;
  tl_problem problem; /* the config's, or chosen at the first labels */

  tl_span *spans;
  tl_span_index at;
  const tl_span **by_name; /* the spans that a file holds (not adapters), sorted by name */
  size_t parameters;
  uint32_t layout; /* counts how often the spans became others: what is shaped by them compares it */
  float *weights;
  size_t weights_capacity; /* floats that the block holds; adapters may follow the parameters */
  tl_gradients gradients;

  bool training;
  bool grad_enabled;
  bool checkpointed;
  uint64_t dropout_seed;
  uint64_t dropout_steps; /* training forwards since seeding */

  tl_workspace workspace;
  float *
      logits; /* (B, K) of the last forward; apart from the workspace, so that a failed reserve leaves them */
  int32_t logits_rows; /* B that they have room for */
  tl_run run;

  tl_match match;
  tl_text match_report;
  tl_text description;
  tl_text save_header;
};

/* The table, owned by the model; *count entries. */
const tl_span *tl_model_spans(const tl_model *model, int32_t *count);

/* The index of the span that a file holds under that name, or -1. */
int32_t tl_model_find_span(const tl_model *model, const char *name);

/* The index of a layer's span; -1 if the architecture has no such part. */
static inline int32_t tl_layer_span(const tl_model *model, int32_t layer, tl_layer_part part) {
  int32_t place = model->at.part[part];
  int32_t set = tl_config_layer_set(&model->config, layer);
  return place >= 0 ? model->at.layers + set * model->at.layer_spans + place : -1;
}

/* Whether a layer computes the [CLS] rows alone: the last, where the head reads nothing else. */
static inline bool tl_layer_is_few(const tl_model *model, int32_t layer) {
  return layer == model->config.L - 1 && !tl_config_last_is_full(&model->config);
}

/* The bias that follows a layer norm's or a dense layer's weight; -1 if it has none. */
static inline int32_t tl_bias_after(const tl_model *model, int32_t weight) {
  int32_t next = weight + 1;
  return next < model->at.count && model->spans[next].role == TL_ROLE_BIAS ? next : -1;
}

/* A span's weights; NULL for -1. */
static inline const float *tl_span_weights(const tl_model *model, int32_t span) {
  return span >= 0 ? model->weights + model->spans[span].offset : NULL;
}

/* How many of the first spans are embedding tables: no more than TL_TABLES. */
static inline int32_t tl_table_count(const tl_model *model) { return model->at.embedding_norm; }

/* Where a span's gradient is added up; NULL if the span is frozen, or -1. Of a table, only the touched rows
 * (gradients.h). */
static inline float *tl_span_gradient(const tl_model *model, int32_t span) {
  bool trained = span >= 0 && model->spans[span].trainable;
  return trained ? model->gradients.block + model->spans[span].gradient : NULL;
}

/* The lowest layer with a trainable span: -1 for the embeddings, L if nothing below the head is trainable. */
int32_t tl_model_lowest_trainable(const tl_model *model);

/* Whether something of a layer, its second layer norm left aside, is trained: that alone is no reason for
 * backward to go through the rest. */
bool tl_layer_learns_inside(const tl_model *model, int32_t layer);

/* What such batches need as the model stands; `keep`: to run backward too. */
tl_extent tl_model_extent(const tl_model *model, int32_t B, int32_t T, int32_t S, bool keep);

/* Lays the workspace out for an extent unless it is so already; takes a larger block only if it must. */
tl_status tl_model_reserve_extent(tl_model *model, tl_extent extent);

#endif
