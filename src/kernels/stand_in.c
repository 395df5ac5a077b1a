/* The kernels' entry points, forwarding to the scalar twins until the vector kernels take their places. */
#include "kernels/layer_norm.h"
#include "kernels/pointwise.h"
#include "kernels/scalar/scalar_twins.h"
#include "kernels/softmax.h"

size_t tlk_attention_scratch(int32_t Sq, int32_t Sk, int32_t D, int32_t threads) {
  return (void)Sq, (void)Sk, (void)D, (void)threads, (size_t)16;
}
void tlk_attention_forward(tl_pool *pool, const tlk_attention *shape, const float *q, int32_t ldq,
                           const float *k, int32_t ldk, const float *v, int32_t ldv, float *out, int32_t ldo,
                           float *lse, float *scratch) {
  (void)pool, (void)scratch;
  tlk_attention_forward_scalar(shape, q, ldq, k, ldk, v, ldv, out, ldo, lse);
}
void tlk_attention_backward(tl_pool *pool, const tlk_attention *shape, const float *q, int32_t ldq,
                            const float *k, int32_t ldk, const float *v, int32_t ldv, const float *out,
                            int32_t ldo, const float *dout, int32_t lddo, const float *lse, float *dq,
                            int32_t lddq, float *dk, int32_t lddk, float *dv, int32_t lddv, float *scratch) {
  (void)pool, (void)scratch;
  tlk_attention_backward_scalar(shape, q, ldq, k, ldk, v, ldv, out, ldo, dout, lddo, lse, dq, lddq, dk, lddk,
                                dv, lddv);
}
void tlk_layer_norm_forward(tl_pool *pool, int32_t rows, int32_t C, const float *x, const float *residual,
                            tlk_dropout dropout, const float *gamma, const float *beta, float eps, float *sum,
                            float *y, float *mean, float *rstd) {
  (void)pool;
  tlk_layer_norm_forward_scalar(rows, C, x, residual, dropout, gamma, beta, eps, sum, y, mean, rstd);
}
void tlk_layer_norm_backward(tl_pool *pool, int32_t rows, int32_t C, const float *sum, const float *mean,
                             const float *rstd, const float *gamma, tlk_dropout dropout, const float *dy,
                             float *dsum, float *dx, float *dgamma, float *dbeta) {
  (void)pool;
  tlk_layer_norm_backward_scalar(rows, C, sum, mean, rstd, gamma, dropout, dy, dsum, dx, dgamma, dbeta);
}
void tlk_dropout_forward(tl_pool *pool, tlk_dropout dropout, const float *x, float *y, size_t n) {
  (void)pool;
  tlk_dropout_forward_scalar(dropout, x, y, n);
}
void tlk_dropout_backward(tl_pool *pool, tlk_dropout dropout, const float *dy, float *dx, size_t n) {
  (void)pool;
  tlk_dropout_backward_scalar(dropout, dy, dx, n);
}
void tlk_gelu_forward(tl_pool *pool, const float *x, float *y, size_t n) {
  (void)pool;
  tlk_gelu_forward_scalar(x, y, n);
}
void tlk_gelu_backward(tl_pool *pool, const float *x, const float *dy, float *dx, size_t n) {
  (void)pool;
  tlk_gelu_backward_scalar(x, dy, dx, n);
}
void tlk_gelu_tanh_forward(tl_pool *pool, const float *x, float *y, size_t n) {
  (void)pool;
  tlk_gelu_tanh_forward_scalar(x, y, n);
}
void tlk_gelu_tanh_backward(tl_pool *pool, const float *x, const float *dy, float *dx, size_t n) {
  (void)pool;
  tlk_gelu_tanh_backward_scalar(x, dy, dx, n);
}
void tlk_relu_forward(tl_pool *pool, const float *x, float *y, size_t n) {
  (void)pool;
  tlk_relu_forward_scalar(x, y, n);
}
void tlk_relu_backward(tl_pool *pool, const float *x, const float *dy, float *dx, size_t n) {
  (void)pool;
  tlk_relu_backward_scalar(x, dy, dx, n);
}
void tlk_tanh_forward(tl_pool *pool, const float *x, float *y, size_t n) {
  (void)pool;
  tlk_tanh_forward_scalar(x, y, n);
}
void tlk_tanh_backward(tl_pool *pool, const float *y, const float *dy, float *dx, size_t n) {
  (void)pool;
  tlk_tanh_backward_scalar(y, dy, dx, n);
}
void tlk_add(tl_pool *pool, const float *x, float *y, size_t n) {
  (void)pool;
  tlk_add_scalar(x, y, n);
}
void tlk_scale(tl_pool *pool, float factor, float *x, size_t n) {
  (void)pool;
  tlk_scale_scalar(factor, x, n);
}
void tlk_zero(tl_pool *pool, float *x, size_t n) {
  (void)pool;
  tlk_zero_scalar(x, n);
}
void tlk_column_sums(tl_pool *pool, int32_t rows, int32_t columns, const float *x, int32_t ldx, float *sums) {
  (void)pool;
  tlk_column_sums_scalar(rows, columns, x, ldx, sums);
}
float tlk_softmax_row(int32_t n, float scale, float *x) { return tlk_softmax_row_scalar(n, scale, x); }
void tlk_softmax_row_from_lse(int32_t n, float scale, float lse, float *x) {
  tlk_softmax_row_from_lse_scalar(n, scale, lse, x);
}
void tlk_embedding_forward(tl_pool *pool, const tlk_embedding *tokens, const float *word,
                           const float *position, const float *type, float *out) {
  (void)pool;
  tlk_embedding_forward_scalar(tokens, word, position, type, out);
}
void tlk_embedding_backward(tl_pool *pool, const tlk_embedding *tokens, int32_t padding_idx,
                            const float *dout, float *dword, float *dposition, float *dtype) {
  (void)pool;
  tlk_embedding_backward_scalar(tokens, padding_idx, dout, dword, dposition, dtype);
}
void tlk_adamw(tl_pool *pool, const tlk_adamw_step *step, float *weights, const float *gradients,
               float *exp_avg, float *exp_avg_sq, size_t n) {
  (void)pool;
  tlk_adamw_scalar(step, weights, gradients, exp_avg, exp_avg_sq, n);
}
size_t tlk_sum_squares_partials(size_t n) { return (void)n, (size_t)1; }
double tlk_sum_squares(tl_pool *pool, const float *x, size_t n, double *partials) {
  (void)pool, (void)partials;
  return tlk_sum_squares_scalar(x, n);
}
