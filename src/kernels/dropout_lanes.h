/* Dropout of four adjacent elements at once: dropout.h's hash in vectors. */
#ifndef TL_KERNELS_DROPOUT_LANES_H
#define TL_KERNELS_DROPOUT_LANES_H

#include "kernels/dropout.h"
#include "kernels/simd.h"

/* A stream's numbers, and the hash's, in all lanes. (In memory, as literals would cost more than the
 * arithmetic: see vector_math.h.) */
typedef struct dropout_lanes {
  tl_u4 key0;
  tl_u4 key1;
  tl_u4 lane; /* 0, 1, 2, 3 */
  tl_u4 multipliers[3];
  tl_i4 threshold;
  tl_v4 scale;
} dropout_lanes;

static inline dropout_lanes dropout_lanes_of(tlk_dropout dropout) {
  return (dropout_lanes){.key0 = u4_splat(dropout.key0),
                         .key1 = u4_splat(dropout.key1),
                         .lane = {0, 1, 2, 3},
                         .multipliers = {u4_splat(TLK_DROPOUT_WEYL), u4_splat(TLK_DROPOUT_MULTIPLIER0),
                                         u4_splat(TLK_DROPOUT_MULTIPLIER1)},
                         .threshold = i4_splat(tlk_dropout_threshold(dropout)),
                         .scale = v4_splat(tlk_dropout_scale(dropout))};
}

/* x·scale where elements `first`, first + 1, … are kept, 0 where they are dropped. */
static inline tl_v4 dropout_apply(const dropout_lanes *d, uint32_t first, tl_v4 x) {
  tl_u4 hash = (u4_splat(first) + d->lane) * d->multipliers[0] + d->key0;
  hash ^= hash >> 16;
  hash *= d->multipliers[1];
  hash ^= hash >> 15;
  hash += d->key1;
  hash *= d->multipliers[2];
  hash ^= hash >> 16;
  const tl_i4 keep = (tl_i4)(hash >> 1) >= d->threshold;
  return (tl_v4)((tl_i4)(x * d->scale) & keep);
}

#endif
