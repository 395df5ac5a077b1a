/* Softmax of one row, four numbers at a time. */
#include "kernels/softmax.h"

#include <math.h>

#include "kernels/simd.h"
#include "kernels/vector_math.h"

/* The largest of x. A NaN may be passed over here, but not in the sum of exponentials, which then fills the
 * row with it. */
static float largest_of(size_t n, const float *x) {
  size_t j = 0;
  tl_v4 lanes = v4_splat(x[0]);
  for (; j + TL_LANES <= n; j += TL_LANES)
    lanes = v4_max(lanes, v4_load(x + j));
  float largest = v4_largest(lanes);
  for (; j < n; j++)
    largest = largest < x[j] ? x[j] : largest;
  return largest;
}

/* x[j] = exp(scale·x[j] - shift); returns their sum. */
static float exponentials(size_t n, float scale, float shift, float *x) {
  const tl_v4 scales = v4_splat(scale), shifts = v4_splat(-shift);
  tl_v4 sums = v4_zero();
  size_t j = 0;
  for (; j + TL_LANES <= n; j += TL_LANES) {
    const tl_v4 e = v4_exp(v4_madd(v4_load(x + j), scales, shifts));
    v4_store(x + j, e);
    sums += e;
  }
  if (j < n) {
    const tl_v4 e = v4_exp(v4_madd(v4_load_part(x + j, n - j), scales, shifts));
    v4_store_part(x + j, e, n - j);
    sums += v4_first(e, n - j);
  }
  return v4_sum(sums);
}

float tlk_softmax_row(int32_t n, float scale, float *x) {
  const size_t length = (size_t)n;
  const float largest = scale * largest_of(length, x);
  const float sum = exponentials(length, scale, largest, x);
  const tl_v4 inverse = v4_splat(1.0f / sum);
  size_t j = 0;
  for (; j + TL_LANES <= length; j += TL_LANES)
    v4_store(x + j, v4_load(x + j) * inverse);
  for (; j < length; j++)
    x[j] *= inverse[0];
  return largest + logf(sum);
}

void tlk_softmax_row_from_lse(int32_t n, float scale, float lse, float *x) {
  (void)exponentials((size_t)n, scale, lse, x);
}
