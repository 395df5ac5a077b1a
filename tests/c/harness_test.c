/* Checks the harness itself: what must fail does fail, NaN passes no comparison, a canary sees an overrun. */
#include "harness.h"

#include <math.h>
#include <stdio.h>

/* The checks under test print and count; this runs one that must fail and takes its failure back. */
#define CHECK_FAILS(check)                                                                                   \
  do {                                                                                                       \
    const int before = test_failures();                                                                      \
    printf("  (expected to fail)\n");                                                                        \
    const bool held = (check);                                                                               \
    const int counted = test_failures() - before;                                                            \
    test_forget_failures(counted);                                                                           \
    CHECK(!held);                                                                                            \
    CHECK_EQ_INT(counted, 1);                                                                                \
  } while (0)

TEST(nan_is_near_nothing) {
  CHECK_FAILS(CHECK_NEAR(NAN, 0.0, 1e9));
  CHECK_FAILS(CHECK_NEAR(0.0, NAN, 1e9));
  CHECK_FAILS(CHECK_NEAR(NAN, NAN, 1e9));
  CHECK_FAILS(CHECK_NEAR(1.0, 1.0 + 1e-3, NAN));
  CHECK_NEAR(HUGE_VAL, HUGE_VAL, 0.0);
  CHECK_NEAR(1.0, 1.0 + 1e-3, 2e-3);
  CHECK_FAILS(CHECK_NEAR(1.0, 1.0 + 3e-3, 2e-3));
}

TEST(arrays_are_close_only_when_every_element_is) {
  const float expected[4] = {1.0f, 2.0f, 3.0f, 4.0f};
  const float close[4] = {1.0f, 2.0f, 3.0f, 4.001f};
  const float with_nan[4] = {1.0f, NAN, 3.0f, 4.0f};
  CHECK_CLOSE_ARRAY(close, expected, 4, 0.0, 1e-3);
  CHECK_FAILS(CHECK_CLOSE_ARRAY(close, expected, 4, 0.0, 1e-4));
  CHECK_FAILS(CHECK_CLOSE_ARRAY(with_nan, expected, 4, 1e9, 1e9));
  CHECK_FAILS(CHECK_CLOSE_ARRAY(expected, with_nan, 4, 1e9, 1e9));
  CHECK_FAILS(CHECK_EQ_BYTES(close, expected, sizeof expected));
}

TEST(strings_and_integers_differ_when_they_differ) {
  CHECK_STR("a", "a");
  CHECK_FAILS(CHECK_STR("a", "b"));
  CHECK_FAILS(CHECK_STR(NULL, "a"));
  CHECK_FAILS(CHECK_EQ_INT(1, 2));
  CHECK_FAILS(CHECK(1 > 2));
}

TEST(a_canary_sees_one_float_written_past_either_end) {
  float *buffer = canary_alloc(7);
  for (int i = 0; i < 7; ++i) {
    CHECK(isnan(buffer[i]));
    buffer[i] = 1.0f;
  }
  CHECK(canary_intact(buffer));
  CHECK_EQ_INT((uintptr_t)buffer % 64, 0);
  const float after = buffer[7], before = buffer[-1];
  buffer[7] = 0.0f;
  CHECK(!canary_intact(buffer));
  buffer[7] = after;
  buffer[-1] = 0.0f;
  CHECK(!canary_intact(buffer));
  buffer[-1] = before;
  canary_free(buffer);
}
