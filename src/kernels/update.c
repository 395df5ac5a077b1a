/* AdamW's step, over blocks and over tables of which few rows are in use; and the sum of squares. */
#include "kernels/update.h"

#include "kernels/elementwise.h"
#include "kernels/ranges.h"
#include "kernels/row_set.h"

/* The step's numbers as torch hands them to its vector loops: combined in double, then rounded to float. Both
 * sides of the last fraction are multiplied by bias_correction2_sqrt, which saves one of two divisions. */
typedef struct adamw_numbers {
  tl_v4 gradient_scale;
  tl_v4 keep;       /* 1 - lr·weight_decay */
  tl_v4 to_average; /* 1 - beta1 */
  tl_v4 beta2;
  tl_v4 to_square; /* 1 - beta2 */
  tl_v4 eps;       /* eps · bias_correction2_sqrt */
  tl_v4 step_size; /* lr / bias_correction1 · bias_correction2_sqrt */
} adamw_numbers;

static inline tl_v4 splat_double(double x) { return v4_splat((float)x); }

static adamw_numbers numbers_of(const tlk_adamw_step *step) {
  return (adamw_numbers){.gradient_scale = v4_splat(step->gradient_scale),
                         .keep = splat_double(1.0 - step->lr * step->weight_decay),
                         .to_average = splat_double(1.0 - step->beta1),
                         .beta2 = splat_double(step->beta2),
                         .to_square = splat_double(1.0 - step->beta2),
                         .eps = splat_double(step->eps * step->bias_correction2_sqrt),
                         .step_size =
                             splat_double(step->lr / step->bias_correction1 * step->bias_correction2_sqrt)};
}

/* How far a parameter moves. */
static inline tl_v4 move_of(adamw_numbers n, tl_v4 m, tl_v4 v) {
  return n.step_size * m / (v4_sqrt(v) + n.eps);
}

/* Updates [begin, end). Without gradients they count as zero. */
TLK_INLINE void adamw_span(adamw_numbers n, tlk_adamw_blocks b, bool has_gradients, size_t begin,
                           size_t end) {
  for (size_t i = begin; i < end; i += TL_LANES) {
    const size_t count = end - i < TL_LANES ? end - i : TL_LANES;
    const tl_v4 g = has_gradients ? v4_load_part(b.gradients + i, count) * n.gradient_scale : v4_zero();
    tl_v4 w = v4_load_part(b.weights + i, count);
    tl_v4 m = v4_load_part(b.exp_avg + i, count);
    tl_v4 v = v4_load_part(b.exp_avg_sq + i, count);
    w = w * n.keep;
    m = m + n.to_average * (g - m);
    v = v * n.beta2 + n.to_square * g * g;
    w = w - move_of(n, m, v);
    v4_store_part(b.weights + i, w, count);
    v4_store_part(b.exp_avg + i, m, count);
    v4_store_part(b.exp_avg_sq + i, v, count);
  }
}

typedef struct adamw_arguments {
  adamw_numbers numbers;
  tlk_adamw_blocks blocks;
} adamw_arguments;

static void adamw_range(const void *arguments, size_t begin, size_t end) {
  const adamw_arguments *a = arguments;
  adamw_span(a->numbers, a->blocks, true, begin, end);
}

void tlk_adamw(tl_pool *pool, const tlk_adamw_step *step, tlk_adamw_blocks blocks, size_t n) {
  const adamw_arguments a = {numbers_of(step), blocks};
  tlk_run_ranges(pool, n, TLK_ELEMENT_GRAIN, n, adamw_range, &a);
}

enum { CROWD = 12 /* of a set's 32 neighbours */ };

typedef struct rows_arguments {
  adamw_numbers numbers;
  tlk_adamw_blocks blocks;
  size_t rows, columns;
  const uint32_t *touched, *moved;
  bool decays; /* 1 - lr·weight_decay is not 1 */
  bool rests;  /* zero moments move nothing */
} rows_arguments;

static void decay_span(adamw_numbers n, float *weights, size_t begin, size_t end) {
  for (size_t i = begin; i < end; i += TL_LANES) {
    const size_t count = end - i < TL_LANES ? end - i : TL_LANES;
    v4_store_part(weights + i, v4_load_part(weights + i, count) * n.keep, count);
  }
}

/* Whether a row is updated though it has no gradient: its moments move it, or it stands among many that are
 * updated, where going on is faster than leaping over it (memory that is read in short pieces comes slowly:
 * measured, a good third of the rows takes as long as all). Zero moments stay zero and move nothing, so that
 * changes no bit. */
static bool is_swept(const rows_arguments *a, size_t row) {
  return !a->rests || row_set_has(a->moved, row) || row_set_crowd(a->moved, row) >= CROWD;
}

/* Columns [begin, end) of all rows: rows in use stand close together, so that shares of rows would be
 * unequal.
 */
static void adamw_columns(const void *arguments, size_t begin, size_t end) {
  const rows_arguments *a = arguments;
  for (size_t row = 0; row < a->rows; row++) {
    const size_t at = row * a->columns;
    if (row_set_has(a->touched, row))
      adamw_span(a->numbers, a->blocks, true, at + begin, at + end);
    else if (is_swept(a, row))
      adamw_span(a->numbers, a->blocks, false, at + begin, at + end);
    else if (a->decays)
      decay_span(a->numbers, a->blocks.weights, at + begin, at + end);
  }
}

void tlk_adamw_rows(tl_pool *pool, const tlk_adamw_step *step, tlk_adamw_blocks blocks, size_t rows,
                    size_t columns, const uint32_t *touched, const uint32_t *moved) {
  const adamw_numbers n = numbers_of(step);
  const rows_arguments a = {
      .numbers = n,
      .blocks = blocks,
      .rows = rows,
      .columns = columns,
      .touched = touched,
      .moved = moved,
      .decays = n.keep[0] != 1.0f,
      /* With an eps of 0 (or a rate beyond float) it is 0/0, as in torch, and every row must become NaN. */
      .rests = move_of(n, v4_zero(), v4_zero())[0] == 0.0f,
  };
  tlk_run_ranges(pool, columns, TLK_ELEMENT_GRAIN, rows * columns, adamw_columns, &a);
}

enum {
  CHUNK = 4096, /* floats of one partial sum */
  LANES = 8     /* sums that run beside each other */
};

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
    double sums[LANES] = {0.0}; /* many at once, so that one addition need not wait for the last */
    size_t i = first;
    for (; i + LANES <= last; i += LANES)
      for (size_t lane = 0; lane < LANES; lane++)
        sums[lane] += (double)a->x[i + lane] * (double)a->x[i + lane];
    for (; i < last; i++)
      sums[0] += (double)a->x[i] * (double)a->x[i];
    a->partials[chunk] =
        ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
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
