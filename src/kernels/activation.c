/* GELU (by erf and by tanh), ReLU and tanh, forward and backward. */
#include "kernels/elementwise.h"
#include "kernels/pointwise.h"
#include "kernels/ranges.h"
#include "kernels/vector_math.h"

#define SQRT_HALF 0.70710678f           /* √(1/2) */
#define INVERSE_SQRT_TWO_PI 0.39894228f /* 1/√(2π) */
#define SQRT_TWO_OVER_PI 0.79788456f    /* √(2/π) */
#define GELU_CUBIC 0.044715f

/* Φ(x), the normal distribution function. */
static inline tl_v4 normal_distribution(tl_v4 x) {
  const tl_v4 half = v4_splat(0.5f);
  return v4_madd(v4_erf(x * v4_splat(SQRT_HALF)), half, half);
}

static inline tl_v4 gelu(tl_v4 x) { return x * normal_distribution(x); }

static inline tl_v4 gelu_gradient(tl_v4 x, tl_v4 dy) {
  const tl_v4 density = v4_splat(INVERSE_SQRT_TWO_PI) * v4_exp(v4_splat(-0.5f) * x * x);
  return dy * v4_madd(x, density, normal_distribution(x));
}

/* tanh(√(2/π)·(x + 0.044715·x³)) */
static inline tl_v4 gelu_tanh_inner(tl_v4 x) {
  return v4_tanh(v4_splat(SQRT_TWO_OVER_PI) * v4_madd(v4_splat(GELU_CUBIC) * x * x, x, x));
}

static inline tl_v4 gelu_tanh(tl_v4 x) {
  const tl_v4 half_x = v4_splat(0.5f) * x;
  return v4_madd(half_x, gelu_tanh_inner(x), half_x);
}

static inline tl_v4 gelu_tanh_gradient(tl_v4 x, tl_v4 dy) {
  const tl_v4 one = v4_splat(1.0f), half = v4_splat(0.5f);
  const tl_v4 t = gelu_tanh_inner(x);
  const tl_v4 slope = v4_splat(SQRT_TWO_OVER_PI) * v4_madd(v4_splat(3.0f * GELU_CUBIC) * x, x, one);
  return dy * v4_madd(half * x * (one - t * t), slope, v4_madd(half, t, half));
}

static inline tl_v4 relu(tl_v4 x) { return v4_max(x, v4_zero()); }

static inline tl_v4 relu_gradient(tl_v4 x, tl_v4 dy) { return v4_select(x > v4_zero(), dy, v4_zero()); }

static inline tl_v4 tanh_gradient(tl_v4 y, tl_v4 dy) { return dy * (v4_splat(1.0f) - y * y); }

typedef struct arrays {
  const float *x;
  const float *dy; /* backward only */
  float *out;
} arrays;

/* Each kernel: the work on a range, and the entry that shares it. Backward takes what forward saved. */
#define FORWARD(kernel, function)                                                                            \
  static void kernel##_range(const void *arguments, size_t begin, size_t end) {                              \
    const arrays *a = arguments;                                                                             \
    elementwise_map(a->x, a->out, begin, end, function);                                                     \
  }                                                                                                          \
  void kernel(tl_pool *pool, const float *x, float *y, size_t n) {                                           \
    const arrays a = {x, NULL, y};                                                                           \
    tlk_run_ranges(pool, n, TLK_ELEMENT_GRAIN, n, kernel##_range, &a);                                       \
  }

#define BACKWARD(kernel, saved, function)                                                                    \
  static void kernel##_range(const void *arguments, size_t begin, size_t end) {                              \
    const arrays *a = arguments;                                                                             \
    elementwise_map2(a->x, a->dy, a->out, begin, end, function);                                             \
  }                                                                                                          \
  void kernel(tl_pool *pool, const float *saved, const float *dy, float *dx, size_t n) {                     \
    const arrays a = {saved, dy, dx};                                                                        \
    tlk_run_ranges(pool, n, TLK_ELEMENT_GRAIN, n, kernel##_range, &a);                                       \
  }

FORWARD(tlk_gelu_forward, gelu)
BACKWARD(tlk_gelu_backward, x, gelu_gradient)
FORWARD(tlk_gelu_tanh_forward, gelu_tanh)
BACKWARD(tlk_gelu_tanh_backward, x, gelu_tanh_gradient)
FORWARD(tlk_relu_forward, relu)
BACKWARD(tlk_relu_backward, x, relu_gradient)
FORWARD(tlk_tanh_forward, v4_tanh)
BACKWARD(tlk_tanh_backward, y, tanh_gradient)
