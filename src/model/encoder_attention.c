/* The attention half of a layer. In the last layer only the [CLS] rows ask, since the head reads nothing
 * else: their queries are projected from a copy of those rows, keys and values from all tokens. */
#include <math.h>
#include <string.h>

#include "kernels/attention.h"
#include "kernels/layer_norm.h"
#include "kernels/pointwise.h"
#include "kernels/relative_bias.h"
#include "model/dense.h"
#include "model/encoder.h"
#include "model/lora.h"

static bool is_last(const tl_model *model, int32_t layer) { return layer == model->config.L - 1; }

static tlk_attention attention_shape(const tl_model *model, int32_t layer) {
  const tl_workspace *w = &model->workspace;
  int32_t site = TL_SITE_LAYERS + layer * TL_LAYER_SITES + TL_LAYER_SITE_PROBABILITIES;
  return (tlk_attention){
      .B = model->run.B,
      .H = model->config.H,
      .D = model->config.D,
      .q_offsets = is_last(model, layer) ? w->cls_offsets : w->offsets,
      .kv_offsets = w->offsets,
      .scale = 1.0f / sqrtf((float)model->config.D),
      .dropout = tl_run_dropout(model, site, model->config.attention_dropout),
      .columns = w->columns,
      .bias = w->bias,
      .reach = w->reach,
  };
}

/* Dropout after attention's dense layer. */
static tlk_dropout output_dropout(const tl_model *model, int32_t layer) {
  int32_t site = TL_SITE_LAYERS + layer * TL_LAYER_SITES + TL_LAYER_SITE_ATTENTION;
  bool dropped = model->config.architecture->attention_output_dropout;
  return tl_run_dropout(model, site, dropped ? model->config.hidden_dropout : 0.0f);
}

/* The [CLS] rows of x, one for each sequence. */
static void gather_cls(const tl_model *model, const float *x, float *rows) {
  size_t C = (size_t)model->config.C;
  for (int32_t b = 0; b < model->run.B; b++)
    memcpy(rows + (size_t)b * C, x + (size_t)model->workspace.offsets[b] * C, C * sizeof *rows);
}

/* Its adjoint: adds each row where gather_cls took it. */
static void scatter_cls(const tl_model *model, const float *rows, float *x) {
  size_t C = (size_t)model->config.C;
  for (int32_t b = 0; b < model->run.B; b++) {
    float *row = x + (size_t)model->workspace.offsets[b] * C;
    for (size_t c = 0; c < C; c++)
      row[c] += rows[(size_t)b * C + c];
  }
}

static void project(tl_model *model, int32_t layer) {
  tl_layer_state *state = &model->workspace.layers[layer];
  int32_t T = model->run.T;
  if (is_last(model, layer)) {
    gather_cls(model, state->x, state->x_rows);
    tl_dense_forward(model, tl_dense_projection(model, layer, 0, 1), model->run.B, state->x_rows, state->q);
    tl_dense_forward(model, tl_dense_projection(model, layer, 1, 2), T, state->x, state->k);
  } else {
    tl_dense_forward(model, tl_dense_projection(model, layer, 0, 3), T, state->x, state->q);
  }
  tl_lora_forward(model, layer, TL_PROJECTION_QUERY, tl_layer_rows(model, layer), state->x_rows, state->q,
                  state->ldq);
  tl_lora_forward(model, layer, TL_PROJECTION_KEY, T, state->x, state->k, state->ldkv);
  tl_lora_forward(model, layer, TL_PROJECTION_VALUE, T, state->x, state->v, state->ldkv);
}

void tl_attention_block_forward(tl_model *model, int32_t layer) {
  tl_pool *pool = tl_context_pool(model->context);
  tl_workspace *w = &model->workspace;
  tl_layer_state *state = &w->layers[layer];
  int32_t R = tl_layer_rows(model, layer);
  int32_t C = model->config.C;
  int32_t norm = tl_layer_span(model, layer, TL_PART_ATTENTION_NORM_WEIGHT);

  project(model, layer);
  tlk_attention shape = attention_shape(model, layer);
  tlk_attention_forward(pool, &shape, state->q, state->ldq, state->k, state->ldkv, state->v, state->ldkv,
                        state->context, C, state->lse, w->scratch);
  tl_dense_forward(model, tl_dense_at(model, tl_layer_span(model, layer, TL_PART_ATTENTION_WEIGHT)), R,
                   state->context, state->attention_sum);
  tl_lora_forward(model, layer, TL_PROJECTION_OUTPUT, R, state->context, state->attention_sum, C);
  tlk_layer_norm_forward(pool, R, C, state->attention_sum, state->x_rows, output_dropout(model, layer),
                         tl_span_weights(model, norm), tl_span_weights(model, tl_bias_after(model, norm)),
                         model->config.layer_norm_eps, state->attention_sum, state->attention_out,
                         state->attention_mean, state->attention_rstd);
}

/* The adapters' share of what follows: dy takes the gradient of the queries' input, dx that of the keys' and
 * values'. */
static void adapters_backward(tl_model *model, int32_t layer, const float *dq, const float *dk,
                              const float *dv, float *dy, float *dx) {
  const tl_layer_state *state = &model->workspace.layers[layer];
  int32_t T = model->run.T;
  tl_lora_backward(model, layer, TL_PROJECTION_QUERY, tl_layer_rows(model, layer), dq, state->ldq,
                   state->x_rows, dy);
  tl_lora_backward(model, layer, TL_PROJECTION_KEY, T, dk, state->ldkv, state->x, dx);
  tl_lora_backward(model, layer, TL_PROJECTION_VALUE, T, dv, state->ldkv, state->x, dx);
}

/* From the gradients of q, k and v to those of their weights and, if `input`, of x in d_rows: added to dy,
 * the residual's share, which in the last layer is that of the [CLS] rows alone. */
static void project_backward(tl_model *model, int32_t layer, const float *dq, const float *dk,
                             const float *dv, float *dy, bool input) {
  tl_workspace *w = &model->workspace;
  tl_layer_state *state = &w->layers[layer];
  if (!is_last(model, layer)) {
    tl_dense all = tl_dense_projection(model, layer, 0, 3);
    tl_dense_backward_weights(model, all, model->run.T, dq, state->x);
    if (input)
      tl_dense_backward_input(model, all, model->run.T, dq, dy, true);
    adapters_backward(model, layer, dq, dk, dv, input ? dy : NULL, input ? dy : NULL);
    return;
  }
  tl_dense query = tl_dense_projection(model, layer, 0, 1);
  tl_dense key_value = tl_dense_projection(model, layer, 1, 2);
  tl_dense_backward_weights(model, query, model->run.B, dq, state->x_rows);
  tl_dense_backward_weights(model, key_value, model->run.T, dk, state->x);
  if (input) {
    tl_dense_backward_input(model, query, model->run.B, dq, dy, true);
    tl_dense_backward_input(model, key_value, model->run.T, dk, w->d_rows, false);
  }
  adapters_backward(model, layer, dq, dk, dv, input ? dy : NULL, input ? w->d_rows : NULL);
  if (input)
    scatter_cls(model, dy, w->d_rows);
}

void tl_attention_block_backward(tl_model *model, int32_t layer, float *dy, bool input) {
  tl_pool *pool = tl_context_pool(model->context);
  tl_workspace *w = &model->workspace;
  tl_layer_state *state = &w->layers[layer];
  int32_t R = tl_layer_rows(model, layer);
  int32_t C = model->config.C;
  int32_t norm = tl_layer_span(model, layer, TL_PART_ATTENTION_NORM_WEIGHT);
  tl_dense output = tl_dense_at(model, tl_layer_span(model, layer, TL_PART_ATTENTION_WEIGHT));

  tlk_layer_norm_backward(pool, R, C, state->attention_sum, state->attention_mean, state->attention_rstd,
                          tl_span_weights(model, norm), output_dropout(model, layer), dy, dy, w->d_branch,
                          tl_span_gradient(model, norm), tl_span_gradient(model, tl_bias_after(model, norm)));
  tl_dense_backward_weights(model, output, R, w->d_branch, state->context);
  tl_dense_backward_input(model, output, R, w->d_branch, w->d_context, false);
  tl_lora_backward(model, layer, TL_PROJECTION_OUTPUT, R, w->d_branch, C, state->context, w->d_context);

  int32_t relative = model->at.relative_bias;
  bool last = is_last(model, layer);
  float *dq = last ? w->d_query : w->d_wide;
  float *dk = last ? w->d_wide : w->d_wide + C;
  float *dv = dk + C;
  tlk_attention shape = attention_shape(model, layer);
  tlk_attention_backward(pool, &shape, state->q, state->ldq, state->k, state->ldkv, state->v, state->ldkv,
                         state->context, C, w->d_context, C, state->lse, dq, state->ldq, dk, state->ldkv, dv,
                         state->ldkv, tl_model_trainable(model, relative) ? w->d_bias : NULL, w->scratch);
  if (tl_model_trainable(model, relative))
    tlk_relative_bias_backward(model->run.B, model->config.H, w->reach, w->d_bias,
                               tl_span_gradient(model, relative));
  project_backward(model, layer, dq, dk, dv, dy, input);
}
