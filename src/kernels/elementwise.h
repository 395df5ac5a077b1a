/* Applying a function of vectors to arrays, element by element, for the kernels that are no more than that.
 */
#ifndef TL_KERNELS_ELEMENTWISE_H
#define TL_KERNELS_ELEMENTWISE_H

#include "kernels/simd.h"

/* Inlined into each kernel with its function, so that the call in the loop disappears. */
#define TLK_INLINE static inline __attribute__((always_inline))

/* Ranges of elements start at multiples of this (a cache line), so vectors are the same ones for any number
 * of threads. */
enum { TLK_ELEMENT_GRAIN = 16 };

/* y[i] = f(x[i]) for i in [begin, end). The last vector may be a part. */
TLK_INLINE void elementwise_map(const float *x, float *y, size_t begin, size_t end, tl_v4 (*f)(tl_v4)) {
  size_t i = begin;
  for (; i + TL_LANES <= end; i += TL_LANES)
    v4_store(y + i, f(v4_load(x + i)));
  if (i < end)
    v4_store_part(y + i, f(v4_load_part(x + i, end - i)), end - i);
}

/* z[i] = f(x[i], y[i]). */
TLK_INLINE void elementwise_map2(const float *x, const float *y, float *z, size_t begin, size_t end,
                                 tl_v4 (*f)(tl_v4, tl_v4)) {
  size_t i = begin;
  for (; i + TL_LANES <= end; i += TL_LANES)
    v4_store(z + i, f(v4_load(x + i), v4_load(y + i)));
  if (i < end)
    v4_store_part(z + i, f(v4_load_part(x + i, end - i), v4_load_part(y + i, end - i)), end - i);
}

#endif
