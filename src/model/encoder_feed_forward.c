/* The feed-forward half of a layer: out to F, the activation, back to C, residual and layer norm. */
#include "kernels/layer_norm.h"
#include "kernels/pointwise.h"
#include "model/dense.h"
#include "model/encoder.h"

static void activation_forward(tl_pool *pool, tl_activation activation, const float *x, float *y, size_t n) {
  switch (activation) {
  case TL_ACTIVATION_GELU:
    tlk_gelu_forward(pool, x, y, n);
    break;
  case TL_ACTIVATION_GELU_TANH:
    tlk_gelu_tanh_forward(pool, x, y, n);
    break;
  case TL_ACTIVATION_RELU:
    tlk_relu_forward(pool, x, y, n);
    break;
  }
}

static void activation_backward(tl_pool *pool, tl_activation activation, const float *x, float *dy,
                                size_t n) {
  switch (activation) {
  case TL_ACTIVATION_GELU:
    tlk_gelu_backward(pool, x, dy, dy, n);
    break;
  case TL_ACTIVATION_GELU_TANH:
    tlk_gelu_tanh_backward(pool, x, dy, dy, n);
    break;
  case TL_ACTIVATION_RELU:
    tlk_relu_backward(pool, x, dy, dy, n);
    break;
  }
}

static tlk_dropout output_dropout(const tl_model *model, int32_t layer) {
  int32_t site = TL_SITE_LAYERS + layer * TL_LAYER_SITES + TL_LAYER_SITE_OUTPUT;
  bool dropped = !model->config.architecture->no_feed_forward_dropout;
  return tl_run_dropout(model, site, dropped ? model->config.hidden_dropout : 0.0f);
}

void tl_feed_forward_inside(tl_model *model, int32_t layer) {
  tl_layer_state *state = &model->workspace.layers[layer];
  tl_dense_forward(model, tl_dense_at(model, tl_layer_span(model, layer, TL_PART_INTERMEDIATE_WEIGHT)),
                   tl_layer_rows(model, layer), state->attention_out, state->hidden);
}

/* out = norm(sum), where the sum is yet to be made of x and a residual, or already is x. */
static void output_norm(tl_model *model, int32_t layer, const float *residual, tlk_dropout dropout) {
  tl_layer_state *state = &model->workspace.layers[layer];
  int32_t norm = tl_layer_span(model, layer, TL_PART_OUTPUT_NORM_WEIGHT);
  tlk_layer_norm_forward(tl_context_pool(model->context), tl_layer_rows(model, layer), model->config.C,
                         state->output_sum, residual, dropout, tl_span_weights(model, norm),
                         tl_span_weights(model, tl_bias_after(model, norm)), model->config.layer_norm_eps,
                         state->output_sum, state->out, state->output_mean, state->output_rstd);
}

void tl_feed_forward_forward(tl_model *model, int32_t layer) {
  tl_layer_state *state = &model->workspace.layers[layer];
  int32_t R = tl_layer_rows(model, layer);
  tl_feed_forward_inside(model, layer);
  activation_forward(tl_context_pool(model->context), model->config.activation, state->hidden,
                     state->activated, (size_t)R * (size_t)model->config.F);
  tl_dense_forward(model, tl_dense_at(model, tl_layer_span(model, layer, TL_PART_OUTPUT_WEIGHT)), R,
                   state->activated, state->output_sum);
  output_norm(model, layer, state->attention_out, output_dropout(model, layer));
}

void tl_feed_forward_norm_again(tl_model *model, int32_t layer) {
  output_norm(model, layer, NULL, tlk_dropout_off());
}

void tl_feed_forward_backward(tl_model *model, int32_t layer, float *dy) {
  tl_pool *pool = tl_context_pool(model->context);
  tl_workspace *w = &model->workspace;
  tl_layer_state *state = &w->layers[layer];
  int32_t R = tl_layer_rows(model, layer);
  size_t inside = (size_t)R * (size_t)model->config.F;
  int32_t norm = tl_layer_span(model, layer, TL_PART_OUTPUT_NORM_WEIGHT);
  tl_dense intermediate = tl_dense_at(model, tl_layer_span(model, layer, TL_PART_INTERMEDIATE_WEIGHT));
  tl_dense output = tl_dense_at(model, tl_layer_span(model, layer, TL_PART_OUTPUT_WEIGHT));

  tlk_layer_norm_backward(pool, R, model->config.C, state->output_sum, state->output_mean, state->output_rstd,
                          tl_span_weights(model, norm), output_dropout(model, layer), dy, dy, w->d_branch,
                          tl_span_gradient(model, norm), tl_span_gradient(model, tl_bias_after(model, norm)));
  tl_dense_backward_input(model, output, R, w->d_branch, w->d_wide, false);
  activation_backward(pool, model->config.activation, state->hidden, w->d_wide, inside);
  if (model->spans[output.weight].trainable) /* which alone needs the activation's result */
    activation_forward(pool, model->config.activation, state->hidden, state->hidden, inside);
  tl_dense_backward_weights(model, output, R, w->d_branch, state->hidden);
  tl_dense_backward_weights(model, intermediate, R, w->d_wide, state->attention_out);
  tl_dense_backward_input(model, intermediate, R, w->d_wide, dy, true);
}
