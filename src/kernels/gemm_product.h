/* The general matrix product behind the three forms of gemm.h, on a pool or inside a task (as attention needs
 * it). */
#ifndef TL_KERNELS_GEMM_PRODUCT_H
#define TL_KERNELS_GEMM_PRODUCT_H

#include <stdbool.h>

#include "base/pool.h"
#include "kernels/gemm_pack.h"

/* c (M×N, rows ldc apart) = Σ over k of left row m · right row n, plus bias[n] if there is one, or plus what
 * was there if `add`. (Not both.) */
typedef struct tlk_product {
  size_t M;
  size_t N;
  size_t K;
  tlk_operand left;  /* M rows */
  tlk_operand right; /* N rows */
  float *c;
  size_t ldc;
  const float *bias; /* N, or NULL */
  bool add;
} tlk_product;

/* Floats of scratch; SIZE_MAX if it overflows. It never falls when an argument grows. */
size_t tlk_product_scratch(size_t M, size_t N, size_t K, size_t threads);

/* Runs on all threads of the pool. scratch: for that many threads. */
void tlk_product_run(tl_pool *pool, const tlk_product *product, float *scratch);

/* Runs on the calling thread alone. scratch: for one thread. The same bits as on a pool. */
void tlk_product_serial(const tlk_product *product, float *scratch);

/* Operands of matrices in row-major order, rows ld apart: its rows as they stand, or its columns. */
static inline tlk_operand tlk_rows_of(const float *matrix, size_t ld) { return (tlk_operand){matrix, ld, 1}; }
static inline tlk_operand tlk_columns_of(const float *matrix, size_t ld) {
  return (tlk_operand){matrix, 1, ld};
}

#endif
