/* Rotary positions (RoPE): pairs of a head's numbers turned by angles that grow with the token's position, so
 * that products of queries and keys depend on distances. As transformers does it (rotate_half): number d of
 * the first half of a head pairs with number d of the second, and their angle is position / theta^(2d / D).
 *
 *   tlk_rope_table(S, D, 10000.0, table);
 *   tlk_rope_forward(pool, &(tlk_rope){.T = T, .H = H, .D = D, .positions = positions, .table = table}, q,
 * ldq);
 */
#ifndef TL_KERNELS_ROPE_H
#define TL_KERNELS_ROPE_H

#include <stdint.h>

#include "base/pool.h"

typedef struct tlk_rope {
  int32_t T;
  int32_t H;
  int32_t D;                /* even */
  const int32_t *positions; /* (T) rows of the table */
  const float *table;       /* (positions × D): D/2 cosines, D/2 sines */
} tlk_rope;

/* Fills the table for positions 0 … positions - 1. The angle is rounded to float as transformers rounds it.
 */
void tlk_rope_table(int32_t positions, int32_t D, double theta, float *table);

/* Turns the H heads of each row of x (T rows, ldx floats apart) by its position's angles. */
void tlk_rope_forward(tl_pool *pool, const tlk_rope *rope, float *x, int32_t ldx);

/* Turns a gradient back: the rotation's transpose is its inverse. */
void tlk_rope_backward(tl_pool *pool, const tlk_rope *rope, float *dx, int32_t lddx);

#endif
