/* A dense layer forward and backward; frozen matrices cost no gradient work. */
#include "model/dense.h"

#include "kernels/gemm.h"
#include "kernels/pointwise.h"

tl_dense tl_dense_at(const tl_model *model, int32_t weight) {
  return (tl_dense){
      .weight = weight,
      .bias = tl_bias_after(model, weight),
      .parts = 1,
      .rows = model->spans[weight].shape[0],
  };
}

tl_dense tl_dense_projection(const tl_model *model, int32_t layer, int32_t first, int32_t parts) {
  int32_t weight = tl_layer_span(model, layer, TL_PART_QUERY_WEIGHT);
  int32_t bias = tl_layer_span(model, layer, TL_PART_QUERY_BIAS);
  int32_t C = model->config.C;
  if (tl_layer_span(model, layer, TL_PART_KEY_WEIGHT) < 0)
    return (tl_dense){.weight = weight, .bias = bias, .parts = 1, .first = first * C, .rows = parts * C};
  return (tl_dense){
      .weight = weight + first, .bias = bias >= 0 ? bias + first : -1, .parts = parts, .rows = C};
}

/* Where in the matrix of its span the layer begins. */
static size_t first_float(const tl_model *model, tl_dense dense) {
  return (size_t)dense.first * (size_t)model->spans[dense.weight].shape[1];
}

static const float *bias_of(const tl_model *model, tl_dense dense) {
  return dense.bias >= 0 ? tl_span_weights(model, dense.bias) + dense.first : NULL;
}

void tl_dense_forward(tl_model *model, tl_dense dense, int32_t rows, const float *x, float *y) {
  int32_t in = model->spans[dense.weight].shape[1];
  int32_t out = dense.rows * dense.parts;
  tlk_gemm_nt(tl_context_pool(model->context), rows, out, in, x, in,
              tl_span_weights(model, dense.weight) + first_float(model, dense), in, bias_of(model, dense), y,
              out, model->workspace.scratch);
}

/* How many spans from `span` on, at most `limit`, are trainable without a gap. */
static int32_t trainable_run(const tl_model *model, int32_t span, int32_t limit) {
  int32_t run = 0;
  while (run < limit && model->spans[span + run].trainable)
    run++;
  return run;
}

void tl_dense_backward_weights(tl_model *model, tl_dense dense, int32_t rows, const float *dy,
                               const float *x) {
  tl_pool *pool = tl_context_pool(model->context);
  int32_t in = model->spans[dense.weight].shape[1];
  int32_t out = dense.rows;
  int32_t lddy = out * dense.parts;
  for (int32_t part = 0, run; part < dense.parts; part += run + 1) {
    run = trainable_run(model, dense.weight + part, dense.parts - part);
    if (run > 0)
      tlk_gemm_tn(pool, run * out, in, rows, dy + (size_t)part * (size_t)out, lddy, x, in,
                  tl_span_gradient(model, dense.weight + part) + first_float(model, dense), in,
                  model->workspace.scratch);
  }
  for (int32_t part = 0, run; dense.bias >= 0 && part < dense.parts; part += run + 1) {
    run = trainable_run(model, dense.bias + part, dense.parts - part);
    if (run > 0)
      tlk_column_sums(pool, rows, run * out, dy + (size_t)part * (size_t)out, lddy,
                      tl_span_gradient(model, dense.bias + part) + dense.first);
  }
}

void tl_dense_backward_input(tl_model *model, tl_dense dense, int32_t rows, const float *dy, float *dx,
                             bool accumulate) {
  int32_t in = model->spans[dense.weight].shape[1];
  int32_t out = dense.rows * dense.parts;
  tlk_gemm_nn(tl_context_pool(model->context), rows, in, out, dy, out,
              tl_span_weights(model, dense.weight) + first_float(model, dense), in, dx, in, accumulate,
              model->workspace.scratch);
}
