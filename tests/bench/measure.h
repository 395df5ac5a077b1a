/* What the benchmarks share: the clock, the middle of many measurements, and the machine's peak on registers
 * only. */
#ifndef TL_BENCH_MEASURE_H
#define TL_BENCH_MEASURE_H

#include <stddef.h>

#include "base/pool.h"

/* Seconds on a clock that never goes back. */
double seconds_now(void);

/* Measurements of one figure; the newest are dropped once it is full. */
enum { SAMPLES_MAX = 4096 };
typedef struct samples {
  size_t count;
  double values[SAMPLES_MAX];
} samples;

void samples_add(samples *all, double value);

/* Prints `"name": median, "name_spread": [lower quartile, upper quartile]`. Sorts the samples. */
void samples_print(samples *all, const char *name);

/* GFLOP/s of a loop of multiply-adds that touches registers only, run on every thread of the pool for about
 * as long as `flops` operations take: what no product can beat. A fused multiply-add counts as two where the
 * build has it; elsewhere multiplications and additions are separate instructions, as many of each. */
double peak_gflops(tl_pool *pool, double flops);

#endif
