/* The innermost loop of all matrix products. It has a file and a function of its own: merged into a caller,
 * or with more than one step of k in a turn, V8 runs out of registers and writes sums to memory on every turn
 * (half the speed). */
#include "kernels/gemm_tile.h"

#include "kernels/simd.h"

void tlk_gemm_tile(size_t K, const float *a, const float *b, float *c, size_t ldc, const float *before,
                   size_t before_step) {
  tl_v4 sums[TLK_TILE_M][2];
#pragma GCC unroll 8
  for (int i = 0; i < TLK_TILE_M; i++)
    sums[i][0] = sums[i][1] = v4_zero();
  do {
    const tl_v4 b0 = v4_load(b);
    const tl_v4 b1 = v4_load(b + TL_LANES);
#pragma GCC unroll 8
    for (int i = 0; i < TLK_TILE_M; i++) {
      const tl_v4 ai = v4_load_splat(a + i);
      sums[i][0] = v4_madd(ai, b0, sums[i][0]);
      sums[i][1] = v4_madd(ai, b1, sums[i][1]);
    }
    a += TLK_TILE_M;
    b += TLK_TILE_N;
  } while (--K > 0);
#pragma GCC unroll 8
  for (int i = 0; i < TLK_TILE_M; i++) {
    v4_store(c, sums[i][0] + v4_load(before));
    v4_store(c + TL_LANES, sums[i][1] + v4_load(before + TL_LANES));
    c += ldc;
    before += before_step;
  }
}
