/* The optimizer's arithmetic over blocks of parameters: one AdamW step, and the sum of squares for gradient
 * clipping. */
#ifndef TL_KERNELS_UPDATE_H
#define TL_KERNELS_UPDATE_H

#include <stddef.h>
#include <stdint.h>

#include "base/pool.h"

/* The numbers of one AdamW step; with t updates done including this one, bias_correction1 = 1 - beta1^t and
 * bias_correction2_sqrt = √(1 - beta2^t). Doubles, as in torch, rounded to float where torch rounds. */
typedef struct tlk_adamw_step {
  double lr;
  double beta1;
  double beta2;
  double eps;
  double weight_decay;
  double bias_correction1;
  double bias_correction2_sqrt;
  float gradient_scale; /* clipping's coefficient, folded in: every gradient is multiplied by it first */
} tlk_adamw_step;

/* Where the parameters, their gradients and their moments begin. */
typedef struct tlk_adamw_blocks {
  float *weights;
  const float *gradients;
  float *exp_avg;
  float *exp_avg_sq;
} tlk_adamw_blocks;

/* torch.optim.AdamW on n parameters, in the order torch applies it:
 *   gradient = gradient · gradient_scale
 *   weight *= 1 - lr·weight_decay
 *   exp_avg += (1 - beta1)·(gradient - exp_avg)
 *   exp_avg_sq = beta2·exp_avg_sq + (1 - beta2)·gradient²
 *   weight -= lr/bias_correction1 · exp_avg / (√exp_avg_sq / bias_correction2_sqrt + eps)
 * (up to the last rounding of the fraction). */
void tlk_adamw(tl_pool *pool, const tlk_adamw_step *step, tlk_adamw_blocks blocks, size_t n);

/* The same on a table of rows × columns, with the same bits, where most rows have no gradient: `touched` has
 * the rows whose gradient is to be read (the others' is zero, whatever stands in memory), `moved` those whose
 * moments are not zero, and those of `touched` (row_set.h). A row in neither is only decayed, and without
 * weight decay not even read: its update is exactly nothing. */
void tlk_adamw_rows(tl_pool *pool, const tlk_adamw_step *step, tlk_adamw_blocks blocks, size_t rows,
                    size_t columns, const uint32_t *touched, const uint32_t *moved);

/* Doubles that tlk_sum_squares needs for n floats. */
size_t tlk_sum_squares_partials(size_t n);

/* Σ x². Chunks of fixed length are summed in double, then the chunks' sums in order. */
double tlk_sum_squares(tl_pool *pool, const float *x, size_t n, double *partials);

#endif
