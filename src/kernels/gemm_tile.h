/* The innermost step of a matrix product: one tile of the result in registers, k innermost.
 *
 * A tile is two vectors wide, and as high as the registers allow: JavaScript engines give 15 of x86's 16
 * vector registers. With a fused multiply-add, 6 rows need 12 sums + 2 of B + 1 of A = 15; a separate
 * multiply needs one more for the product, so there the tile has 5 rows. Lower tiles serve the edges: from 4
 * rows on they are as fast for each row; less leave the adders waiting for each other. */
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

/* What the tiles of a block have in common. (Together, so that a call has few operands to hand over.) */
typedef struct tlk_tile_shape {
  size_t K;      /* >= 1 */
  size_t a_row;  /* from one row of a to the next */
  size_t a_step; /* from one k to the next; 0: as far as the tile is high */
  size_t b_step;
  size_t ldc;
  size_t before_step;
} tlk_tile_shape;

/* c[i·ldc + j] = Σ over k < K of a[i·a_row + k·a_step]·b[k·b_step + j], k ascending, plus
 * before[i·before_step + j], for all i < rows (1 … TLK_TILE_M), j < TLK_TILE_N. before may be c. */
static inline void tlk_gemm_tile(size_t rows, const tlk_tile_shape *shape, const float *a, const float *b,
                                 float *c, const float *before);

/* A function for each height; and if the rows of a are not adjacent (a_row > 1), another. */
#define TLK_TILE(rows)                                                                                       \
  void tlk_gemm_tile_##rows(const tlk_tile_shape *shape, const float *a, const float *b, float *c,           \
                            const float *before)
#define TLK_TILE_APART(rows)                                                                                 \
  void tlk_gemm_tile_apart_##rows(const tlk_tile_shape *shape, const float *a, const float *b, float *c,     \
                                  const float *before)

#if defined(__wasm_relaxed_simd__)
#define TLK_EACH_HEIGHT(DO) DO(1) DO(2) DO(3) DO(4) DO(5) DO(6)
#else
#define TLK_EACH_HEIGHT(DO) DO(1) DO(2) DO(3) DO(4) DO(5)
#endif

#define TLK_DECLARE(rows)                                                                                    \
  TLK_TILE(rows);                                                                                            \
  TLK_TILE_APART(rows);
TLK_EACH_HEIGHT(TLK_DECLARE)

static inline void tlk_gemm_tile(size_t rows, const tlk_tile_shape *shape, const float *a, const float *b,
                                 float *c, const float *before) {
#define TLK_CALL(n)                                                                                          \
  case n:                                                                                                    \
    if (shape->a_row == 1)                                                                                   \
      tlk_gemm_tile_##n(shape, a, b, c, before);                                                             \
    else                                                                                                     \
      tlk_gemm_tile_apart_##n(shape, a, b, c, before);                                                       \
    break;
  switch (rows) {
    TLK_EACH_HEIGHT(TLK_CALL)
  default:
    break; /* no such tile */
  }
#undef TLK_CALL
}

/* How rows are cut into panels, a tile high each: as few as can be, and equal but for one row that the first
 * `taller` have more. 16 rows are 6 + 5 + 5. */
typedef struct tlk_cut {
  size_t height;
  size_t taller;
} tlk_cut;

static inline tlk_cut tlk_gemm_cut(size_t rows) {
  const size_t panels = rows / TLK_TILE_M + (rows % TLK_TILE_M != 0);
  return panels == 0 ? (tlk_cut){0, 0} : (tlk_cut){rows / panels, rows % panels};
}

static inline size_t tlk_gemm_panel_rows(tlk_cut cut, size_t panel) {
  return cut.height + (panel < cut.taller);
}

#endif
