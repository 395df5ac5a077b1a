/* Attention's bias by distance, from its table and back. */
#include "kernels/relative_bias.h"

#include <stddef.h>
#include <stdlib.h>

enum { WAYS = TLK_RELATIVE_BUCKETS / 2, NEAR = WAYS / 2 };

/* How far the largest power of √2 in n / NEAR goes, n >= NEAR: the whole part of 2·log2(n / NEAR), in whole
 * numbers, since powers of two must not miss their bucket by a rounding. */
static int32_t steps_of(int32_t n) {
  const int64_t square = (int64_t)n * n / ((int64_t)NEAR * NEAR);
  int32_t steps = 0;
  while (square >> (steps + 1) > 0)
    steps++;
  return steps;
}

int32_t tlk_relative_bucket(int32_t distance) {
  const int32_t n = abs(distance), side = distance > 0 ? WAYS : 0;
  if (n < NEAR)
    return side + n;
  const int32_t bucket = NEAR + steps_of(n);
  return side + (bucket < WAYS ? bucket : WAYS - 1);
}

static size_t width_of(int32_t reach) { return 2 * (size_t)reach + 1; }

void tlk_relative_bias_forward(int32_t H, int32_t reach, const float *table, float *bias) {
  for (int32_t distance = -reach; distance <= reach; distance++) {
    const float *row = table + (size_t)tlk_relative_bucket(distance) * (size_t)H;
    for (size_t h = 0; h < (size_t)H; h++)
      bias[h * width_of(reach) + (size_t)(reach + distance)] = row[h];
  }
}

/* Sums in double: all distances from 91 on share one bucket. */
void tlk_relative_bias_backward(int32_t B, int32_t H, int32_t reach, const float *dbias, float *dtable) {
  for (size_t h = 0; h < (size_t)H; h++) {
    double sums[TLK_RELATIVE_BUCKETS] = {0.0};
    for (size_t b = 0; b < (size_t)B; b++) {
      const float *row = dbias + (b * (size_t)H + h) * width_of(reach) + reach;
      for (int32_t distance = -reach; distance <= reach; distance++)
        sums[tlk_relative_bucket(distance)] += (double)row[distance];
    }
    for (size_t bucket = 0; bucket < TLK_RELATIVE_BUCKETS; bucket++)
      dtable[bucket * (size_t)H + h] += (float)sums[bucket];
  }
}
