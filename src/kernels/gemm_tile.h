/* The innermost step of a matrix product: one tile of the result in registers, k innermost, over packed
 * panels.
 *
 * A tile is TLK_TILE_M rows by TLK_TILE_N columns: two vectors wide, and as high as the registers allow.
 * JavaScript engines give 15 of x86's 16 vector registers. With a fused multiply-add, 6 rows need 12 sums + 2
 * of B + 1 of A = 15; a separate multiply needs one more for the product, so there the tile has 5 rows. */
#ifndef TL_KERNELS_GEMM_TILE_H
#define TL_KERNELS_GEMM_TILE_H

#include <stddef.h>

enum {
#if defined(__wasm_relaxed_simd__)
  TLK_TILE_M = 6,
#else
  TLK_TILE_M = 5,
#endif
  TLK_TILE_N = 8
};

/* c[i·ldc + j] = Σ over k < K of a[k·TLK_TILE_M + i]·b[k·TLK_TILE_N + j], k ascending, plus
 * before[i·before_step + j], for all i < TLK_TILE_M, j < TLK_TILE_N. before may be c. K >= 1. */
void tlk_gemm_tile(size_t K, const float *a, const float *b, float *c, size_t ldc, const float *before,
                   size_t before_step);

#endif
