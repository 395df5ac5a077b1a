/* What the kernels' tests share: canaried buffers of random numbers, and pools of several sizes. */
#ifndef TL_TEST_KERNEL_TESTING_H
#define TL_TEST_KERNEL_TESTING_H

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/pool.h"
#include "harness.h"

/* A number in [-1, 1), the next of a fixed sequence (Numerical Recipes' generator): every run tests the same
 * numbers. */
static inline float next_random(uint32_t *state) {
  *state = *state * 1664525u + 1013904223u;
  return (float)(*state >> 8) * 0x1p-23f - 1.0f;
}

/* A canaried buffer of n numbers in [-scale, scale). */
static inline float *random_floats(size_t n, float scale, uint32_t seed) {
  uint32_t state = seed * 2654435761u + 1u;
  float *x = canary_alloc(n);
  for (size_t i = 0; i < n; i++)
    x[i] = scale * next_random(&state);
  return x;
}

static inline float *copy_of(const float *x, size_t n) {
  float *copy = canary_alloc(n);
  memcpy(copy, x, n * sizeof(float));
  return copy;
}

/* Pools of 1, 2, 3 and 4 threads: results must have the same bits on all. */
enum { POOLS = 4 };

static inline tl_pool *test_pool(int32_t threads) {
  tl_pool *pool = tl_pool_create(threads);
  if (!pool)
    abort();
  return pool;
}

#endif
