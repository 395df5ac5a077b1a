/* AdamW's step and the sum of squares. */
#include "kernels/update.h"

#include <stdint.h>

#include "kernels/elementwise.h"
#include "kernels/ranges.h"
#include "kernels/simd.h"

/* The step's numbers as torch hands them to its vector loops: combined in double, then rounded to float. */
typedef struct adamw_numbers {
  tl_v4 keep;       /* 1 - lr·weight_decay */
  tl_v4 to_average; /* 1 - beta1 */
  tl_v4 beta2;
  tl_v4 to_square; /* 1 - beta2 */
  tl_v4 correction;
  tl_v4 eps;
  tl_v4 step_size; /* lr / bias_correction1 */
} adamw_numbers;

typedef struct adamw_arguments {
  adamw_numbers numbers;
  float *weights;
  const float *gradients;
  float *exp_avg, *exp_avg_sq;
} adamw_arguments;

static inline tl_v4 splat_double(double x) { return v4_splat((float)x); }

static void adamw_range(const void *arguments, size_t begin, size_t end) {
  const adamw_arguments *a = arguments;
  const adamw_numbers n = a->numbers;
  for (size_t i = begin; i < end; i += TL_LANES) {
    const size_t count = end - i < TL_LANES ? end - i : TL_LANES;
    const tl_v4 g = v4_load_part(a->gradients + i, count);
    tl_v4 w = v4_load_part(a->weights + i, count);
    tl_v4 m = v4_load_part(a->exp_avg + i, count);
    tl_v4 v = v4_load_part(a->exp_avg_sq + i, count);
    w = w * n.keep;
    m = m + n.to_average * (g - m);
    v = v * n.beta2 + n.to_square * g * g;
    w = w - n.step_size * m / (v4_sqrt(v) / n.correction + n.eps);
    v4_store_part(a->weights + i, w, count);
    v4_store_part(a->exp_avg + i, m, count);
    v4_store_part(a->exp_avg_sq + i, v, count);
  }
}

void tlk_adamw(tl_pool *pool, const tlk_adamw_step *step, float *weights, const float *gradients,
               float *exp_avg, float *exp_avg_sq, size_t n) {
  const adamw_arguments a = {.numbers = {.keep = splat_double(1.0 - step->lr * step->weight_decay),
                                         .to_average = splat_double(1.0 - step->beta1),
                                         .beta2 = splat_double(step->beta2),
                                         .to_square = splat_double(1.0 - step->beta2),
                                         .correction = splat_double(step->bias_correction2_sqrt),
                                         .eps = splat_double(step->eps),
                                         .step_size = splat_double(step->lr / step->bias_correction1)},
                             .weights = weights,
                             .gradients = gradients,
                             .exp_avg = exp_avg,
                             .exp_avg_sq = exp_avg_sq};
  tlk_run_ranges(pool, n, TLK_ELEMENT_GRAIN, n, adamw_range, &a);
}

/* Floats of one partial sum. */
enum { CHUNK = 4096 };

typedef struct squares_arguments {
  size_t n;
  const float *x;
  double *partials;
} squares_arguments;

static void sum_chunks(const void *arguments, size_t begin, size_t end) {
  const squares_arguments *a = arguments;
  for (size_t chunk = begin; chunk < end; chunk++) {
    const size_t first = chunk * CHUNK;
    const size_t last = a->n - first < CHUNK ? a->n : first + CHUNK;
    double sums[4] = {0.0, 0.0, 0.0, 0.0}; /* four at once, so that one addition need not wait for the last */
    size_t i = first;
    for (; i + 4 <= last; i += 4)
      for (size_t lane = 0; lane < 4; lane++)
        sums[lane] += (double)a->x[i + lane] * (double)a->x[i + lane];
    for (; i < last; i++)
      sums[0] += (double)a->x[i] * (double)a->x[i];
    a->partials[chunk] = (sums[0] + sums[1]) + (sums[2] + sums[3]);
  }
}

size_t tlk_sum_squares_partials(size_t n) { return n / CHUNK + (n % CHUNK != 0); }

double tlk_sum_squares(tl_pool *pool, const float *x, size_t n, double *partials) {
  const squares_arguments a = {n, x, partials};
  const size_t chunks = tlk_sum_squares_partials(n);
  double sum = 0.0;
  tlk_run_ranges(pool, chunks, 1, n, sum_chunks, &a);
  for (size_t chunk = 0; chunk < chunks; chunk++)
    sum += partials[chunk];
  return sum;
}
