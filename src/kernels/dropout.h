/* Dropout's masks as a function of (seed, step, site, element): a counter-based generator, so that backward
 * recomputes what forward drew, in any order and on any number of threads, and nothing is stored.
 *
 *   tlk_dropout d = tlk_dropout_make(seed, step, site, 0.1f);
 *   tlk_dropout_forward(pool, d, x, y, n);                // y = keep ? x / (1 - p) : 0
 *   tlk_dropout_backward(pool, d, dy, dx, n);             // the same mask on the gradient
 */
#ifndef TL_KERNELS_DROPOUT_H
#define TL_KERNELS_DROPOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/pool.h"

/* One use of dropout: the key of its stream, and the probability that an element is dropped (0: off; 1: all).
 */
typedef struct tlk_dropout {
  uint32_t key0;
  uint32_t key1;
  float p;
} tlk_dropout;

/* The stream of one site in one step. Streams of different (seed, step, site) are independent. 0 <= p <= 1.
 */
tlk_dropout tlk_dropout_make(uint64_t seed, uint64_t step, uint32_t site, float p);

/* Dropout that lets everything through. */
tlk_dropout tlk_dropout_off(void);

static inline bool tlk_dropout_on(tlk_dropout dropout) { return dropout.p > 0.0f; }

/* What kept elements are multiplied by: 1 / (1 - p), as torch's inverted dropout does; 0 if p is 1. */
static inline float tlk_dropout_scale(tlk_dropout dropout) {
  return dropout.p < 1.0f ? 1.0f / (1.0f - dropout.p) : 0.0f;
}

/* Hashes below this drop the element. The hash has 31 bits, so p is met to within 2^-31. */
static inline int32_t tlk_dropout_threshold(tlk_dropout dropout) {
  double threshold = (double)dropout.p * 2147483648.0;
  return threshold < 2147483647.0 ? (int32_t)threshold : INT32_MAX;
}

/* The hash's odd multipliers: the Weyl sequence's (2^32 / golden ratio) and the rounds'. */
#define TLK_DROPOUT_WEYL 0x9e3779b9u
#define TLK_DROPOUT_MULTIPLIER0 0x7feb352du
#define TLK_DROPOUT_MULTIPLIER1 0x846ca68bu

/* The hash of element `element` in the stream: 31 uniform bits. A Weyl sequence, then two rounds of xor-shift
 * and multiply (C. Wellons' lowbias32), one key word before and one between the rounds. dropout_lanes.h does
 * the same four elements at a time. */
static inline int32_t tlk_dropout_hash(tlk_dropout dropout, uint32_t element) {
  uint32_t x = element * TLK_DROPOUT_WEYL + dropout.key0;
  x ^= x >> 16;
  x *= TLK_DROPOUT_MULTIPLIER0;
  x ^= x >> 15;
  x += dropout.key1;
  x *= TLK_DROPOUT_MULTIPLIER1;
  x ^= x >> 16;
  return (int32_t)(x >> 1);
}

/* Whether element `element` is kept. */
static inline bool tlk_dropout_keep(tlk_dropout dropout, uint32_t element) {
  return tlk_dropout_hash(dropout, element) >= tlk_dropout_threshold(dropout);
}

/* y[i] = keep(i) ? x[i] · scale : 0, i < n (elements are counted modulo 2^32). y may be x. With p = 0 it
 * copies. */
void tlk_dropout_forward(tl_pool *pool, tlk_dropout dropout, const float *x, float *y, size_t n);

/* dx[i] = keep(i) ? dy[i] · scale : 0. dx may be dy. */
void tlk_dropout_backward(tl_pool *pool, tlk_dropout dropout, const float *dy, float *dx, size_t n);

#endif
