/* The three matrix products of a dense layer, as cases of the general one. */
#include "kernels/gemm.h"

#include "kernels/gemm_product.h"

size_t tlk_gemm_scratch(int32_t M, int32_t N, int32_t K, int32_t threads) {
  return tlk_product_scratch((size_t)M, (size_t)N, (size_t)K, (size_t)threads);
}

/* Y (M×N) = X (M×K) · W (N×K) transposed, with nothing added yet. */
static tlk_product rows_by_rows(int32_t M, int32_t N, int32_t K, const float *X, int32_t ldx, const float *W,
                                int32_t ldw, float *Y, int32_t ldy) {
  return (tlk_product){.M = (size_t)M,
                       .N = (size_t)N,
                       .K = (size_t)K,
                       .left = tlk_rows_of(X, (size_t)ldx),
                       .right = tlk_rows_of(W, (size_t)ldw),
                       .c = Y,
                       .ldc = (size_t)ldy};
}

void tlk_gemm_nt(tl_pool *pool, int32_t M, int32_t N, int32_t K, const float *X, int32_t ldx, const float *W,
                 int32_t ldw, const float *bias, float *Y, int32_t ldy, float *scratch) {
  tlk_product product = rows_by_rows(M, N, K, X, ldx, W, ldw, Y, ldy);
  product.bias = bias;
  tlk_product_run(pool, &product, scratch);
}

void tlk_gemm_nt_add(tl_pool *pool, int32_t M, int32_t N, int32_t K, const float *X, int32_t ldx,
                     const float *W, int32_t ldw, float *Y, int32_t ldy, float *scratch) {
  tlk_product product = rows_by_rows(M, N, K, X, ldx, W, ldw, Y, ldy);
  product.add = true;
  tlk_product_run(pool, &product, scratch);
}

void tlk_gemm_nn(tl_pool *pool, int32_t M, int32_t N, int32_t K, const float *dY, int32_t lddy,
                 const float *W, int32_t ldw, float *dX, int32_t lddx, bool accumulate, float *scratch) {
  const tlk_product product = {.M = (size_t)M,
                               .N = (size_t)N,
                               .K = (size_t)K,
                               .left = tlk_rows_of(dY, (size_t)lddy),
                               .right = tlk_columns_of(W, (size_t)ldw),
                               .c = dX,
                               .ldc = (size_t)lddx,
                               .add = accumulate};
  tlk_product_run(pool, &product, scratch);
}

void tlk_gemm_tn(tl_pool *pool, int32_t M, int32_t N, int32_t K, const float *dY, int32_t lddy,
                 const float *X, int32_t ldx, float *dW, int32_t lddw, float *scratch) {
  const tlk_product product = {.M = (size_t)M,
                               .N = (size_t)N,
                               .K = (size_t)K,
                               .left = tlk_columns_of(dY, (size_t)lddy),
                               .right = tlk_columns_of(X, (size_t)ldx),
                               .c = dW,
                               .ldc = (size_t)lddw,
                               .add = true};
  tlk_product_run(pool, &product, scratch);
}
