/* The three matrix products as their formulas read, summed in double. */
#include "kernels/scalar/scalar_twins.h"

/* Σ over k of a[k·a_step]·b[k·b_step]. */
static double strided_dot(int32_t K, const float *a, size_t a_step, const float *b, size_t b_step) {
  double sum = 0.0;
  for (size_t k = 0; k < (size_t)K; k++)
    sum += (double)a[k * a_step] * (double)b[k * b_step];
  return sum;
}

void tlk_gemm_nt_scalar(int32_t M, int32_t N, int32_t K, const float *X, int32_t ldx, const float *W,
                        int32_t ldw, const float *bias, float *Y, int32_t ldy) {
  for (size_t m = 0; m < (size_t)M; m++)
    for (size_t n = 0; n < (size_t)N; n++) {
      double sum = strided_dot(K, X + m * (size_t)ldx, 1, W + n * (size_t)ldw, 1);
      Y[m * (size_t)ldy + n] = (float)(sum + (bias ? (double)bias[n] : 0.0));
    }
}

void tlk_gemm_nt_add_scalar(int32_t M, int32_t N, int32_t K, const float *X, int32_t ldx, const float *W,
                            int32_t ldw, float *Y, int32_t ldy) {
  for (size_t m = 0; m < (size_t)M; m++)
    for (size_t n = 0; n < (size_t)N; n++) {
      float *result = &Y[m * (size_t)ldy + n];
      *result = (float)((double)*result + strided_dot(K, X + m * (size_t)ldx, 1, W + n * (size_t)ldw, 1));
    }
}

void tlk_gemm_nn_scalar(int32_t M, int32_t N, int32_t K, const float *dY, int32_t lddy, const float *W,
                        int32_t ldw, float *dX, int32_t lddx, bool accumulate) {
  for (size_t m = 0; m < (size_t)M; m++)
    for (size_t n = 0; n < (size_t)N; n++) {
      double sum = strided_dot(K, dY + m * (size_t)lddy, 1, W + n, (size_t)ldw);
      float *result = &dX[m * (size_t)lddx + n];
      *result = (float)(sum + (accumulate ? (double)*result : 0.0));
    }
}

void tlk_gemm_tn_scalar(int32_t M, int32_t N, int32_t K, const float *dY, int32_t lddy, const float *X,
                        int32_t ldx, float *dW, int32_t lddw) {
  for (size_t m = 0; m < (size_t)M; m++)
    for (size_t n = 0; n < (size_t)N; n++) {
      float *result = &dW[m * (size_t)lddw + n];
      *result = (float)((double)*result + strided_dot(K, dY + m, (size_t)lddy, X + n, (size_t)ldx));
    }
}
