/* Layer norm with the residual and dropout before it, forward and backward. */
#include "kernels/layer_norm.h"

#include <math.h>
#include <stdbool.h>

#include "kernels/column_sum.h"
#include "kernels/dropout_lanes.h"
#include "kernels/ranges.h"
#include "kernels/simd.h"

typedef struct forward_arguments {
  size_t C;
  const float *x, *residual, *gamma, *beta;
  bool drops;
  dropout_lanes dropout;
  float eps;
  float *sum, *y, *mean, *rstd;
} forward_arguments;

/* sum = residual + dropout(x) for `count` numbers of one vector, from number `i` of the whole matrix on;
 * `position` is theirs in the dropout's stream. */
TLK_INLINE tl_v4 sum_at(const forward_arguments *a, size_t i, size_t count, tl_u4 position) {
  tl_v4 value = v4_load_part(a->x + i, count);
  if (a->drops)
    value = dropout_apply_at(&a->dropout, position, value);
  if (a->residual)
    value += v4_load_part(a->residual + i, count);
  if (a->sum)
    v4_store_part(a->sum + i, value, count);
  return value;
}

/* The same for a row, and its total. */
static float sum_row(const forward_arguments *a, size_t start) {
  const size_t end = start + a->C;
  tl_u4 position = dropout_position(&a->dropout, (uint32_t)start);
  tl_v4 totals = v4_zero();
  size_t i = start;
  for (; i + TL_LANES <= end; i += TL_LANES) {
    totals += sum_at(a, i, TL_LANES, position);
    position += a->dropout.stride;
  }
  if (i < end)
    totals += v4_first(sum_at(a, i, end - i, position), end - i);
  return v4_sum(totals);
}

/* Σ (x - mean)²: the second pass, without the cancellation of Σ x² - n·mean². */
static float squared_deviations(const float *x, size_t C, float mean) {
  const tl_v4 means = v4_splat(mean);
  tl_v4 totals = v4_zero();
  size_t c = 0;
  for (; c + TL_LANES <= C; c += TL_LANES) {
    const tl_v4 deviation = v4_load(x + c) - means;
    totals = v4_madd(deviation, deviation, totals);
  }
  if (c < C) {
    const tl_v4 deviation = v4_first(v4_load_part(x + c, C - c) - means, C - c);
    totals = v4_madd(deviation, deviation, totals);
  }
  return v4_sum(totals);
}

TLK_INLINE tl_v4 shift_at(const float *beta, size_t c, size_t count) {
  return beta ? v4_load_part(beta + c, count) : v4_zero();
}

/* y = (x - mean)·rstd·gamma + beta, for one row; beta NULL: 0. */
static void normalise(const float *x, size_t C, float mean, float rstd, const float *gamma, const float *beta,
                      float *y) {
  const tl_v4 means = v4_splat(mean), rstds = v4_splat(rstd);
  size_t c = 0;
  for (; c + TL_LANES <= C; c += TL_LANES)
    v4_store(y + c,
             v4_madd((v4_load(x + c) - means) * rstds, v4_load(gamma + c), shift_at(beta, c, TL_LANES)));
  if (c < C) {
    const size_t rest = C - c;
    const tl_v4 normalised = (v4_load_part(x + c, rest) - means) * rstds;
    v4_store_part(y + c, v4_madd(normalised, v4_load_part(gamma + c, rest), shift_at(beta, c, rest)), rest);
  }
}

static void forward_rows(const void *arguments, size_t begin, size_t end) {
  const forward_arguments *a = arguments;
  const float count = (float)a->C;
  for (size_t row = begin; row < end; row++) {
    const size_t start = row * a->C;
    const float mean = sum_row(a, start) / count;
    const float *x = (a->sum ? a->sum : a->x) + start;
    const float rstd = 1.0f / sqrtf(squared_deviations(x, a->C, mean) / count + a->eps);
    normalise(x, a->C, mean, rstd, a->gamma, a->beta, a->y + start);
    if (a->mean) {
      a->mean[row] = mean;
      a->rstd[row] = rstd;
    }
  }
}

void tlk_layer_norm_forward(tl_pool *pool, int32_t rows, int32_t C, const float *x, const float *residual,
                            tlk_dropout dropout, const float *gamma, const float *beta, float eps, float *sum,
                            float *y, float *mean, float *rstd) {
  const forward_arguments a = {.C = (size_t)C,
                               .x = x,
                               .residual = residual,
                               .gamma = gamma,
                               .beta = beta,
                               .drops = tlk_dropout_on(dropout),
                               .dropout = dropout_lanes_of(dropout),
                               .eps = eps,
                               .sum = sum,
                               .y = y,
                               .mean = mean,
                               .rstd = rstd};
  tlk_run_ranges(pool, (size_t)rows, 1, (size_t)rows * (size_t)C, forward_rows, &a);
}

typedef struct backward_arguments {
  size_t rows, C;
  const float *sum, *mean, *rstd, *gamma, *dy;
  bool drops;
  dropout_lanes dropout;
  float *dsum, *dx, *dgamma, *dbeta;
} backward_arguments;

/* sums[j] += dy[j]·(x[j] - mean)·rstd, j < n. */
static inline void add_normalised(const float *dy, const float *x, float mean, float rstd, float *sums,
                                  size_t n) {
  const tl_v4 means = v4_splat(mean), rstds = v4_splat(rstd);
  size_t j = 0;
  for (; j + TL_LANES <= n; j += TL_LANES)
    v4_store(sums + j, v4_madd(v4_load(dy + j), (v4_load(x + j) - means) * rstds, v4_load(sums + j)));
  if (j < n) {
    const size_t rest = n - j;
    const tl_v4 normalised = (v4_load_part(x + j, rest) - means) * rstds;
    v4_store_part(sums + j, v4_madd(v4_load_part(dy + j, rest), normalised, v4_load_part(sums + j, rest)),
                  rest);
  }
}

/* dgamma += Σ over rows of dy·normalised, dbeta += Σ dy, for columns [begin, end). */
static void backward_columns(const void *arguments, size_t begin, size_t end) {
  const backward_arguments *a = arguments;
  for (size_t c = begin; c < end; c += COLUMN_CHUNK) {
    const size_t columns = end - c < COLUMN_CHUNK ? end - c : COLUMN_CHUNK;
    float gamma_total[COLUMN_CHUNK] = {0.0f}, beta_total[COLUMN_CHUNK] = {0.0f};
    for (size_t row = 0; row < a->rows; row += ROW_BLOCK) {
      const size_t row_end = a->rows - row < ROW_BLOCK ? a->rows : row + ROW_BLOCK;
      float gamma_block[COLUMN_CHUNK] = {0.0f}, beta_block[COLUMN_CHUNK] = {0.0f};
      for (size_t r = row; r < row_end; r++) {
        const float *dy = a->dy + r * a->C + c;
        column_add(dy, beta_block, columns);
        add_normalised(dy, a->sum + r * a->C + c, a->mean[r], a->rstd[r], gamma_block, columns);
      }
      column_add(gamma_block, gamma_total, columns);
      column_add(beta_block, beta_total, columns);
    }
    if (a->dgamma)
      column_add(gamma_total, a->dgamma + c, columns);
    if (a->dbeta)
      column_add(beta_total, a->dbeta + c, columns);
  }
}

/* One row of backward: what its vectors share. */
typedef struct row {
  const float *dy, *x;
  tl_v4 means, rstds;
  tl_v4 plain, weighted; /* Σ dy·gamma and Σ dy·gamma·normalised; then their means */
} row;

TLK_INLINE tl_v4 scaled_gradient(const backward_arguments *a, const row *r, size_t c, size_t count) {
  return v4_load_part(r->dy + c, count) * v4_load_part(a->gamma + c, count); /* 0 beyond the row */
}

TLK_INLINE tl_v4 normalised(const row *r, size_t c, size_t count) {
  return (v4_load_part(r->x + c, count) - r->means) * r->rstds;
}

/* Adds `count` numbers from c on to the two sums. */
TLK_INLINE void add_to_sums(const backward_arguments *a, row *r, size_t c, size_t count) {
  const tl_v4 g = scaled_gradient(a, r, c, count);
  r->plain += g;
  r->weighted = v4_madd(g, normalised(r, c, count), r->weighted);
}

/* The gradient of `count` numbers from c on; `start` is the row's first number in the matrix. */
TLK_INLINE void store_gradient(const backward_arguments *a, const row *r, size_t start, size_t c,
                               size_t count, tl_u4 position) {
  const tl_v4 g = scaled_gradient(a, r, c, count);
  const tl_v4 gradient = r->rstds * (g - r->plain - normalised(r, c, count) * r->weighted);
  v4_store_part(a->dsum + start + c, gradient, count);
  if (a->dx)
    v4_store_part(a->dx + start + c, a->drops ? dropout_apply_at(&a->dropout, position, gradient) : gradient,
                  count);
}

static void backward_rows(const void *arguments, size_t begin, size_t end) {
  const backward_arguments *a = arguments;
  const size_t whole = a->C / TL_LANES * TL_LANES;
  const float count = (float)a->C;
  for (size_t i = begin; i < end; i++) {
    const size_t start = i * a->C;
    row r = {.dy = a->dy + start,
             .x = a->sum + start,
             .means = v4_splat(a->mean[i]),
             .rstds = v4_splat(a->rstd[i]),
             .plain = v4_zero(),
             .weighted = v4_zero()};
    for (size_t c = 0; c < whole; c += TL_LANES)
      add_to_sums(a, &r, c, TL_LANES);
    if (whole < a->C)
      add_to_sums(a, &r, whole, a->C - whole);
    r.plain = v4_splat(v4_sum(r.plain) / count);
    r.weighted = v4_splat(v4_sum(r.weighted) / count);
    tl_u4 position = dropout_position(&a->dropout, (uint32_t)start);
    for (size_t c = 0; c < whole; c += TL_LANES) {
      store_gradient(a, &r, start, c, TL_LANES, position);
      position += a->dropout.stride;
    }
    if (whole < a->C)
      store_gradient(a, &r, start, whole, a->C - whole, position);
  }
}

void tlk_layer_norm_backward(tl_pool *pool, int32_t rows, int32_t C, const float *sum, const float *mean,
                             const float *rstd, const float *gamma, tlk_dropout dropout, const float *dy,
                             float *dsum, float *dx, float *dgamma, float *dbeta) {
  const backward_arguments a = {.rows = (size_t)rows,
                                .C = (size_t)C,
                                .sum = sum,
                                .mean = mean,
                                .rstd = rstd,
                                .gamma = gamma,
                                .dy = dy,
                                .drops = tlk_dropout_on(dropout),
                                .dropout = dropout_lanes_of(dropout),
                                .dsum = dsum,
                                .dx = dx,
                                .dgamma = dgamma,
                                .dbeta = dbeta};
  const size_t floats = a.rows * a.C;
  if (dgamma || dbeta) /* first: the rows may overwrite dy */
    tlk_run_ranges(pool, a.C, TLK_ELEMENT_GRAIN, floats, backward_columns, &a);
  tlk_run_ranges(pool, a.rows, 1, floats, backward_rows, &a);
}
