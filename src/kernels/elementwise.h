/* Applying a function of vectors to arrays, element by element, for the kernels that are no more than that.
 */
#ifndef TL_KERNELS_ELEMENTWISE_H
#define TL_KERNELS_ELEMENTWISE_H

#include "kernels/simd.h"

/* Ranges of elements start at multiples of this (a cache line), so vectors are the same ones for any number
 * of threads. */
enum { TLK_ELEMENT_GRAIN = 16 };

/* y[i] = f(x[i]) for i in [begin, end), where f(x, count) replaces each of `count` vectors by its value:
 * TL_GROUP of them, at the end single ones. The last may be a part. */
TLK_INLINE void elementwise_map(const float *x, float *y, size_t begin, size_t end, void (*f)(tl_v4 *, int)) {
  size_t i = begin;
  for (; i + TL_GROUP * TL_LANES <= end; i += TL_GROUP * TL_LANES) {
    tl_v4 values[TL_GROUP] = {v4_load(x + i), v4_load(x + i + TL_LANES)};
    f(values, TL_GROUP);
    v4_store(y + i, values[0]);
    v4_store(y + i + TL_LANES, values[1]);
  }
  for (; i < end; i += TL_LANES) {
    const size_t width = end - i < TL_LANES ? end - i : TL_LANES;
    tl_v4 value = v4_load_part(x + i, width);
    f(&value, 1);
    v4_store_part(y + i, value, width);
  }
}

/* z[i] = f(x[i], y[i]), where f(x, y, count) puts the values in x's place. */
TLK_INLINE void elementwise_map2(const float *x, const float *y, float *z, size_t begin, size_t end,
                                 void (*f)(tl_v4 *, const tl_v4 *, int)) {
  size_t i = begin;
  for (; i + TL_GROUP * TL_LANES <= end; i += TL_GROUP * TL_LANES) {
    tl_v4 left[TL_GROUP] = {v4_load(x + i), v4_load(x + i + TL_LANES)};
    const tl_v4 right[TL_GROUP] = {v4_load(y + i), v4_load(y + i + TL_LANES)};
    f(left, right, TL_GROUP);
    v4_store(z + i, left[0]);
    v4_store(z + i + TL_LANES, left[1]);
  }
  for (; i < end; i += TL_LANES) {
    const size_t width = end - i < TL_LANES ? end - i : TL_LANES;
    tl_v4 left = v4_load_part(x + i, width);
    const tl_v4 right = v4_load_part(y + i, width);
    f(&left, &right, 1);
    v4_store_part(z + i, left, width);
  }
}

#endif
