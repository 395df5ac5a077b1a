/* The vocabulary of four-lane vectors that all kernels are written in, and the only file with intrinsics.
 *
 * Two backends share one source: WebAssembly SIMD, plain or relaxed, and native code for tests. Both use the
 * compilers' vector extensions (GCC and Clang; lowered to scalar code where a machine has no vectors), with
 * intrinsics only for what those cannot say. Only the relaxed build fuses multiply and add (v4_madd); lanes
 * never depend on each other except in the functions that say so, so an element's result does not depend on
 * its lane. */
#ifndef TL_KERNELS_SIMD_H
#define TL_KERNELS_SIMD_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__wasm_simd128__)
#include <wasm_simd128.h>
#else
#include <math.h>
#endif

typedef float tl_v4 __attribute__((vector_size(16)));
typedef int32_t tl_i4 __attribute__((vector_size(16))); /* as a mask: lanes of all ones or all zeros */
typedef uint32_t tl_u4 __attribute__((vector_size(16)));

enum {
  TL_LANES = 4,
  TL_GROUP = 2 /* vectors that take one way through a loop together, where they can share work */
};

/* Inlined into each caller with its constants and functions, so that calls and loops over them vanish. */
#define TLK_INLINE static inline __attribute__((always_inline))

/* Memory: no alignment is asked for. */
static inline tl_v4 v4_load(const float *from) {
  tl_v4 x;
  memcpy(&x, from, sizeof x);
  return x;
}

static inline void v4_store(float *to, tl_v4 x) { memcpy(to, &x, sizeof x); }

/* The first `count` (1 … 4) floats; the other lanes are 0, or stay in memory as they were. */
static inline tl_v4 v4_load_part(const float *from, size_t count) {
  if (count == TL_LANES)
    return v4_load(from);
  float lanes[TL_LANES] = {0.0f, 0.0f, 0.0f, 0.0f};
  for (size_t i = 0; i < count; i++)
    lanes[i] = from[i];
  return v4_load(lanes);
}

static inline void v4_store_part(float *to, tl_v4 x, size_t count) {
  if (count == TL_LANES) {
    v4_store(to, x);
    return;
  }
  float lanes[TL_LANES];
  v4_store(lanes, x);
  for (size_t i = 0; i < count; i++)
    to[i] = lanes[i];
}

static inline tl_v4 v4_splat(float x) { return (tl_v4){x, x, x, x}; }
static inline tl_i4 i4_splat(int32_t x) { return (tl_i4){x, x, x, x}; }
static inline tl_u4 u4_splat(uint32_t x) { return (tl_u4){x, x, x, x}; }
static inline tl_v4 v4_zero(void) { return v4_splat(0.0f); }
static inline tl_v4 v4_load_splat(const float *from) { return v4_splat(*from); }

/* A table of constants whose contents the compiler does not see, so that they stay loads. */
static inline const void *v4_table(const void *table) {
  __asm__("" : "+r"(table));
  return table;
}

/* a·b + c: rounded once in the relaxed build where the machine can, twice in the others. */
static inline tl_v4 v4_madd(tl_v4 a, tl_v4 b, tl_v4 c) {
#if defined(__wasm_relaxed_simd__)
  return (tl_v4)wasm_f32x4_relaxed_madd((v128_t)a, (v128_t)b, (v128_t)c);
#else
  return a * b + c;
#endif
}

/* mask ? a : b, lane by lane. */
static inline tl_v4 v4_select(tl_i4 mask, tl_v4 a, tl_v4 b) {
#if defined(__wasm_simd128__)
  return (tl_v4)wasm_v128_bitselect((v128_t)a, (v128_t)b, (v128_t)mask);
#else
  return (tl_v4)(((tl_i4)a & mask) | ((tl_i4)b & ~mask));
#endif
}

/* The smaller, the larger. If a is NaN the result is NaN; if only b is, it is a. */
static inline tl_v4 v4_min(tl_v4 a, tl_v4 b) {
#if defined(__wasm_simd128__)
  return (tl_v4)wasm_f32x4_pmin((v128_t)a, (v128_t)b);
#else
  return v4_select(b < a, b, a);
#endif
}

static inline tl_v4 v4_max(tl_v4 a, tl_v4 b) {
#if defined(__wasm_simd128__)
  return (tl_v4)wasm_f32x4_pmax((v128_t)a, (v128_t)b);
#else
  return v4_select(a < b, b, a);
#endif
}

static inline tl_v4 v4_abs(tl_v4 x) { return (tl_v4)((tl_i4)x & i4_splat(INT32_MAX)); }

/* The size of x with the sign of `sign`. */
static inline tl_v4 v4_copysign(tl_v4 x, tl_v4 sign) {
  return (tl_v4)(((tl_i4)x & i4_splat(INT32_MAX)) | ((tl_i4)sign & i4_splat(INT32_MIN)));
}

static inline tl_v4 v4_sqrt(tl_v4 x) {
#if defined(__wasm_simd128__)
  return (tl_v4)wasm_f32x4_sqrt((v128_t)x);
#else
  return (tl_v4){sqrtf(x[0]), sqrtf(x[1]), sqrtf(x[2]), sqrtf(x[3])};
#endif
}

/* x with 0 in the lanes from `count` on. */
static inline tl_v4 v4_first(tl_v4 x, size_t count) {
  const tl_i4 within = (tl_i4){0, 1, 2, 3} < i4_splat((int32_t)count);
  return (tl_v4)((tl_i4)x & within);
}

/* Across lanes, always in the same order: (0 + 2) + (1 + 3). */
static inline float v4_sum(tl_v4 x) { return (x[0] + x[2]) + (x[1] + x[3]); }

static inline float v4_largest(tl_v4 x) {
  float a = x[0] < x[2] ? x[2] : x[0];
  float b = x[1] < x[3] ? x[3] : x[1];
  return a < b ? b : a;
}

/* Turns the 4×4 block of the rows r[0 … 3] into its columns. */
static inline void v4_transpose(tl_v4 r[4]) {
  const tl_v4 a = __builtin_shufflevector(r[0], r[1], 0, 4, 1, 5);
  const tl_v4 b = __builtin_shufflevector(r[2], r[3], 0, 4, 1, 5);
  const tl_v4 c = __builtin_shufflevector(r[0], r[1], 2, 6, 3, 7);
  const tl_v4 d = __builtin_shufflevector(r[2], r[3], 2, 6, 3, 7);
  r[0] = __builtin_shufflevector(a, b, 0, 1, 4, 5);
  r[1] = __builtin_shufflevector(a, b, 2, 3, 6, 7);
  r[2] = __builtin_shufflevector(c, d, 0, 1, 4, 5);
  r[3] = __builtin_shufflevector(c, d, 2, 3, 6, 7);
}

#endif
