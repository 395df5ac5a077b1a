/* exp, erf and tanh of four numbers at once. Bounds are tested over dense grids against the C library in
 * double. NaN in, NaN out. The rational functions are minimax fits by relative error, made for this file.
 *
 * Their constants are read from tables (v4_table): as literals, V8 builds each in a general register and
 * moves it over on every turn of a loop, which takes longer than the arithmetic. */
#ifndef TL_KERNELS_VECTOR_MATH_H
#define TL_KERNELS_VECTOR_MATH_H

#include "kernels/simd.h"

#define ALL_LANES(x) {x, x, x, x}

/* e^x. Relative error below 2e-7 for -87.3 <= x <= 88; 0 below that range; above it x counts as 88. */
static inline tl_v4 v4_exp(tl_v4 x) {
  static const struct exp_numbers {
    tl_v4 lowest, highest, log2_e, rounder, minus_ln2_high, minus_ln2_low, p[7];
  } numbers = {
      .lowest = ALL_LANES(-87.3f), /* e^x is about the smallest normal number here */
      .highest = ALL_LANES(88.0f),
      .log2_e = ALL_LANES(1.44269504f),
      .rounder = ALL_LANES(0x1.8p23f),            /* a sum with this has no room for fractions: it rounds */
      .minus_ln2_high = ALL_LANES(-0.693359375f), /* so few bits that a whole number times it is exact */
      .minus_ln2_low = ALL_LANES(2.12194440e-4f),
      /* e^r = 1 + r + r²·(p1 + r·(p2 + …)), the coefficients slightly off Taylor's */
      .p = {ALL_LANES(1.0f), ALL_LANES(5.0000001201e-1f), ALL_LANES(1.6666665459e-1f),
            ALL_LANES(4.1665795894e-2f), ALL_LANES(8.3334519073e-3f), ALL_LANES(1.3981999507e-3f),
            ALL_LANES(1.9875691500e-4f)},
  };
  const struct exp_numbers *c = v4_table(&numbers);
  const tl_i4 vanishes = x < c->lowest;
  x = v4_min(v4_max(x, c->lowest), c->highest);
  /* x = n·ln 2 + r with |r| <= ln 2 / 2; n is also what the low bits of `rounded` count */
  const tl_v4 rounded = v4_madd(x, c->log2_e, c->rounder);
  const tl_v4 n = rounded - c->rounder;
  const tl_v4 r = v4_madd(n, c->minus_ln2_low, v4_madd(n, c->minus_ln2_high, x));
  tl_v4 p = v4_madd(c->p[6], r, c->p[5]);
  p = v4_madd(p, r, c->p[4]);
  p = v4_madd(p, r, c->p[3]);
  p = v4_madd(p, r, c->p[2]);
  p = v4_madd(p, r, c->p[1]);
  p = v4_madd(p, r * r, r) + c->p[0];
  const tl_v4 power = (tl_v4)(((tl_u4)rounded << 23) + (tl_u4)c->p[0]); /* 2^n: n added to 1's exponent */
  return v4_select(vanishes, v4_zero(), p * power);
}

/* An odd function of x that reaches ±1: x·p(x²)/q(x²), with |x| cut at `end`. */
typedef struct odd_numbers {
  tl_v4 end, p[6], q[6];
} odd_numbers;

static inline tl_v4 v4_odd_rational(tl_v4 x, const odd_numbers *table, int p_degree, int q_degree) {
  const odd_numbers *c = v4_table(table);
  const tl_v4 size = v4_min(v4_abs(x), c->end);
  const tl_v4 t = size * size;
  tl_v4 p = c->p[p_degree], q = c->q[q_degree];
#pragma GCC unroll 8
  for (int i = p_degree - 1; i >= 0; i--)
    p = v4_madd(p, t, c->p[i]);
#pragma GCC unroll 8
  for (int i = q_degree - 1; i >= 0; i--)
    q = v4_madd(q, t, c->q[i]);
  return v4_copysign(v4_min(size * p / q, v4_splat(1.0f)), x);
}

/* The error function. Relative error below 6e-7; exactly ±1 beyond ±3.92. */
static inline tl_v4 v4_erf(tl_v4 x) {
  static const odd_numbers numbers = {
      .end = ALL_LANES(3.92f),
      .p = {ALL_LANES(0x1.20dd74p+0f), ALL_LANES(0x1.85e1f8p-3f), ALL_LANES(0x1.b012bcp-5f),
            ALL_LANES(0x1.ed5784p-9f), ALL_LANES(0x1.2aa2fep-12f), ALL_LANES(0x1.131eeap-19f)},
      .q = {ALL_LANES(1.0f), ALL_LANES(0.5020459f), ALL_LANES(0.11409421f), ALL_LANES(0.014965819f),
            ALL_LANES(0.00116204f), ALL_LANES(3.8084592e-05f)},
  };
  return v4_odd_rational(x, &numbers, 5, 5);
}

/* The hyperbolic tangent. Relative error below 5e-7; exactly ±1 beyond ±9.02. */
static inline tl_v4 v4_tanh(tl_v4 x) {
  static const odd_numbers numbers = {
      .end = ALL_LANES(9.02f),
      .p = {ALL_LANES(1.0f), ALL_LANES(0x1.1203e4p-3f), ALL_LANES(0x1.c9f562p-9f), ALL_LANES(0x1.594e3cp-16f),
            ALL_LANES(0x1.c98cbep-27f)},
      .q = {ALL_LANES(1.0f), ALL_LANES(0.46712965f), ALL_LANES(0.025870752f), ALL_LANES(0.00032829389f),
            ALL_LANES(7.76101e-07f)},
  };
  return v4_odd_rational(x, &numbers, 4, 4);
}

#endif
