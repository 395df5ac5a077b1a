/* The three matrix products of a dense layer: Y = X·Wᵀ + b, dX = dY·W and dW += dYᵀ·X, packed and tiled.
 *
 *   float *scratch = …;                                   // tlk_gemm_scratch(T, N, K, threads) floats
 *   tlk_gemm_nt(pool, T, N, K, x, K, w, K, bias, y, N, scratch);
 *
 * All matrices are float32 and row-major; `ld…` is the distance in floats from one row to the next (>= the
 * columns). Letters are those of the product at hand: the result is M×N and K is summed over. Any of them may
 * be 0: an empty sum is 0 (then the bias, or what was there, is the result).
 *
 * Each result is summed over k in ascending order within blocks of k, and the blocks in order; the blocks
 * depend on K alone. So the bits do not depend on the number of threads or on where in the matrix an element
 * lies. Operands never overlap results. */
#ifndef TL_KERNELS_GEMM_H
#define TL_KERNELS_GEMM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/pool.h"

/* Floats of scratch that any of the three forms needs on a pool of `threads` threads. SIZE_MAX if it
 * overflows. It never falls when an argument grows, so the scratch of the largest sizes serves the smaller.
 */
size_t tlk_gemm_scratch(int32_t M, int32_t N, int32_t K, int32_t threads);

/* Y (M×N) = X (M×K) · W (N×K) transposed + bias (N, or NULL): a dense layer's forward. */
void tlk_gemm_nt(tl_pool *pool, int32_t M, int32_t N, int32_t K, const float *X, int32_t ldx, const float *W,
                 int32_t ldw, const float *bias, float *Y, int32_t ldy, float *scratch);

/* The same without bias, added to what is in Y. */
void tlk_gemm_nt_add(tl_pool *pool, int32_t M, int32_t N, int32_t K, const float *X, int32_t ldx,
                     const float *W, int32_t ldw, float *Y, int32_t ldy, float *scratch);

/* dX (M×N) = dY (M×K) · W (K×N), added to dX if `accumulate`: the gradient of the layer's input. */
void tlk_gemm_nn(tl_pool *pool, int32_t M, int32_t N, int32_t K, const float *dY, int32_t lddy,
                 const float *W, int32_t ldw, float *dX, int32_t lddx, bool accumulate, float *scratch);

/* dW (M×N) += dY (K×M) transposed · X (K×N): the gradient of the layer's weight, always added. */
void tlk_gemm_tn(tl_pool *pool, int32_t M, int32_t N, int32_t K, const float *dY, int32_t lddy,
                 const float *X, int32_t ldx, float *dW, int32_t lddw, float *scratch);

#endif
