/* Element by element: activations and their gradients, adding, scaling, zeroing; and sums over rows (bias
 * gradients). n is in floats. An output may be an input itself, never part of it. NaN in, NaN out. */
#ifndef TL_KERNELS_POINTWISE_H
#define TL_KERNELS_POINTWISE_H

#include <stddef.h>
#include <stdint.h>

#include "base/pool.h"

/* GELU, exact: x·Φ(x), Φ the normal distribution's (by erf). transformers' "gelu". Backward takes forward's
 * input. */
void tlk_gelu_forward(tl_pool *pool, const float *x, float *y, size_t n);
void tlk_gelu_backward(tl_pool *pool, const float *x, const float *dy, float *dx, size_t n);

/* GELU by tanh: x/2·(1 + tanh(√(2/π)·(x + 0.044715·x³))). transformers' "gelu_new" and "gelu_pytorch_tanh".
 * Backward takes forward's input. */
void tlk_gelu_tanh_forward(tl_pool *pool, const float *x, float *y, size_t n);
void tlk_gelu_tanh_backward(tl_pool *pool, const float *x, const float *dy, float *dx, size_t n);

/* max(x, 0). Backward takes forward's input or its output: both have the same sign where it matters. */
void tlk_relu_forward(tl_pool *pool, const float *x, float *y, size_t n);
void tlk_relu_backward(tl_pool *pool, const float *x, const float *dy, float *dx, size_t n);

/* tanh. Backward takes forward's OUTPUT y: dx = dy·(1 - y²). */
void tlk_tanh_forward(tl_pool *pool, const float *x, float *y, size_t n);
void tlk_tanh_backward(tl_pool *pool, const float *y, const float *dy, float *dx, size_t n);

/* y += x. */
void tlk_add(tl_pool *pool, const float *x, float *y, size_t n);

/* x *= factor. */
void tlk_scale(tl_pool *pool, float factor, float *x, size_t n);

/* x = 0. */
void tlk_zero(tl_pool *pool, float *x, size_t n);

/* sums[j] += Σ over rows of x[row·ldx + j], j < columns. */
void tlk_column_sums(tl_pool *pool, int32_t rows, int32_t columns, const float *x, int32_t ldx, float *sums);

#endif
