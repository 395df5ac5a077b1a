/* Layer norm with what stands before it in a transformer block: sum = residual + dropout(x), y =
 * norm(sum)·gamma + beta. torch.nn.LayerNorm over the last dimension C: the variance is biased (divided by
 * C), eps is added to it. */
#ifndef TL_KERNELS_LAYER_NORM_H
#define TL_KERNELS_LAYER_NORM_H

#include <stddef.h>
#include <stdint.h>

#include "base/pool.h"
#include "kernels/dropout.h"

/* For each of `rows` rows of C floats (C >= 1; all matrices dense): sum = residual + dropout(x), y = (sum -
 * mean)·rstd·gamma
 * + beta. residual may be NULL (0), and so may beta. sum (rows × C) is kept for backward; it may be x or
 * residual itself. Without residual and with dropout off it may be NULL, and x is the sum. y must not be any
 * other operand. mean and rstd: rows floats each, or both NULL. dropout's elements are counted row by row. */
void tlk_layer_norm_forward(tl_pool *pool, int32_t rows, int32_t C, const float *x, const float *residual,
                            tlk_dropout dropout, const float *gamma, const float *beta, float eps, float *sum,
                            float *y, float *mean, float *rstd);

/* From dy and what forward kept: dsum (rows × C; may be dy) is the gradient of the sum, and so of the
 * residual; dx, if not NULL, gets the gradient of x: dsum under the dropout's mask (dx may be dy if dsum is
 * not). dgamma and dbeta (C each) are added to; NULL leaves them out. */
void tlk_layer_norm_backward(tl_pool *pool, int32_t rows, int32_t C, const float *sum, const float *mean,
                             const float *rstd, const float *gamma, tlk_dropout dropout, const float *dy,
                             float *dsum, float *dx, float *dgamma, float *dbeta);

#endif
