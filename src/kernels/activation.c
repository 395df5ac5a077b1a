/* GELU (by erf and by tanh), ReLU and tanh, forward and backward. */
#include "kernels/activation_lanes.h"
#include "kernels/elementwise.h"
#include "kernels/pointwise.h"
#include "kernels/ranges.h"

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
FORWARD(tlk_tanh_forward, v4_tanh_each)
BACKWARD(tlk_tanh_backward, y, tanh_gradient)
