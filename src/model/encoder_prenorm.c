/* Backward of a pre-norm layer (ModernBERT's). Its forward is the post-norm layer's with other residuals:
 * what is added to is the sum before the last layer norm, not the norm's result, and a layer's second norm is
 * the one that the next layer begins with. So two gradients come down: that of the norm's result, and beside
 * it that of the sum, which goes on as it is. */
#include <string.h>

#include "kernels/layer_norm.h"
#include "kernels/pointwise.h"
#include "model/activate.h"
#include "model/dense.h"
#include "model/encoder.h"
#include "model/lora.h"
#include "model/sequence_rows.h"

/* The two gradients of a layer's rows. */
typedef struct descent {
  int32_t rows;
  float *dy;      /* (rows, C) of the norms' results, one after the other */
  float *dstream; /* (rows, C) of the sums */
} descent;

static size_t floats_of(const tl_model *model, const descent *d) {
  return (size_t)d->rows * (size_t)model->config.C;
}

/* dstream += the gradient of a sum through its layer norm; dy, that of the norm's result, is used up. */
static void norm_backward(tl_model *model, const descent *d, const float *sum, const float *mean,
                          const float *rstd, int32_t norm) {
  tl_pool *pool = tl_context_pool(model->context);
  tlk_layer_norm_backward(pool, d->rows, model->config.C, sum, mean, rstd, tl_span_weights(model, norm),
                          tlk_dropout_off(), d->dy, d->dy, NULL, tl_span_gradient(model, norm),
                          tl_span_gradient(model, tl_bias_after(model, norm)));
  tlk_add(pool, d->dy, d->dstream, floats_of(model, d));
}

/* From dstream to the gradient of the feed-forward's input in dy. `hidden` becomes its own gradient. */
static void feed_forward_backward(tl_model *model, int32_t layer, const descent *d) {
  tl_pool *pool = tl_context_pool(model->context);
  const tl_config *config = &model->config;
  float *activated = model->workspace.d_wide;
  tl_layer_state *state = &model->workspace.layers[layer];
  size_t inside = (size_t)d->rows * (size_t)config->F;
  tlk_dropout dropout = tl_inside_dropout(model, layer);
  tl_dense input = tl_dense_at(model, tl_layer_span(model, layer, TL_PART_INTERMEDIATE_WEIGHT));
  tl_dense output = tl_dense_at(model, tl_layer_span(model, layer, TL_PART_OUTPUT_WEIGHT));

  if (tl_model_trainable(model, output.weight)) { /* which alone needs the activation's result */
    tl_activate_gated(pool, config->activation, d->rows, config->F, state->hidden, activated);
    tlk_dropout_forward(pool, dropout, activated, activated, inside);
  }
  tl_dense_backward_weights(model, output, d->rows, d->dstream, activated);
  tl_dense_backward_input(model, output, d->rows, d->dstream, activated, false);
  tlk_dropout_backward(pool, dropout, activated, activated, inside);
  tl_activate_gated_backward(pool, config->activation, d->rows, config->F, state->hidden, activated);
  tl_dense_backward_weights(model, input, d->rows, state->hidden, state->attention_out);
  tl_dense_backward_input(model, input, d->rows, state->hidden, d->dy, false);
}

/* From dstream to the gradient of attention's result in d_context. */
static void output_backward(tl_model *model, int32_t layer, const descent *d) {
  tl_pool *pool = tl_context_pool(model->context);
  tl_workspace *w = &model->workspace;
  tl_layer_state *state = &w->layers[layer];
  tl_dense output = tl_dense_at(model, tl_layer_span(model, layer, TL_PART_ATTENTION_WEIGHT));
  tlk_dropout_backward(pool, tl_attention_output_dropout(model, layer), d->dstream, w->d_branch,
                       floats_of(model, d));
  tl_dense_backward_weights(model, output, d->rows, w->d_branch, state->context);
  tl_dense_backward_input(model, output, d->rows, w->d_branch, w->d_context, false);
  tl_lora_backward(model, layer, TL_PROJECTION_OUTPUT, d->rows, w->d_branch, model->config.C, state->context,
                   w->d_context);
}

/* The residual's share of all tokens where the [CLS] rows alone went on. */
static void spread_stream(const tl_model *model) {
  const tl_workspace *w = &model->workspace;
  memset(w->d_stream, 0, (size_t)model->run.T * (size_t)model->config.C * sizeof(float));
  tl_scatter_cls(model, w->d_stream_cls, w->d_stream);
}

void tl_prenorm_backward(tl_model *model, int32_t layer, bool input) {
  tl_workspace *w = &model->workspace;
  const tl_layer_state *state = &w->layers[layer];
  bool few = tl_layer_is_few(model, layer);
  descent d = {.rows = tl_layer_rows(model, layer),
               .dy = few ? w->d_cls : w->d_rows,
               .dstream = few ? w->d_stream_cls : w->d_stream};
  if (layer == model->config.L - 1) /* above it, nothing reads the sum */
    memset(d.dstream, 0, floats_of(model, &d) * sizeof(float));
  norm_backward(model, &d, state->output_sum, state->output_mean, state->output_rstd,
                tl_layer_span(model, layer, TL_PART_OUTPUT_NORM_WEIGHT));
  if (!input && !tl_layer_learns_inside(model, layer))
    return;
  feed_forward_backward(model, layer, &d);
  norm_backward(model, &d, state->attention_sum, state->attention_mean, state->attention_rstd,
                tl_layer_span(model, layer, TL_PART_ATTENTION_NORM_WEIGHT));
  output_backward(model, layer, &d);
  tl_attend_backward(model, layer, d.dy, false, input);
  if (!input)
    return;
  if (few)
    spread_stream(model);
  if (layer == 0) /* whose input no norm stands before */
    tlk_add(tl_context_pool(model->context), w->d_stream, w->d_rows,
            (size_t)model->run.T * (size_t)model->config.C);
}
