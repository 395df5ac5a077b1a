/* Multi-head attention over packed sequences: softmax(scale · q·kᵀ) · v for each sequence and head, without
 * padding.
 *
 *   tlk_attention a = {.B = B, .H = H, .D = D, .q_offsets = offsets, .kv_offsets = offsets,
 *                      .scale = 1 / sqrtf(D), .dropout = tlk_dropout_off()};
 *   tlk_attention_forward(pool, &a, qkv, 3 * C, qkv + C, 3 * C, qkv + 2 * C, 3 * C, out, C, lse, scratch);
 *
 * Rows are tokens, packed end to end. Head h's numbers are columns h·D … h·D + D - 1 of q, k, v and out.
 * Every `ld…` is the distance in floats from one row to the next (>= H·D), so q, k and v may be slices of one
 * matrix. One (sequence, head) pair is one unit of work: its result does not depend on the number of threads.
 */
#ifndef TL_KERNELS_ATTENTION_H
#define TL_KERNELS_ATTENTION_H

#include <stddef.h>
#include <stdint.h>

#include "base/pool.h"
#include "kernels/dropout.h"

/* The shape of the work. The queries of sequence b are rows q_offsets[b] … q_offsets[b + 1] - 1 of q, its
 * keys and values rows kv_offsets[b] … of k and v. Queries may be fewer than keys (the last layer asks for
 * [CLS] alone): query i of a sequence is the token of its key i. A sequence has at least one key if it has
 * queries. dropout falls on the probabilities; its elements are counted over (sequence, head, query, key) in
 * this order. What is not set (0, NULL) is off. */
typedef struct tlk_attention {
  int32_t B;
  int32_t H;
  int32_t D;
  const int32_t *q_offsets;  /* B + 1 */
  const int32_t *kv_offsets; /* B + 1 */
  float scale;
  tlk_dropout dropout;
  /* What follows goes by distance: a key's column less a query's. */
  const int32_t *columns; /* of each key row its place in its text, ascending within a sequence */
  int32_t window;         /* a query sees keys up to this distance either way, and no others are computed */
  const float *bias;      /* (H × 2·reach + 1) added to scale·q·k, by distance from -reach to reach */
  int32_t reach;          /* at least the largest distance, if there is a bias */
} tlk_attention;

/* Floats of scratch for sequences of up to Sq queries and Sk keys with heads of D, on `threads` threads,
 * forward or backward. SIZE_MAX if it overflows. It never falls when an argument grows. */
size_t tlk_attention_scratch(int32_t Sq, int32_t Sk, int32_t D, int32_t threads);

/* out (query rows × H·D). lse (query rows × H): the log of each row's sum of exp(scale · q·k), for backward.
 */
void tlk_attention_forward(tl_pool *pool, const tlk_attention *shape, const float *q, int32_t ldq,
                           const float *k, int32_t ldk, const float *v, int32_t ldv, float *out, int32_t ldo,
                           float *lse, float *scratch);

/* From dout (as out, with its own ld), the forward's operands, out and lse: writes (not adds) dq, dk and dv,
 * shaped as q, k and v. Rows of dk and dv that no query sees are set to zero. dbias, if there is a bias and
 * its gradient is wanted, else NULL: a row of 2·reach + 1 for each sequence and head (B × H), written;
 * tlk_relative_bias_backward (relative_bias.h) sums them. */
void tlk_attention_backward(tl_pool *pool, const tlk_attention *shape, const float *q, int32_t ldq,
                            const float *k, int32_t ldk, const float *v, int32_t ldv, const float *out,
                            int32_t ldo, const float *dout, int32_t lddo, const float *lse, float *dq,
                            int32_t lddq, float *dk, int32_t lddk, float *dv, int32_t lddv, float *dbias,
                            float *scratch);

#endif
