/* The innermost loop of all matrix products. It has a file and a function of its own for each height: merged
 * into a caller, or with more than one step of k in a turn, V8 runs out of registers and writes sums to
 * memory on every turn (half the speed). */
#include "kernels/gemm_tile.h"

#include <stdbool.h>

#include "kernels/simd.h"

TLK_INLINE void tile(size_t rows, bool adjacent, const tlk_tile_shape *shape, const float *a, const float *b,
                     float *c, const float *before) {
  const size_t b_step = shape->b_step, a_step = shape->a_step > 0 ? shape->a_step : rows;
  size_t K = shape->K;
  const float *a_rows[TLK_TILE_M];
  tl_v4 sums[TLK_TILE_M][2];
#pragma GCC unroll 8
  for (size_t i = 0; i < rows; i++) {
    a_rows[i] = a + i * shape->a_row;
    sums[i][0] = sums[i][1] = v4_zero();
  }
  do {
    const tl_v4 b0 = v4_load(b);
    const tl_v4 b1 = v4_load(b + TL_LANES);
#pragma GCC unroll 8
    for (size_t i = 0; i < rows; i++) {
      const tl_v4 ai = v4_load_splat(adjacent ? a + i : a_rows[i]);
      sums[i][0] = v4_madd(ai, b0, sums[i][0]);
      sums[i][1] = v4_madd(ai, b1, sums[i][1]);
      a_rows[i] += a_step;
    }
    a += a_step;
    b += b_step;
  } while (--K > 0);
  const size_t ldc = shape->ldc, before_step = shape->before_step;
#pragma GCC unroll 8
  for (size_t i = 0; i < rows; i++) {
    v4_store(c, sums[i][0] + v4_load(before));
    v4_store(c + TL_LANES, sums[i][1] + v4_load(before + TL_LANES));
    c += ldc;
    before += before_step;
  }
}

#define DEFINE(rows)                                                                                         \
  TLK_TILE(rows) { tile(rows, true, shape, a, b, c, before); }                                               \
  TLK_TILE_APART(rows) { tile(rows, false, shape, a, b, c, before); }

TLK_EACH_HEIGHT(DEFINE)
