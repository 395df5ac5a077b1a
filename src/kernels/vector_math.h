/* exp, tanh, and of GELU the normal distribution (by erf) and the slope. NaN in, NaN out. An ulp is the
 * distance from the true result to the next float; the bounds hold in all builds and are tested against the C
 * library in double over all exponents.
 *
 * Constants are read from tables (v4_table): as literals, V8 builds each in a general register and moves it
 * over on every turn of a loop, which takes longer than the arithmetic. Even loads take time: functions named
 * …_each replace `count` vectors (a constant, 1 or TL_GROUP) by their values and load each constant once. */
#ifndef TL_KERNELS_VECTOR_MATH_H
#define TL_KERNELS_VECTOR_MATH_H

#include "kernels/simd.h"

#define ALL_LANES(x) {x, x, x, x}

/* e^x within 1.2 ulp for -87.3 <= x <= 88. Below, the results fade through the subnormal numbers, and are 0
 * from -87.7 on; above, x counts as 88. */
static inline tl_v4 v4_exp(tl_v4 x) {
  static const struct exp_numbers {
    tl_v4 lowest, highest, log2_e, rounder, minus_ln2_high, minus_ln2_low, p[6];
  } numbers = {
      .lowest = ALL_LANES(-88.0f), /* n is -127 here, and 2^n, whose exponent's bits are then all 0, is 0 */
      .highest = ALL_LANES(88.0f),
      .log2_e = ALL_LANES(1.44269504f),
      .rounder = ALL_LANES(0x1.8p23f),            /* a sum with this has no room for fractions: it rounds */
      .minus_ln2_high = ALL_LANES(-0.693359375f), /* so few bits that a whole number times it is exact */
      .minus_ln2_low = ALL_LANES(2.12194440e-4f),
      /* e^r = 1 + r + r²·(p1 + r·(p2 + …)): a minimax fit, near Taylor's coefficients */
      .p = {ALL_LANES(1.0f), ALL_LANES(0.49999994f), ALL_LANES(0.16666521f), ALL_LANES(0.04166839f),
            ALL_LANES(0.008368745f), ALL_LANES(0.0013814542f)},
  };
  const struct exp_numbers *c = v4_table(&numbers);
  x = v4_min(v4_max(x, c->lowest), c->highest);
  /* x = n·ln 2 + r with |r| <= ln 2 / 2; n is also what the low bits of `rounded` count */
  const tl_v4 rounded = v4_madd(x, c->log2_e, c->rounder);
  const tl_v4 n = rounded - c->rounder;
  const tl_v4 r = v4_madd(n, c->minus_ln2_low, v4_madd(n, c->minus_ln2_high, x));
  tl_v4 p = v4_madd(c->p[5], r, c->p[4]);
  p = v4_madd(p, r, c->p[3]);
  p = v4_madd(p, r, c->p[2]);
  p = v4_madd(p, r, c->p[1]);
  p = v4_madd(p, r * r, r) + c->p[0];
  return p * (tl_v4)(((tl_u4)rounded << 23) + (tl_u4)c->p[0]); /* 2^n: n added to 1's exponent */
}

/* An odd function of x: x·p(x²)/q(x²), with x cut at ±end. The rational functions are minimax fits by
 * relative error, made for this file. */
typedef struct odd_numbers {
  tl_v4 end, minus_end, p[6], q[6];
} odd_numbers;

#define ENDS_AT(x) .end = ALL_LANES(x), .minus_end = ALL_LANES(-(x))

TLK_INLINE void v4_odd_rational_each(tl_v4 *x, int count, const odd_numbers *table, int degree) {
  const odd_numbers *c = v4_table(table);
  tl_v4 t[TL_GROUP], p[TL_GROUP], q[TL_GROUP];
#pragma GCC unroll 2
  for (int v = 0; v < count; v++) {
    x[v] = v4_max(v4_min(x[v], c->end), c->minus_end);
    t[v] = x[v] * x[v];
    p[v] = c->p[degree];
    q[v] = c->q[degree];
  }
#pragma GCC unroll 8
  for (int i = degree - 1; i >= 0; i--) {
    const tl_v4 p_i = c->p[i], q_i = c->q[i];
#pragma GCC unroll 2
    for (int v = 0; v < count; v++) {
      p[v] = v4_madd(p[v], t[v], p_i);
      q[v] = v4_madd(q[v], t[v], q_i);
    }
  }
#pragma GCC unroll 2
  for (int v = 0; v < count; v++)
    x[v] = x[v] * p[v] / q[v];
}

/* Φ(x) - 1/2 = erf(x/√2)/2 within 6 ulp, Φ the normal distribution function; beyond ±5.58 just above 1/2. */
TLK_INLINE void v4_normal_each(tl_v4 *x, int count) {
  static const odd_numbers numbers = {
      ENDS_AT(5.58f),
      .p = {ALL_LANES(0x1.988452p-2f), ALL_LANES(0x1.121886p-5f), ALL_LANES(0x1.30d6fap-8f),
            ALL_LANES(0x1.592332p-13f), ALL_LANES(0x1.a6e47p-18f), ALL_LANES(0x1.89f3f8p-26f)},
      .q = {ALL_LANES(1.0f), ALL_LANES(0.250535578f), ALL_LANES(0.0284161661f), ALL_LANES(0.00186064944f),
            ALL_LANES(7.21671895e-05f), ALL_LANES(1.19902552e-06f)},
  };
  v4_odd_rational_each(x, count, &numbers, 5);
}

/* The slope of x·Φ(x), Φ the normal distribution's, less 1/2: erf(x/√2)/2 + x·exp(-x²/2)/√(2π). It is odd,
 * so one rational function takes the place of an erf and an exp. Within 8 ulp; 1/2 beyond ±5.8. */
TLK_INLINE void v4_gelu_slope_each(tl_v4 *x, int count) {
  static const odd_numbers numbers = {
      ENDS_AT(5.8f),
      .p = {ALL_LANES(0x1.98845ap-1f), ALL_LANES(-0x1.f91faap-6f), ALL_LANES(0x1.d1dd5ep-7f),
            ALL_LANES(0x1.78307p-16f), ALL_LANES(0x1.2d3a9p-15f), ALL_LANES(0x1.9bde12p-23f)},
      .q = {ALL_LANES(1.0f), ALL_LANES(0.294697762f), ALL_LANES(0.0410372019f), ALL_LANES(0.00352664618f),
            ALL_LANES(0.000193093001f), ALL_LANES(8.91714808e-06f)},
  };
  v4_odd_rational_each(x, count, &numbers, 5);
}

/* The hyperbolic tangent within 6 ulp; exactly ±1 beyond ±9.02. */
TLK_INLINE void v4_tanh_each(tl_v4 *x, int count) {
  static const odd_numbers numbers = {
      ENDS_AT(9.02f),
      .p = {ALL_LANES(1.0f), ALL_LANES(0x1.1203e4p-3f), ALL_LANES(0x1.c9f562p-9f), ALL_LANES(0x1.594e3cp-16f),
            ALL_LANES(0x1.c98cbep-27f)},
      .q = {ALL_LANES(1.0f), ALL_LANES(0.46712965f), ALL_LANES(0.025870752f), ALL_LANES(0.00032829389f),
            ALL_LANES(7.76101e-07f)},
  };
  v4_odd_rational_each(x, count, &numbers, 4);
  for (int v = 0; v < count; v++)
    x[v] = v4_max(v4_min(x[v], v4_splat(1.0f)), v4_splat(-1.0f));
}

#endif
