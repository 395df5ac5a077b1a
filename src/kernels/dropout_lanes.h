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
  tl_u4 weyl;
  tl_u4 stride; /* from a vector's position to the next one's */
  tl_u4 multipliers[2];
  tl_i4 threshold;
  tl_v4 scale;
} dropout_lanes;

static inline dropout_lanes dropout_lanes_of(tlk_dropout dropout) {
  return (dropout_lanes){
      .key0 = u4_splat(dropout.key0),
      .key1 = u4_splat(dropout.key1),
      .lane = {0, 1, 2, 3},
      .weyl = u4_splat(TLK_DROPOUT_WEYL),
      .stride = u4_splat(TL_LANES * TLK_DROPOUT_WEYL),
      .multipliers = {u4_splat(TLK_DROPOUT_MULTIPLIER0), u4_splat(TLK_DROPOUT_MULTIPLIER1)},
      .threshold = i4_splat(tlk_dropout_threshold(dropout)),
      .scale = v4_splat(tlk_dropout_scale(dropout))};
}

/* Where in the stream elements `first`, first + 1, … are: what their hashes begin with. */
static inline tl_u4 dropout_position(const dropout_lanes *d, uint32_t first) {
  return (u4_splat(first) + d->lane) * d->weyl + d->key0;
}

/* x·scale where the elements at the position are kept, 0 where they are dropped. The next vector's position
 * is `stride` further. */
static inline tl_v4 dropout_apply_at(const dropout_lanes *d, tl_u4 position, tl_v4 x) {
  tl_u4 hash = position ^ (position >> 16);
  hash *= d->multipliers[0];
  hash ^= hash >> 15;
  hash += d->key1;
  hash *= d->multipliers[1];
  hash ^= hash >> 16;
  const tl_i4 keep = (tl_i4)(hash >> 1) >= d->threshold;
  return (tl_v4)((tl_i4)(x * d->scale) & keep);
}

#endif
