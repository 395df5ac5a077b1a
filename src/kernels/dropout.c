/* Dropout: the keys of its streams, and applying masks to arrays. */
#include "kernels/dropout.h"

#include <string.h>

#include "kernels/dropout_lanes.h"
#include "kernels/elementwise.h"
#include "kernels/ranges.h"

/* Mixes 64 bits so that each result bit depends on all (splitmix64's finisher, a bijection). */
static uint64_t mix(uint64_t x) {
  x ^= x >> 30;
  x *= 0xbf58476d1ce4e5b9u;
  x ^= x >> 27;
  x *= 0x94d049bb133111ebu;
  x ^= x >> 31;
  return x;
}

tlk_dropout tlk_dropout_make(uint64_t seed, uint64_t step, uint32_t site, float p) {
  const uint64_t golden = 0x9e3779b97f4a7c15u; /* keeps zeros from mapping to zero */
  uint64_t key = mix(seed + golden);
  key = mix((key ^ step) + golden);
  key = mix((key ^ site) + golden);
  return (tlk_dropout){.key0 = (uint32_t)key, .key1 = (uint32_t)(key >> 32), .p = p};
}

tlk_dropout tlk_dropout_off(void) { return (tlk_dropout){.key0 = 0, .key1 = 0, .p = 0.0f}; }

typedef struct arrays {
  dropout_lanes lanes;
  const float *x;
  float *y;
} arrays;

static void dropout_range(const void *arguments, size_t begin, size_t end) {
  const arrays *a = arguments;
  tl_u4 position = dropout_position(&a->lanes, (uint32_t)begin);
  size_t i = begin;
  for (; i + TL_LANES <= end; i += TL_LANES) {
    v4_store(a->y + i, dropout_apply_at(&a->lanes, position, v4_load(a->x + i)));
    position += a->lanes.stride;
  }
  if (i < end)
    v4_store_part(a->y + i, dropout_apply_at(&a->lanes, position, v4_load_part(a->x + i, end - i)), end - i);
}

void tlk_dropout_forward(tl_pool *pool, tlk_dropout dropout, const float *x, float *y, size_t n) {
  if (tlk_dropout_on(dropout)) {
    const arrays a = {dropout_lanes_of(dropout), x, y};
    tlk_run_ranges(pool, n, TLK_ELEMENT_GRAIN, n, dropout_range, &a);
  } else if (x != y && n > 0) {
    memcpy(y, x, n * sizeof(float));
  }
}

void tlk_dropout_backward(tl_pool *pool, tlk_dropout dropout, const float *dy, float *dx, size_t n) {
  tlk_dropout_forward(pool, dropout, dy, dx, n); /* linear: the gradient takes the same factors */
}
