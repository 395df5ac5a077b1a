/* Adding, scaling and zeroing arrays, and sums over rows. */
#include "kernels/pointwise.h"

#include <string.h>

#include "kernels/column_sum.h"
#include "kernels/elementwise.h"
#include "kernels/ranges.h"

typedef struct arrays {
  const float *x;
  float *y;
  float factor;
} arrays;

static inline void plus(tl_v4 *x, const tl_v4 *y, int count) {
  for (int v = 0; v < count; v++)
    x[v] = y[v] + x[v];
}

static void add_range(const void *arguments, size_t begin, size_t end) {
  const arrays *a = arguments;
  elementwise_map2(a->x, a->y, a->y, begin, end, plus);
}

void tlk_add(tl_pool *pool, const float *x, float *y, size_t n) {
  const arrays a = {.x = x, .y = y};
  tlk_run_ranges(pool, n, TLK_ELEMENT_GRAIN, n, add_range, &a);
}

static void scale_range(const void *arguments, size_t begin, size_t end) {
  const arrays *a = arguments;
  for (size_t i = begin; i < end; i++) /* the compiler makes vectors of this */
    a->y[i] *= a->factor;
}

void tlk_scale(tl_pool *pool, float factor, float *x, size_t n) {
  const arrays a = {.y = x, .factor = factor};
  tlk_run_ranges(pool, n, TLK_ELEMENT_GRAIN, n, scale_range, &a);
}

static void zero_range(const void *arguments, size_t begin, size_t end) {
  const arrays *a = arguments;
  memset(a->y + begin, 0, (end - begin) * sizeof(float));
}

void tlk_zero(tl_pool *pool, float *x, size_t n) {
  const arrays a = {.y = x};
  tlk_run_ranges(pool, n, TLK_ELEMENT_GRAIN, n, zero_range, &a);
}

typedef struct matrix {
  size_t rows;
  size_t ld;
  const float *x;
  float *sums;
} matrix;

static void sum_columns(const void *arguments, size_t begin, size_t end) {
  const matrix *m = arguments;
  for (size_t c = begin; c < end; c += COLUMN_CHUNK) {
    const size_t columns = end - c < COLUMN_CHUNK ? end - c : COLUMN_CHUNK;
    float total[COLUMN_CHUNK] = {0.0f};
    for (size_t row = 0; row < m->rows; row += ROW_BLOCK) {
      const size_t row_end = m->rows - row < ROW_BLOCK ? m->rows : row + ROW_BLOCK;
      float block[COLUMN_CHUNK] = {0.0f};
      for (size_t r = row; r < row_end; r++)
        column_add(m->x + r * m->ld + c, block, columns);
      column_add(block, total, columns);
    }
    column_add(total, m->sums + c, columns);
  }
}

void tlk_column_sums(tl_pool *pool, int32_t rows, int32_t columns, const float *x, int32_t ldx, float *sums) {
  const matrix m = {(size_t)rows, (size_t)ldx, x, sums};
  tlk_run_ranges(pool, (size_t)columns, TLK_ELEMENT_GRAIN, (size_t)rows * (size_t)columns, sum_columns, &m);
}
