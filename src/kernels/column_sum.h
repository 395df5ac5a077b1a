/* How sums over many rows are kept exact enough: rows are summed in blocks, then the blocks, a strip of
 * columns at a time. */
#ifndef TL_KERNELS_COLUMN_SUM_H
#define TL_KERNELS_COLUMN_SUM_H

#include "kernels/elementwise.h"

enum {
  COLUMN_CHUNK =
      256,       /* columns at a time: a kilobyte of each row, whose sums stay in the first-level cache */
  ROW_BLOCK = 32 /* rows summed before they join the total: the error grows with n/32 + 32 instead of n */
};

/* sums[j] += x[j], j < n. */
TLK_INLINE void column_add(const float *x, float *sums, size_t n) {
  size_t j = 0;
  for (; j + TL_LANES <= n; j += TL_LANES)
    v4_store(sums + j, v4_load(sums + j) + v4_load(x + j));
  for (; j < n; j++)
    sums[j] += x[j];
}

#endif
