/* Gated activations against their scalar twins, on any number of threads. */
#include "kernels/gated.h"

#include "kernel_testing.h"
#include "kernels/scalar/scalar_twins.h"

typedef struct gated_kernel {
  void (*forward)(tl_pool *, int32_t, int32_t, const float *, float *);
  void (*backward)(tl_pool *, int32_t, int32_t, float *, const float *);
  void (*forward_scalar)(int32_t, int32_t, const float *, float *);
  void (*backward_scalar)(int32_t, int32_t, float *, const float *);
} gated_kernel;

#define KERNEL(name) {name##_forward, name##_backward, name##_forward_scalar, name##_backward_scalar}
static const gated_kernel kernels[] = {KERNEL(tlk_gated_gelu), KERNEL(tlk_gated_gelu_tanh),
                                       KERNEL(tlk_gated_relu)};

/* The steepest slope, of GELU by tanh, makes some 5 times as much of tanh's own 6 ulp, and the gate 3 times
 * that: 6·6e-8·15 = 5e-6. A wrong term would be a million times as large. */
static void check_kernel(const gated_kernel *kernel, int32_t rows, int32_t F) {
  const size_t n = (size_t)rows * (size_t)F;
  float *x = random_floats(2 * n, 3.0f, 1), *dy = random_floats(n, 1.0f, 2), *y = canary_alloc(n);
  float *expected = canary_alloc(n), *dx = copy_of(x, 2 * n), *slope = copy_of(x, 2 * n);
  kernel->forward_scalar(rows, F, x, expected);
  kernel->backward_scalar(rows, F, slope, dy);
  for (int32_t threads = 1; threads <= POOLS; threads++) {
    tl_pool *pool = test_pool(threads);
    memcpy(dx, x, 2 * n * sizeof *dx);
    kernel->forward(pool, rows, F, x, y);
    kernel->backward(pool, rows, F, dx, dy);
    CHECK_CLOSE_ARRAY(y, expected, n, 1e-5, 5e-6);
    CHECK_CLOSE_ARRAY(dx, slope, 2 * n, 1e-5, 5e-6);
    tl_pool_free(pool);
  }
  canary_free(x), canary_free(dy), canary_free(y), canary_free(expected), canary_free(dx), canary_free(slope);
}

TEST(gated_activations_equal_their_twins) {
  for (size_t i = 0; i < sizeof kernels / sizeof *kernels; i++) {
    check_kernel(&kernels[i], 1, 1);
    check_kernel(&kernels[i], 5, 7);
    check_kernel(&kernels[i], 300, 66);
  }
}
