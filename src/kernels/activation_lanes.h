/* The activations of a few vectors at a time, and their gradients: what the kernels apply to arrays. Each
 * replaces `count` vectors (1 or TL_GROUP) by their values. */
#ifndef TL_KERNELS_ACTIVATION_LANES_H
#define TL_KERNELS_ACTIVATION_LANES_H

#include "kernels/vector_math.h"

#define SQRT_TWO_OVER_PI 0.79788456f /* √(2/π) */
#define GELU_CUBIC 0.044715f

/* In memory, as vector_math.h's constants are. */
static const struct half {
  tl_v4 lanes;
} half_table = {ALL_LANES(0.5f)};

TLK_INLINE tl_v4 one_half(void) { return ((const struct half *)v4_table(&half_table))->lanes; }

/* x·Φ(x) */
TLK_INLINE void gelu(tl_v4 *x, int count) {
  const tl_v4 half = one_half();
  tl_v4 normal[TL_GROUP];
  for (int v = 0; v < count; v++)
    normal[v] = x[v];
  v4_normal_each(normal, count);
  for (int v = 0; v < count; v++)
    x[v] *= v4_max(normal[v] + half, v4_zero()); /* 0 far down, not an ulp below */
}

TLK_INLINE void gelu_gradient(tl_v4 *x, const tl_v4 *dy, int count) {
  const tl_v4 half = one_half();
  v4_gelu_slope_each(x, count);
  for (int v = 0; v < count; v++)
    x[v] = dy[v] * (x[v] + half);
}

/* tanh(√(2/π)·(x + 0.044715·x³)) */
TLK_INLINE void gelu_tanh_inner(const tl_v4 *x, tl_v4 *inner, int count) {
  for (int v = 0; v < count; v++)
    inner[v] = v4_splat(SQRT_TWO_OVER_PI) * v4_madd(v4_splat(GELU_CUBIC) * x[v] * x[v], x[v], x[v]);
  v4_tanh_each(inner, count);
}

TLK_INLINE void gelu_tanh(tl_v4 *x, int count) {
  tl_v4 inner[TL_GROUP];
  gelu_tanh_inner(x, inner, count);
  for (int v = 0; v < count; v++) {
    const tl_v4 half_x = v4_splat(0.5f) * x[v];
    x[v] = v4_madd(half_x, inner[v], half_x);
  }
}

TLK_INLINE void gelu_tanh_gradient(tl_v4 *x, const tl_v4 *dy, int count) {
  const tl_v4 one = v4_splat(1.0f), half = v4_splat(0.5f);
  tl_v4 inner[TL_GROUP];
  gelu_tanh_inner(x, inner, count);
  for (int v = 0; v < count; v++) {
    const tl_v4 t = inner[v];
    const tl_v4 slope = v4_splat(SQRT_TWO_OVER_PI) * v4_madd(v4_splat(3.0f * GELU_CUBIC) * x[v], x[v], one);
    x[v] = dy[v] * v4_madd(half * x[v] * (one - t * t), slope, v4_madd(half, t, half));
  }
}

TLK_INLINE void relu(tl_v4 *x, int count) {
  for (int v = 0; v < count; v++)
    x[v] = v4_max(x[v], v4_zero());
}

TLK_INLINE void relu_gradient(tl_v4 *x, const tl_v4 *dy, int count) {
  for (int v = 0; v < count; v++)
    x[v] = v4_select(x[v] > v4_zero(), dy[v], v4_zero());
}

TLK_INLINE void tanh_gradient(tl_v4 *y, const tl_v4 *dy, int count) {
  for (int v = 0; v < count; v++)
    y[v] = dy[v] * (v4_splat(1.0f) - y[v] * y[v]);
}

#endif
