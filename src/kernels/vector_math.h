/* exp, erf and tanh of four numbers at once. Bounds are tested over dense grids against the C library in
 * double. NaN in, NaN out. The rational functions are minimax fits by relative error, made for this file. */
#ifndef TL_KERNELS_VECTOR_MATH_H
#define TL_KERNELS_VECTOR_MATH_H

#include "kernels/simd.h"

/* e^x. Relative error below 2e-7 for -87.3 <= x <= 88; 0 below that range; above it x counts as 88. */
static inline tl_v4 v4_exp(tl_v4 x) {
  const tl_v4 lowest = v4_splat(-87.3f); /* e^x is about the smallest normal number here */
  const tl_i4 vanishes = x < lowest;
  x = v4_min(v4_max(x, lowest), v4_splat(88.0f));
  /* x = n·ln 2 + r with |r| <= ln 2 / 2; ln 2 in two parts, the first with so few bits that n times it is
   * exact */
  const tl_i4 n = v4_round_to_int(x * v4_splat(1.44269504f));
  const tl_v4 whole = i4_to_v4(n);
  tl_v4 r = v4_madd(whole, v4_splat(-0.693359375f), x);
  r = v4_madd(whole, v4_splat(2.12194440e-4f), r);
  /* e^r = 1 + r + r²·(1/2 + r/6 + …), the coefficients slightly off Taylor's */
  tl_v4 p = v4_splat(1.9875691500e-4f);
  p = v4_madd(p, r, v4_splat(1.3981999507e-3f));
  p = v4_madd(p, r, v4_splat(8.3334519073e-3f));
  p = v4_madd(p, r, v4_splat(4.1665795894e-2f));
  p = v4_madd(p, r, v4_splat(1.6666665459e-1f));
  p = v4_madd(p, r, v4_splat(5.0000001201e-1f));
  p = v4_madd(p, r * r, r) + v4_splat(1.0f);
  const tl_v4 power = (tl_v4)((tl_u4)(n + i4_splat(127)) << 23); /* 2^n, by its exponent bits */
  return v4_select(vanishes, v4_zero(), p * power);
}

/* The error function. Relative error below 6e-7; exactly ±1 beyond ±3.92. */
static inline tl_v4 v4_erf(tl_v4 x) {
  const tl_v4 size = v4_min(v4_abs(x), v4_splat(3.92f));
  const tl_v4 t = size * size;
  tl_v4 p = v4_splat(0x1.131eeap-19f);
  p = v4_madd(p, t, v4_splat(0x1.2aa2fep-12f));
  p = v4_madd(p, t, v4_splat(0x1.ed57840p-9f));
  p = v4_madd(p, t, v4_splat(0x1.b012bcp-5f));
  p = v4_madd(p, t, v4_splat(0x1.85e1f8p-3f));
  p = v4_madd(p, t, v4_splat(0x1.20dd74p+0f));
  tl_v4 q = v4_splat(3.8084592e-05f);
  q = v4_madd(q, t, v4_splat(0.00116204f));
  q = v4_madd(q, t, v4_splat(0.014965819f));
  q = v4_madd(q, t, v4_splat(0.11409421f));
  q = v4_madd(q, t, v4_splat(0.5020459f));
  q = v4_madd(q, t, v4_splat(1.0f));
  return v4_copysign(v4_min(size * p / q, v4_splat(1.0f)), x);
}

/* The hyperbolic tangent. Relative error below 5e-7; exactly ±1 beyond ±9.02. */
static inline tl_v4 v4_tanh(tl_v4 x) {
  const tl_v4 size = v4_min(v4_abs(x), v4_splat(9.02f));
  const tl_v4 t = size * size;
  tl_v4 p = v4_splat(0x1.c98cbep-27f);
  p = v4_madd(p, t, v4_splat(0x1.594e3cp-16f));
  p = v4_madd(p, t, v4_splat(0x1.c9f562p-9f));
  p = v4_madd(p, t, v4_splat(0x1.1203e4p-3f));
  p = v4_madd(p, t, v4_splat(1.0f));
  tl_v4 q = v4_splat(7.76101e-07f);
  q = v4_madd(q, t, v4_splat(0.00032829389f));
  q = v4_madd(q, t, v4_splat(0.025870752f));
  q = v4_madd(q, t, v4_splat(0.46712965f));
  q = v4_madd(q, t, v4_splat(1.0f));
  return v4_copysign(v4_min(size * p / q, v4_splat(1.0f)), x);
}

#endif
