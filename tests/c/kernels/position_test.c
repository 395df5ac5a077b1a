/* Rotary positions and the bias by distance: twins, inverses, buckets, sums. */
#include "kernel_testing.h"
#include "kernels/relative_bias.h"
#include "kernels/scalar/scalar_twins.h"

enum { T = 37, H = 3, POSITIONS = 600 };

/* Rows of T tokens turned by the kernel, on so many threads; gaps between rows stay as they were. */
static float *turned(const tlk_rope *rope, const float *x, size_t n, int32_t ld, int32_t threads, bool back) {
  tl_pool *pool = test_pool(threads);
  float *y = copy_of(x, n);
  (back ? tlk_rope_backward : tlk_rope_forward)(pool, rope, y, ld);
  tl_pool_free(pool);
  return y;
}

static void check_rope(int32_t D, double theta, int32_t gap) {
  const int32_t ld = H * D + gap;
  const size_t n = (size_t)T * (size_t)ld;
  int32_t positions[T];
  for (int32_t t = 0; t < T; t++)
    positions[t] = t * 17 % POSITIONS;
  float *table = canary_alloc(POSITIONS * (size_t)D), *x = random_floats(n, 2.0f, 1),
        *expected = copy_of(x, n);
  tlk_rope_table(POSITIONS, D, theta, table);
  const tlk_rope rope = {.T = T, .H = H, .D = D, .positions = positions, .table = table};
  tlk_rope_forward_scalar(&rope, theta, expected, ld);
  float *y = turned(&rope, x, n, ld, 1, false), *again = turned(&rope, y, n, ld, 1, true);
  /* Angles up to 600 rounded to float: 600·eps/2, times numbers of up to 2·√2. */
  CHECK_CLOSE_ARRAY(y, expected, n, 1.2e-4, 0.0);
  CHECK_CLOSE_ARRAY(again, x, n, 2e-6, 0.0);
  for (int32_t threads = 2; threads <= POOLS; threads++) {
    float *many = turned(&rope, x, n, ld, threads, false);
    CHECK_EQ_BYTES(many, y, n * sizeof(float));
    canary_free(many);
  }
  canary_free(table), canary_free(x), canary_free(expected), canary_free(y), canary_free(again);
}

TEST(rotary_positions_equal_their_twin_and_turn_back) {
  check_rope(8, 10000.0, 0);
  check_rope(2, 10000.0, 5);
  check_rope(64, 160000.0, 64);
  check_rope(12, 10000.0, 0);
}

TEST(position_0_turns_nothing) {
  float table[8];
  tlk_rope_table(1, 8, 10000.0, table);
  for (int32_t d = 0; d < 4; d++) {
    CHECK_NEAR(table[d], 1.0, 0.0);
    CHECK_NEAR(table[4 + d], 0.0, 0.0);
  }
}

TEST(buckets_of_distances_follow_the_formula) {
  for (int32_t distance = -700; distance <= 700; distance++)
    CHECK_EQ_INT(tlk_relative_bucket(distance), tlk_relative_bucket_scalar(distance));
  CHECK_EQ_INT(tlk_relative_bucket(0), 0);
  CHECK_EQ_INT(tlk_relative_bucket(-7), 7);
  CHECK_EQ_INT(tlk_relative_bucket(-8), 8);
  CHECK_EQ_INT(tlk_relative_bucket(64), 16 + 14); /* powers of two lie on a border */
  CHECK_EQ_INT(tlk_relative_bucket(63), 16 + 13);
  CHECK_EQ_INT(tlk_relative_bucket(1 << 20), 31);
}

TEST(a_bias_is_looked_up_by_distance_and_its_gradient_summed_by_bucket) {
  enum { B = 3, REACH = 140, WIDTH = 2 * REACH + 1 };
  float *table = random_floats(TLK_RELATIVE_BUCKETS * H, 1.0f, 1), *bias = canary_alloc(H * WIDTH);
  float *dbias = random_floats(B * H * WIDTH, 1.0f, 2),
        *dtable = random_floats(TLK_RELATIVE_BUCKETS * H, 1.0f, 3);
  float *before = copy_of(dtable, TLK_RELATIVE_BUCKETS * H);
  tlk_relative_bias_forward(H, REACH, table, bias);
  tlk_relative_bias_backward(B, H, REACH, dbias, dtable);
  for (int32_t h = 0; h < H; h++) {
    double sums[TLK_RELATIVE_BUCKETS] = {0.0};
    for (int32_t distance = -REACH; distance <= REACH; distance++) {
      const int32_t bucket = tlk_relative_bucket_scalar(distance);
      CHECK_NEAR(bias[h * WIDTH + REACH + distance], table[bucket * H + h], 0.0);
      for (int32_t b = 0; b < B; b++)
        sums[bucket] += (double)dbias[(b * H + h) * WIDTH + REACH + distance];
    }
    for (int32_t bucket = 0; bucket < TLK_RELATIVE_BUCKETS; bucket++)
      CHECK_NEAR(dtable[bucket * H + h], (double)before[bucket * H + h] + sums[bucket], 1e-5);
  }
  canary_free(table), canary_free(bias), canary_free(dbias), canary_free(dtable), canary_free(before);
}
