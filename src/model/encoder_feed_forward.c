/* The feed-forward half of a layer: out to F, the activation, back to C, residual and layer norm. */
#include "kernels/layer_norm.h"
#include "kernels/pointwise.h"
#include "model/activate.h"
#include "model/dense.h"
#include "model/encoder.h"

/* state->activated from state->hidden. */
static void activate(tl_model *model, int32_t layer) {
  tl_pool *pool = tl_context_pool(model->context);
  const tl_config *config = &model->config;
  tl_layer_state *state = &model->workspace.layers[layer];
  int32_t R = tl_layer_rows(model, layer);
  size_t inside = (size_t)R * (size_t)config->F;
  tlk_dropout dropout = tl_inside_dropout(model, layer);
  if (config->architecture->gated)
    tl_activate_gated(pool, config->activation, R, config->F, state->hidden, state->activated);
  else
    tl_activate(pool, config->activation, state->hidden, state->activated, inside);
  if (tlk_dropout_on(dropout))
    tlk_dropout_forward(pool, dropout, state->activated, state->activated, inside);
}

static tlk_dropout output_dropout(const tl_model *model, int32_t layer) {
  int32_t site = TL_SITE_LAYERS + layer * TL_LAYER_SITES + TL_LAYER_SITE_OUTPUT;
  bool dropped = !model->config.architecture->no_feed_forward_dropout;
  return tl_run_dropout(model, site, dropped ? model->config.hidden_dropout : 0.0f);
}

tlk_dropout tl_inside_dropout(const tl_model *model, int32_t layer) {
  int32_t site = TL_SITE_LAYERS + layer * TL_LAYER_SITES + TL_LAYER_SITE_INSIDE;
  return tl_run_dropout(model, site, model->config.feed_forward_dropout);
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
  bool pre_norm = tl_config_pre_norm(&model->config);
  tl_feed_forward_inside(model, layer);
  activate(model, layer);
  tl_dense_forward(model, tl_dense_at(model, tl_layer_span(model, layer, TL_PART_OUTPUT_WEIGHT)),
                   tl_layer_rows(model, layer), state->activated, state->output_sum);
  output_norm(model, layer, pre_norm ? state->attention_sum : state->attention_out,
              output_dropout(model, layer));
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
  tl_activate_backward(pool, model->config.activation, state->hidden, w->d_wide, inside);
  if (model->spans[output.weight].trainable) /* which alone needs the activation's result */
    tl_activate(pool, model->config.activation, state->hidden, state->hidden, inside);
  tl_dense_backward_weights(model, output, R, w->d_branch, state->hidden);
  tl_dense_backward_weights(model, intermediate, R, w->d_wide, state->attention_out);
  tl_dense_backward_input(model, intermediate, R, w->d_wide, dy, true);
}
