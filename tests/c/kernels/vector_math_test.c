/* exp, tanh, the normal distribution and GELU's slope in vectors against the C library in double, over all
 * exponents, within the bounds their header states. */
#include "kernels/vector_math.h"

#include "kernel_testing.h"

typedef tl_v4 (*vector_function)(tl_v4);

static tl_v4 vector_normal(tl_v4 x) {
  v4_normal_each(&x, 1);
  return x;
}

static tl_v4 vector_slope(tl_v4 x) {
  v4_gelu_slope_each(&x, 1);
  return x;
}

static tl_v4 vector_tanh(tl_v4 x) {
  v4_tanh_each(&x, 1);
  return x;
}

static double normal(double x) { return 0.5 * erf(x * sqrt(0.5)); }

static double slope(double x) { return normal(x) + x * exp(-0.5 * x * x) / sqrt(2.0 * acos(-1.0)); }

static float one_of(vector_function f, float x) { return f(v4_splat(x))[2]; }

static float float_of(uint32_t bits) {
  float x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

/* The largest error of f in ulp over every 2039th positive float of [from, to] (a prime, so that all patterns
 * of low bits occur) and its negative; NaN counts as infinite. */
static double worst_ulp(vector_function f, double (*reference)(double), float from, float to, float sign) {
  double worst = 0.0;
  uint32_t bits, end;
  memcpy(&bits, &from, sizeof bits);
  memcpy(&end, &to, sizeof end);
  for (; bits <= end; bits += 2039) {
    const float x = sign * float_of(bits);
    const double expected = reference((double)x);
    const float size = fabsf((float)expected);
    const double ulp = (double)nextafterf(size, INFINITY) - (double)size;
    const double error = fabs((double)one_of(f, x) - expected) / ulp;
    if (!(error <= worst))
      worst = isnan(error) ? HUGE_VAL : error;
  }
  return worst;
}

TEST(exp_keeps_its_bound) {
  CHECK_NEAR(worst_ulp(v4_exp, exp, 0.0f, 88.0f, 1.0f), 0.0, 1.2);
  CHECK_NEAR(worst_ulp(v4_exp, exp, 0.0f, 87.3f, -1.0f), 0.0, 1.2);
}

TEST(exp_at_its_ends) {
  CHECK_NEAR(one_of(v4_exp, 0.0f), 1.0, 0.0);
  CHECK_NEAR(one_of(v4_exp, -88.0f), 0.0, 0.0);
  CHECK_NEAR(one_of(v4_exp, -INFINITY), 0.0, 0.0);
  CHECK_NEAR(one_of(v4_exp, INFINITY), one_of(v4_exp, 88.0f), 0.0);
  CHECK(isnan(one_of(v4_exp, NAN)));
}

TEST(odd_functions_keep_their_bounds_from_the_smallest_to_the_largest_number) {
  for (float sign = -1.0f; sign <= 1.0f; sign += 2.0f) {
    CHECK_NEAR(worst_ulp(vector_normal, normal, 0.0f, FLT_MAX, sign), 0.0, 6.0);
    CHECK_NEAR(worst_ulp(vector_slope, slope, 0.0f, FLT_MAX, sign), 0.0, 8.0);
    CHECK_NEAR(worst_ulp(vector_tanh, tanh, 0.0f, FLT_MAX, sign), 0.0, 6.0);
  }
}

/* Odd, saturating at ±`most`, and honest about NaN. */
static void check_odd_shape(vector_function f, float most, double slack) {
  CHECK_NEAR(one_of(f, 0.0f), 0.0, 0.0);
  CHECK_NEAR(one_of(f, 20.0f), most, slack);
  CHECK_NEAR(one_of(f, INFINITY), one_of(f, 20.0f), 0.0);
  CHECK_NEAR(one_of(f, -INFINITY), -one_of(f, 20.0f), 0.0);
  CHECK(isnan(one_of(f, NAN)));
  int even = 0;
  for (int i = 0; i <= 200000; i++) {
    const float x = 11.0f * (float)i / 200000.0f;
    even += one_of(f, -x) != -one_of(f, x);
  }
  CHECK_EQ_INT(even, 0);
}

TEST(odd_functions_are_odd_and_saturate) {
  check_odd_shape(vector_tanh, 1.0f, 0.0);
  check_odd_shape(vector_normal, 0.5f, 6e-8);
  check_odd_shape(vector_slope, 0.5f, 2e-7);
}

TEST(the_normal_distribution_ends_outside_of_one_half) {
  /* So that GELU, which adds 1/2 and cuts at 0, is exactly 0 far down and exactly x far up. */
  CHECK(one_of(vector_normal, 5.58f) >= 0.5f);
  CHECK(one_of(vector_normal, 5.58f) + 0.5f == 1.0f);
}

TEST(tanh_stays_within_one) {
  int outside = 0;
  for (int i = 0; i <= 200000; i++)
    outside += !(one_of(vector_tanh, 11.0f * (float)i / 200000.0f) <= 1.0f);
  CHECK_EQ_INT(outside, 0);
}

/* All functions on a group. */
static void exp_each(tl_v4 *x, int count) {
  for (int v = 0; v < count; v++)
    x[v] = v4_exp(x[v]);
}

TEST(lanes_and_vectors_do_not_depend_on_each_other) {
  void (*const grouped[])(tl_v4 *, int) = {exp_each, v4_normal_each, v4_gelu_slope_each, v4_tanh_each};
  const vector_function single[] = {v4_exp, vector_normal, vector_slope, vector_tanh};
  for (size_t f = 0; f < 4; f++) {
    const tl_v4 x[TL_GROUP] = {{-3.0f, 0.25f, 90.0f, NAN}, {1.0f, -90.0f, -0.125f, 4.5f}};
    tl_v4 together[TL_GROUP] = {x[0], x[1]};
    grouped[f](together, TL_GROUP);
    for (int v = 0; v < TL_GROUP; v++)
      for (int lane = 0; lane < TL_LANES; lane++)
        if (!isnan(x[v][lane]))
          CHECK_NEAR(together[v][lane], one_of(single[f], x[v][lane]), 0.0);
    CHECK(isnan(together[0][3]));
  }
}
