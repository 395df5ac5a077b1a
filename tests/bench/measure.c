/* The benchmarks' clock, medians and peak loop. */
#include "measure.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "kernels/simd.h"
#include "tunelab/context.h"

double seconds_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

void samples_add(samples *all, double value) {
  if (all->count < SAMPLES_MAX)
    all->values[all->count++] = value;
}

static int by_value(const void *left, const void *right) {
  const double a = *(const double *)left, b = *(const double *)right;
  return (a > b) - (a < b);
}

void samples_print(samples *all, const char *name) {
  qsort(all->values, all->count, sizeof(double), by_value);
  const double *v = all->values;
  printf("\"%s\": %.6g, \"%s_spread\": [%.6g, %.6g]", name, v[all->count / 2], name, v[all->count / 4],
         v[all->count * 3 / 4]);
}

enum { PEAK_ROUNDS = 20000 /* at least: shorter runs measure the start of the threads */ };

/* Each thread's numbers, a cache line apart. They come from and go to memory, so that the loop is not
 * computed away. */
typedef struct peak_numbers {
  size_t rounds;
  float at[TL_MAX_THREADS][16];
} peak_numbers;

/* The peak loop: chains enough to hide the latency, few enough that all stay in registers. */
#if defined(__wasm_relaxed_simd__)
enum { CHAINS = 10 };

static tl_v4 peak_loop(tl_v4 a, tl_v4 b, size_t rounds) {
  tl_v4 sums[CHAINS];
  for (int i = 0; i < CHAINS; i++)
    sums[i] = v4_splat((float)i);
  for (size_t round = 0; round < rounds; round++) {
#pragma GCC unroll 16
    for (int i = 0; i < CHAINS; i++)
      sums[i] = v4_madd(a, b, sums[i]);
  }
  for (int i = 1; i < CHAINS; i++)
    sums[0] += sums[i];
  return sums[0];
}
#else
enum { CHAINS = 6 };

static tl_v4 peak_loop(tl_v4 a, tl_v4 b, size_t rounds) {
  tl_v4 sums[CHAINS], products[CHAINS];
  for (int i = 0; i < CHAINS; i++)
    sums[i] = products[i] = v4_splat((float)i);
  for (size_t round = 0; round < rounds; round++) {
#pragma GCC unroll 16
    for (int i = 0; i < CHAINS; i++) {
      sums[i] += a;
      products[i] *= b;
    }
  }
  for (int i = 1; i < CHAINS; i++)
    sums[0] += sums[i] + products[i];
  return sums[0];
}
#endif

static void peak_task(void *argument, int32_t thread, int32_t threads) {
  (void)threads;
  peak_numbers *numbers = argument;
  float *mine = numbers->at[thread];
  const float one = 1.0f + mine[0]; /* products stay as they are: no denormals, no infinities */
  mine[0] = 0.0f * v4_sum(peak_loop(v4_splat(one), v4_splat(one), numbers->rounds));
}

double peak_gflops(tl_pool *pool, double flops) {
  peak_numbers numbers = {0};
  const double one_round = 2.0 * (int)TL_LANES * (int)CHAINS * tl_pool_threads(pool);
  const size_t rounds = (size_t)(flops / one_round);
  numbers.rounds = rounds > PEAK_ROUNDS ? rounds : PEAK_ROUNDS;
  const double start = seconds_now();
  tl_pool_run(pool, peak_task, &numbers);
  return one_round * (double)numbers.rounds / (seconds_now() - start) * 1e-9;
}
