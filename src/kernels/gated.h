/* Gated activations (GeGLU): y = activation(a)·b of rows that hold a and b side by side, forward and
 * backward. Definition: transformers' ModernBertMLP. */
#ifndef TL_KERNELS_GATED_H
#define TL_KERNELS_GATED_H

#include <stdint.h>

#include "base/pool.h"

/* y (rows × F, dense) of x (rows × 2F, dense): activation(x[0 … F))·x[F … 2F) in each row. */
void tlk_gated_gelu_forward(tl_pool *pool, int32_t rows, int32_t F, const float *x, float *y);
void tlk_gated_gelu_tanh_forward(tl_pool *pool, int32_t rows, int32_t F, const float *x, float *y);
void tlk_gated_relu_forward(tl_pool *pool, int32_t rows, int32_t F, const float *x, float *y);

/* x becomes its own gradient: from dy (rows × F, dense) and what forward took. */
void tlk_gated_gelu_backward(tl_pool *pool, int32_t rows, int32_t F, float *x, const float *dy);
void tlk_gated_gelu_tanh_backward(tl_pool *pool, int32_t rows, int32_t F, float *x, const float *dy);
void tlk_gated_relu_backward(tl_pool *pool, int32_t rows, int32_t F, float *x, const float *dy);

#endif
