/* Softmax of one row, as attention uses it on its scores. */
#ifndef TL_KERNELS_SOFTMAX_H
#define TL_KERNELS_SOFTMAX_H

#include <stdint.h>

/* x[j] = exp(scale·x[j]) / Σ exp(scale·x), j < n (n >= 1, scale > 0), in place and safe from overflow: the
 * largest is subtracted first. Returns log Σ exp(scale·x). Runs on the calling thread. */
float tlk_softmax_row(int32_t n, float scale, float *x);

/* x[j] = exp(scale·x[j] - lse): the same probabilities again from the scores and what tlk_softmax_row
 * returned. */
void tlk_softmax_row_from_lse(int32_t n, float scale, float lse, float *x);

#endif
