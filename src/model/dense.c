/* A dense layer forward and backward; frozen matrices cost no gradient work. */
#include "model/dense.h"

#include "kernels/gemm.h"
#include "kernels/pointwise.h"

tl_dense tl_dense_at(int32_t weight) { return (tl_dense){.weight = weight, .bias = weight + 1, .parts = 1}; }

tl_dense tl_dense_projection(const tl_model *model, int32_t layer, int32_t first, int32_t parts) {
  return (tl_dense){
      .weight = tl_layer_span(model, layer, TL_PART_QUERY_WEIGHT) + first,
      .bias = tl_layer_span(model, layer, TL_PART_QUERY_BIAS) + first,
      .parts = parts,
  };
}

void tl_dense_forward(tl_model *model, tl_dense dense, int32_t rows, const float *x, float *y) {
  const tl_span *weight = &model->spans[dense.weight];
  int32_t in = weight->shape[1];
  int32_t out = weight->shape[0] * dense.parts;
  tlk_gemm_nt(tl_context_pool(model->context), rows, out, in, x, in, tl_span_weights(model, dense.weight), in,
              tl_span_weights(model, dense.bias), y, out, model->workspace.scratch);
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
  int32_t out = model->spans[dense.weight].shape[0];
  int32_t lddy = out * dense.parts;
  for (int32_t part = 0, run; part < dense.parts; part += run + 1) {
    run = trainable_run(model, dense.weight + part, dense.parts - part);
    if (run > 0)
      tlk_gemm_tn(pool, run * out, in, rows, dy + (size_t)part * (size_t)out, lddy, x, in,
                  tl_span_gradient(model, dense.weight + part), in, model->workspace.scratch);
  }
  for (int32_t part = 0, run; part < dense.parts; part += run + 1) {
    run = trainable_run(model, dense.bias + part, dense.parts - part);
    if (run > 0)
      tlk_column_sums(pool, rows, run * out, dy + (size_t)part * (size_t)out, lddy,
                      tl_span_gradient(model, dense.bias + part));
  }
}

void tl_dense_backward_input(tl_model *model, tl_dense dense, int32_t rows, const float *dy, float *dx,
                             bool accumulate) {
  const tl_span *weight = &model->spans[dense.weight];
  int32_t in = weight->shape[1];
  int32_t out = weight->shape[0] * dense.parts;
  tlk_gemm_nn(tl_context_pool(model->context), rows, in, out, dy, out, tl_span_weights(model, dense.weight),
              in, dx, in, accumulate, model->workspace.scratch);
}
