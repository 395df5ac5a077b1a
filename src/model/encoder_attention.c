/* The attention half of a layer: attention, its dense layer, residual, dropout and layer norm. */
#include "kernels/layer_norm.h"
#include "model/dense.h"
#include "model/encoder.h"
#include "model/lora.h"

/* Dropout after attention's dense layer. */
tlk_dropout tl_attention_output_dropout(const tl_model *model, int32_t layer) {
  int32_t site = TL_SITE_LAYERS + layer * TL_LAYER_SITES + TL_LAYER_SITE_ATTENTION;
  const tl_config *config = &model->config;
  float p = tl_config_pre_norm(config) ? config->attention_dropout : config->hidden_dropout;
  return tl_run_dropout(model, site, config->architecture->attention_output_dropout ? p : 0.0f);
}

void tl_attention_block_forward(tl_model *model, int32_t layer) {
  tl_pool *pool = tl_context_pool(model->context);
  tl_workspace *w = &model->workspace;
  tl_layer_state *state = &w->layers[layer];
  int32_t R = tl_layer_rows(model, layer);
  int32_t C = model->config.C;
  int32_t norm = tl_layer_span(model, layer, TL_PART_ATTENTION_NORM_WEIGHT);

  tl_attend_forward(model, layer);
  tl_dense_forward(model, tl_dense_at(model, tl_layer_span(model, layer, TL_PART_ATTENTION_WEIGHT)), R,
                   state->context, state->attention_sum);
  tl_lora_forward(model, layer, TL_PROJECTION_OUTPUT, R, state->context, state->attention_sum, C);
  tlk_layer_norm_forward(pool, R, C, state->attention_sum, state->stream_rows,
                         tl_attention_output_dropout(model, layer), tl_span_weights(model, norm),
                         tl_span_weights(model, tl_bias_after(model, norm)), model->config.layer_norm_eps,
                         state->attention_sum, state->attention_out, state->attention_mean,
                         state->attention_rstd);
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
                          tl_span_weights(model, norm), tl_attention_output_dropout(model, layer), dy, dy,
                          w->d_branch, tl_span_gradient(model, norm),
                          tl_span_gradient(model, tl_bias_after(model, norm)));
  tl_dense_backward_weights(model, output, R, w->d_branch, state->context);
  tl_dense_backward_input(model, output, R, w->d_branch, w->d_context, false);
  tl_lora_backward(model, layer, TL_PROJECTION_OUTPUT, R, w->d_branch, C, state->context, w->d_context);
  tl_attend_backward(model, layer, dy, true, input);
}
