/* Dropout: equal to its twin, right on average, and without patterns between elements, sites, steps and
 * seeds. */
#include "kernels/dropout.h"

#include "kernel_testing.h"
#include "kernels/scalar/scalar_twins.h"

TEST(vectors_draw_what_the_twin_draws) {
  static const size_t sizes[] = {0, 1, 3, 4, 5, 17, 1000, 16385, 30003};
  static const float rates[] = {0.0f, 0.1f, 0.5f, 0.9f, 1.0f};
  for (int32_t threads = 1; threads <= 3; threads++) {
    tl_pool *pool = test_pool(threads);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
      for (size_t r = 0; r < sizeof rates / sizeof *rates; r++) {
        const size_t n = sizes[i];
        const tlk_dropout dropout = tlk_dropout_make(42, 7, 3, rates[r]);
        float *x = random_floats(n, 1.0f, 1), *y = canary_alloc(n), *expected = canary_alloc(n);
        tlk_dropout_forward(pool, dropout, x, y, n);
        tlk_dropout_forward_scalar(dropout, x, expected, n);
        CHECK_CLOSE_ARRAY(y, expected, n, 0.0, 0.0); /* as numbers: a dropped -1 may be 0 or -0 */
        tlk_dropout_backward(pool, dropout, x, x, n);
        CHECK_CLOSE_ARRAY(x, expected, n, 0.0, 0.0);
        canary_free(x);
        canary_free(y);
        canary_free(expected);
      }
    tl_pool_free(pool);
  }
}

TEST(kept_elements_are_scaled_so_that_the_mean_stays) {
  const tlk_dropout dropout = tlk_dropout_make(1, 2, 3, 0.1f);
  const float one[2] = {1.0f, 1.0f};
  float y[2];
  CHECK_NEAR(tlk_dropout_scale(dropout), 1.0 / 0.9, 1e-6);
  CHECK_NEAR(tlk_dropout_scale(tlk_dropout_make(1, 2, 3, 1.0f)), 0.0, 0.0);
  tlk_dropout_forward_scalar(tlk_dropout_off(), one, y, 2);
  CHECK_NEAR(y[0] + y[1], 2.0, 0.0);
  CHECK(!tlk_dropout_on(tlk_dropout_off()));
}

enum { DRAWS = 1 << 20 };

/* The share of dropped elements, in standard deviations from p. */
static double deviations_from(tlk_dropout dropout) {
  int32_t dropped = 0;
  for (uint32_t i = 0; i < DRAWS; i++)
    dropped += !tlk_dropout_keep(dropout, i);
  const double p = (double)dropout.p, draws = DRAWS;
  return (dropped - draws * p) / sqrt(draws * p * (1.0 - p));
}

TEST(the_share_dropped_is_p) {
  static const float rates[] = {0.01f, 0.1f, 0.25f, 0.5f, 0.9f};
  for (uint32_t site = 0; site < 8; site++)
    for (size_t r = 0; r < sizeof rates / sizeof *rates; r++)
      /* 40 fixed draws: beyond 4.5 deviations once in 4,000 such tables if the generator is fair */
      CHECK_NEAR(deviations_from(tlk_dropout_make(9, site + 1, site, rates[r])), 0.0, 4.5);
}

/* χ² of `counts` in `cells` equally likely cells, in standard deviations from its mean. */
static double chi_square_deviation(const int32_t *counts, int cells, double draws) {
  double chi = 0.0;
  for (int i = 0; i < cells; i++)
    chi += (counts[i] - draws / cells) * (counts[i] - draws / cells) / (draws / cells);
  return (chi - (cells - 1)) / sqrt(2.0 * (cells - 1));
}

TEST(hashes_are_uniform_in_high_and_low_bits) {
  for (uint32_t site = 0; site < 6; site++) {
    const tlk_dropout dropout = tlk_dropout_make(3, 5, site, 0.5f);
    int32_t high[256] = {0}, low[256] = {0};
    for (uint32_t i = 0; i < DRAWS; i++) {
      const int32_t hash = tlk_dropout_hash(dropout, i);
      CHECK(hash >= 0);
      high[hash >> 23]++;
      low[hash & 255]++;
    }
    /* A counter through a bijection is slightly too even, never uneven: the upper side is what must hold. */
    CHECK(chi_square_deviation(high, 256, DRAWS) < 4.5);
    CHECK(chi_square_deviation(low, 256, DRAWS) < 4.5);
  }
}

/* The correlation of two masks of p = 1/2, of elements i and i + lag, in standard deviations. */
static double correlation(tlk_dropout a, tlk_dropout b, uint32_t lag) {
  int32_t agreement = 0;
  for (uint32_t i = 0; i < DRAWS; i++)
    agreement += tlk_dropout_keep(a, i) == tlk_dropout_keep(b, i + lag) ? 1 : -1;
  return agreement / sqrt((double)DRAWS);
}

TEST(neighbouring_elements_are_independent) {
  const tlk_dropout dropout = tlk_dropout_make(11, 1, 0, 0.5f);
  static const uint32_t lags[] = {1, 2, 3, 4, 8, 32, 64, 127, 128, 384, 512, 1536, 65536};
  for (size_t i = 0; i < sizeof lags / sizeof *lags; i++)
    CHECK_NEAR(correlation(dropout, dropout, lags[i]), 0.0, 4.5);
}

TEST(sites_steps_and_seeds_are_independent) {
  const tlk_dropout base = tlk_dropout_make(11, 1, 0, 0.5f);
  for (uint32_t other = 1; other <= 12; other++) {
    CHECK_NEAR(correlation(base, tlk_dropout_make(11, 1, other, 0.5f), 0), 0.0, 4.5);
    CHECK_NEAR(correlation(base, tlk_dropout_make(11, 1 + other, 0, 0.5f), 0), 0.0, 4.5);
    CHECK_NEAR(correlation(base, tlk_dropout_make(11 + other, 1, 0, 0.5f), 0), 0.0, 4.5);
  }
}

TEST(consecutive_masks_form_no_patterns) {
  /* Eight neighbours give one of 256 patterns, all equally likely at p = 1/2. */
  const tlk_dropout dropout = tlk_dropout_make(0, 0, 0, 0.5f);
  int32_t counts[256] = {0};
  for (uint32_t i = 0; i < DRAWS; i++) {
    int pattern = 0;
    for (uint32_t bit = 0; bit < 8; bit++)
      pattern = pattern * 2 + tlk_dropout_keep(dropout, 8 * i + bit);
    counts[pattern]++;
  }
  CHECK_NEAR(chi_square_deviation(counts, 256, DRAWS), 0.0, 4.5);
}
