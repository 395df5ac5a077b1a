/* Dropout of four adjacent elements at once: dropout.h's hash in vectors. */
#ifndef TL_KERNELS_DROPOUT_LANES_H
#define TL_KERNELS_DROPOUT_LANES_H

#include "kernels/dropout.h"
#include "kernels/simd.h"

typedef struct dropout_lanes {
  tl_u4 key0; /* key0 and key1 in all lanes */
  tl_u4 key1;
  tl_i4 threshold;
  tl_v4 scale;
} dropout_lanes;

static inline dropout_lanes dropout_lanes_of(tlk_dropout dropout) {
  return (dropout_lanes){u4_splat(dropout.key0), u4_splat(dropout.key1),
                         i4_splat(tlk_dropout_threshold(dropout)), v4_splat(tlk_dropout_scale(dropout))};
}

/* x·scale where elements `first`, first + 1, … are kept, 0 where they are dropped. */
static inline tl_v4 dropout_apply(const dropout_lanes *d, uint32_t first, tl_v4 x) {
  tl_u4 hash = (u4_splat(first) + (tl_u4){0, 1, 2, 3}) * u4_splat(0x9e3779b9u) + d->key0;
  hash ^= hash >> 16;
  hash *= u4_splat(0x7feb352du);
  hash ^= hash >> 15;
  hash += d->key1;
  hash *= u4_splat(0x846ca68bu);
  hash ^= hash >> 16;
  const tl_i4 keep = (tl_i4)(hash >> 1) >= d->threshold;
  return (tl_v4)((tl_i4)(x * d->scale) & keep);
}

#endif
