/* Attention from a layer's input to its context: queries, keys and values projected, turned by their
 * positions where the architecture has it, and attended. Where the [CLS] rows alone ask, since the head reads
 * nothing else, their queries are projected from a copy of those rows, keys and values from all tokens. */
#include <math.h>

#include "kernels/attention.h"
#include "kernels/relative_bias.h"
#include "model/dense.h"
#include "model/encoder.h"
#include "model/lora.h"
#include "model/rotary.h"
#include "model/sequence_rows.h"

static tlk_attention attention_shape(const tl_model *model, int32_t layer) {
  const tl_workspace *w = &model->workspace;
  int32_t site = TL_SITE_LAYERS + layer * TL_LAYER_SITES + TL_LAYER_SITE_PROBABILITIES;
  return (tlk_attention){
      .B = model->run.B,
      .H = model->config.H,
      .D = model->config.D,
      .q_offsets = tl_layer_is_few(model, layer) ? w->cls_offsets : w->offsets,
      .kv_offsets = w->offsets,
      .scale = 1.0f / sqrtf((float)model->config.D),
      .dropout = tl_run_dropout(model, site, model->config.attention_dropout),
      .columns = w->columns,
      .window = tl_config_window(&model->config, layer),
      .bias = w->bias,
      .reach = w->reach,
  };
}

static void project(tl_model *model, int32_t layer) {
  tl_layer_state *state = &model->workspace.layers[layer];
  int32_t T = model->run.T;
  if (tl_layer_is_few(model, layer)) {
    tl_gather_cls(model, state->x, state->x_rows);
    if (state->stream != state->x)
      tl_gather_cls(model, state->stream, state->stream_rows);
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

void tl_attend_forward(tl_model *model, int32_t layer) {
  tl_workspace *w = &model->workspace;
  tl_layer_state *state = &w->layers[layer];
  project(model, layer);
  tl_rotary_forward(model, layer);
  tlk_attention shape = attention_shape(model, layer);
  tlk_attention_forward(tl_context_pool(model->context), &shape, state->q, state->ldq, state->k, state->ldkv,
                        state->v, state->ldkv, state->context, model->config.C, state->lse, w->scratch);
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
                             const float *dv, float *dy, bool accumulate, bool input) {
  tl_workspace *w = &model->workspace;
  tl_layer_state *state = &w->layers[layer];
  if (!tl_layer_is_few(model, layer)) {
    tl_dense all = tl_dense_projection(model, layer, 0, 3);
    tl_dense_backward_weights(model, all, model->run.T, dq, state->x);
    if (input)
      tl_dense_backward_input(model, all, model->run.T, dq, dy, accumulate);
    adapters_backward(model, layer, dq, dk, dv, input ? dy : NULL, input ? dy : NULL);
    return;
  }
  tl_dense query = tl_dense_projection(model, layer, 0, 1);
  tl_dense key_value = tl_dense_projection(model, layer, 1, 2);
  tl_dense_backward_weights(model, query, model->run.B, dq, state->x_rows);
  tl_dense_backward_weights(model, key_value, model->run.T, dk, state->x);
  if (input) {
    tl_dense_backward_input(model, query, model->run.B, dq, dy, accumulate);
    tl_dense_backward_input(model, key_value, model->run.T, dk, w->d_rows, false);
  }
  adapters_backward(model, layer, dq, dk, dv, input ? dy : NULL, input ? w->d_rows : NULL);
  if (input)
    tl_scatter_cls(model, dy, w->d_rows);
}

void tl_attend_backward(tl_model *model, int32_t layer, float *dy, bool accumulate, bool input) {
  tl_workspace *w = &model->workspace;
  const tl_layer_state *state = &w->layers[layer];
  int32_t C = model->config.C, relative = model->at.relative_bias;
  bool few = tl_layer_is_few(model, layer), biased = tl_model_trainable(model, relative);
  float *dq = few ? w->d_query : w->d_wide;
  float *dk = few ? w->d_wide : w->d_wide + C;
  float *dv = dk + C;
  tlk_attention shape = attention_shape(model, layer);
  tlk_attention_backward(tl_context_pool(model->context), &shape, state->q, state->ldq, state->k, state->ldkv,
                         state->v, state->ldkv, state->context, C, w->d_context, C, state->lse, dq,
                         state->ldq, dk, state->ldkv, dv, state->ldkv, biased ? w->d_bias : NULL, w->scratch);
  if (biased)
    tlk_relative_bias_backward(model->run.B, model->config.H, w->reach, w->d_bias,
                               tl_span_gradient(model, relative));
  tl_rotary_backward(model, layer, dq, dk);
  project_backward(model, layer, dq, dk, dv, dy, accumulate, input);
}
