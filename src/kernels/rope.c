/* Rotary positions, four pairs at a time. */
#include "kernels/rope.h"

#include <math.h>
#include <stddef.h>

#include "kernels/ranges.h"
#include "kernels/simd.h"

void tlk_rope_table(int32_t positions, int32_t D, double theta, float *table) {
  const int32_t half = D / 2;
  for (int32_t d = 0; d < half; d++) {
    const float exponent = (float)(2 * d) / (float)D;
    const float frequency = 1.0f / (float)pow(theta, (double)exponent);
    for (int32_t p = 0; p < positions; p++) {
      const float angle = (float)p * frequency;
      float *row = table + (size_t)p * (size_t)D;
      row[d] = (float)cos((double)angle);
      row[half + d] = (float)sin((double)angle);
    }
  }
}

typedef struct turn {
  const tlk_rope *rope;
  float *x;
  size_t ldx;
  float sign; /* of the sines: -1 turns back */
} turn;

/* Turns `count` pairs: numbers from d on of a head's halves. */
TLK_INLINE void turn_pairs(float *head, const float *row, size_t half, size_t d, size_t count, tl_v4 sign) {
  const tl_v4 first = v4_load_part(head + d, count), second = v4_load_part(head + half + d, count);
  const tl_v4 cosine = v4_load_part(row + d, count);
  const tl_v4 sine = sign * v4_load_part(row + half + d, count);
  v4_store_part(head + d, first * cosine - second * sine, count);
  v4_store_part(head + half + d, second * cosine + first * sine, count);
}

static void turn_rows(const void *arguments, size_t begin, size_t end) {
  const turn *a = arguments;
  const size_t H = (size_t)a->rope->H, D = (size_t)a->rope->D, half = D / 2;
  const tl_v4 sign = v4_splat(a->sign);
  for (size_t t = begin; t < end; t++) {
    const float *row = a->rope->table + (size_t)a->rope->positions[t] * D;
    for (size_t h = 0; h < H; h++) {
      float *head = a->x + t * a->ldx + h * D;
      size_t d = 0;
      for (; d + TL_LANES <= half; d += TL_LANES)
        turn_pairs(head, row, half, d, TL_LANES, sign);
      if (d < half)
        turn_pairs(head, row, half, d, half - d, sign);
    }
  }
}

static void turn_all(tl_pool *pool, const tlk_rope *rope, float *x, int32_t ldx, float sign) {
  const turn a = {.rope = rope, .x = x, .ldx = (size_t)ldx, .sign = sign};
  const size_t floats = (size_t)rope->T * (size_t)rope->H * (size_t)rope->D;
  tlk_run_ranges(pool, (size_t)rope->T, 1, floats, turn_rows, &a);
}

void tlk_rope_forward(tl_pool *pool, const tlk_rope *rope, float *x, int32_t ldx) {
  turn_all(pool, rope, x, ldx, 1.0f);
}

void tlk_rope_backward(tl_pool *pool, const tlk_rope *rope, float *dx, int32_t lddx) {
  turn_all(pool, rope, dx, lddx, -1.0f);
}
