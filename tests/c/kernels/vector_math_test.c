/* exp, erf and tanh of vectors against the C library in double, over dense grids, within the bounds their
 * header states. */
#include "kernels/vector_math.h"

#include "kernel_testing.h"

typedef tl_v4 (*vector_function)(tl_v4);

static float one_of(vector_function f, float x) { return f(v4_splat(x))[2]; }

/* The largest |f(x) - reference(x)| / |reference(x)| over `steps` steps of [from, to]; NaN counts as
 * infinite. */
static double worst_relative_error(vector_function f, double (*reference)(double), double from, double to,
                                   int steps) {
  double worst = 0.0;
  for (int i = 0; i <= steps; i++) {
    const float x = (float)(from + (to - from) * i / steps);
    const double expected = reference((double)x);
    const double error = fabs((double)one_of(f, x) - expected) / fabs(expected);
    if (!(error <= worst))
      worst = isnan(error) ? HUGE_VAL : error;
  }
  return worst;
}

TEST(exp_keeps_its_bound) {
  CHECK_NEAR(worst_relative_error(v4_exp, exp, -87.3, 88.0, 1000003), 0.0, 2e-7);
  CHECK_NEAR(worst_relative_error(v4_exp, exp, -1.0, 1.0, 1000003), 0.0, 2e-7);
}

TEST(exp_at_its_ends) {
  CHECK_NEAR(one_of(v4_exp, 0.0f), 1.0, 0.0);
  CHECK_NEAR(one_of(v4_exp, -88.0f), 0.0, 0.0);
  CHECK_NEAR(one_of(v4_exp, -INFINITY), 0.0, 0.0);
  CHECK_NEAR(one_of(v4_exp, INFINITY), one_of(v4_exp, 88.0f), 0.0);
  CHECK(isnan(one_of(v4_exp, NAN)));
}

TEST(erf_keeps_its_bound) {
  CHECK_NEAR(worst_relative_error(v4_erf, erf, -5.0, 5.0, 1000003), 0.0, 6e-7);
  CHECK_NEAR(worst_relative_error(v4_erf, erf, 1e-30, 1e-3, 100003), 0.0, 6e-7);
}

TEST(tanh_keeps_its_bound) {
  CHECK_NEAR(worst_relative_error(v4_tanh, tanh, -12.0, 12.0, 1000003), 0.0, 5e-7);
  CHECK_NEAR(worst_relative_error(v4_tanh, tanh, 1e-30, 1e-3, 100003), 0.0, 5e-7);
}

/* Odd, bounded by 1, saturating, and honest about NaN. */
static void check_sigmoid_shape(vector_function f) {
  CHECK_NEAR(one_of(f, 0.0f), 0.0, 0.0);
  CHECK_NEAR(one_of(f, 20.0f), 1.0, 0.0);
  CHECK_NEAR(one_of(f, INFINITY), 1.0, 0.0);
  CHECK_NEAR(one_of(f, -INFINITY), -1.0, 0.0);
  CHECK(isnan(one_of(f, NAN)));
  float before = -1.0f;
  for (int i = 0; i <= 200000; i++) {
    const float x = 11.0f * (float)i / 200000.0f;
    const float y = one_of(f, x);
    if (!(y <= 1.0f) || one_of(f, -x) != -y || !(y >= before - 6e-7f)) {
      CHECK_NEAR(x, -1.0, 0.0); /* names the x where the shape breaks */
      return;
    }
    before = y;
  }
}

TEST(erf_and_tanh_are_odd_bounded_and_nearly_monotonic) {
  check_sigmoid_shape(v4_erf);
  check_sigmoid_shape(v4_tanh);
}

TEST(lanes_do_not_depend_on_each_other) {
  const tl_v4 x = {-3.0f, 0.25f, 90.0f, NAN};
  const vector_function functions[] = {v4_exp, v4_erf, v4_tanh};
  for (size_t f = 0; f < 3; f++) {
    const tl_v4 together = functions[f](x);
    for (int lane = 0; lane < 3; lane++)
      CHECK_NEAR(together[lane], one_of(functions[f], x[lane]), 0.0);
    CHECK(isnan(together[3]));
  }
}
