/* Every kernel once more, written as its formula reads, one number at a time: what the fast kernels are
 * tested against. Names, operands and results are the fast kernel's, without the pool and the scratch; see
 * its header. */
#ifndef TL_KERNELS_SCALAR_TWINS_H
#define TL_KERNELS_SCALAR_TWINS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernels/attention.h"
#include "kernels/dropout.h"
#include "kernels/embedding.h"
#include "kernels/rope.h"
#include "kernels/update.h"

void tlk_gemm_nt_scalar(int32_t M, int32_t N, int32_t K, const float *X, int32_t ldx, const float *W,
                        int32_t ldw, const float *bias, float *Y, int32_t ldy);
void tlk_gemm_nt_add_scalar(int32_t M, int32_t N, int32_t K, const float *X, int32_t ldx, const float *W,
                            int32_t ldw, float *Y, int32_t ldy);
void tlk_gemm_nn_scalar(int32_t M, int32_t N, int32_t K, const float *dY, int32_t lddy, const float *W,
                        int32_t ldw, float *dX, int32_t lddx, bool accumulate);
void tlk_gemm_tn_scalar(int32_t M, int32_t N, int32_t K, const float *dY, int32_t lddy, const float *X,
                        int32_t ldx, float *dW, int32_t lddw);

float tlk_softmax_row_scalar(int32_t n, float scale, float *x);
void tlk_softmax_row_from_lse_scalar(int32_t n, float scale, float lse, float *x);

void tlk_attention_forward_scalar(const tlk_attention *shape, const float *q, int32_t ldq, const float *k,
                                  int32_t ldk, const float *v, int32_t ldv, float *out, int32_t ldo,
                                  float *lse);
void tlk_attention_backward_scalar(const tlk_attention *shape, const float *q, int32_t ldq, const float *k,
                                   int32_t ldk, const float *v, int32_t ldv, const float *out, int32_t ldo,
                                   const float *dout, int32_t lddo, const float *lse, float *dq, int32_t lddq,
                                   float *dk, int32_t lddk, float *dv, int32_t lddv, float *dbias);

void tlk_layer_norm_forward_scalar(int32_t rows, int32_t C, const float *x, const float *residual,
                                   tlk_dropout dropout, const float *gamma, const float *beta, float eps,
                                   float *sum, float *y, float *mean, float *rstd);
void tlk_layer_norm_backward_scalar(int32_t rows, int32_t C, const float *sum, const float *mean,
                                    const float *rstd, const float *gamma, tlk_dropout dropout,
                                    const float *dy, float *dsum, float *dx, float *dgamma, float *dbeta);

/* With angles from theta, unrounded, in place of the table's. Backward undoes it, and needs no twin. */
void tlk_rope_forward_scalar(const tlk_rope *rope, double theta, float *x, int32_t ldx);
int32_t tlk_relative_bucket_scalar(int32_t distance);

void tlk_dropout_forward_scalar(tlk_dropout dropout, const float *x, float *y, size_t n);
void tlk_dropout_backward_scalar(tlk_dropout dropout, const float *dy, float *dx, size_t n);

void tlk_gelu_forward_scalar(const float *x, float *y, size_t n);
void tlk_gelu_backward_scalar(const float *x, const float *dy, float *dx, size_t n);
void tlk_gelu_tanh_forward_scalar(const float *x, float *y, size_t n);
void tlk_gelu_tanh_backward_scalar(const float *x, const float *dy, float *dx, size_t n);
void tlk_relu_forward_scalar(const float *x, float *y, size_t n);
void tlk_relu_backward_scalar(const float *x, const float *dy, float *dx, size_t n);
void tlk_tanh_forward_scalar(const float *x, float *y, size_t n);
void tlk_tanh_backward_scalar(const float *y, const float *dy, float *dx, size_t n);
void tlk_gated_gelu_forward_scalar(int32_t rows, int32_t F, const float *x, float *y);
void tlk_gated_gelu_backward_scalar(int32_t rows, int32_t F, float *x, const float *dy);
void tlk_gated_gelu_tanh_forward_scalar(int32_t rows, int32_t F, const float *x, float *y);
void tlk_gated_gelu_tanh_backward_scalar(int32_t rows, int32_t F, float *x, const float *dy);
void tlk_gated_relu_forward_scalar(int32_t rows, int32_t F, const float *x, float *y);
void tlk_gated_relu_backward_scalar(int32_t rows, int32_t F, float *x, const float *dy);
void tlk_add_scalar(const float *x, float *y, size_t n);
void tlk_scale_scalar(float factor, float *x, size_t n);
void tlk_zero_scalar(float *x, size_t n);
void tlk_column_sums_scalar(int32_t rows, int32_t columns, const float *x, int32_t ldx, float *sums);

void tlk_embedding_forward_scalar(const tlk_embedding *tokens, const float *word, const float *position,
                                  const float *type, float *out);
void tlk_embedding_backward_scalar(const tlk_embedding *tokens, tlk_padding padding, const float *dout,
                                   float *dword, float *dposition, float *dtype);

void tlk_adamw_scalar(const tlk_adamw_step *step, tlk_adamw_blocks blocks, size_t n);
double tlk_sum_squares_scalar(const float *x, size_t n);

#endif
