/* F16 and BF16 become float32 exactly: all 65,536 values of each, subnormals, infinities and NaN included.
 * F64 is rounded. */
#include <math.h>
#include <string.h>

#include "harness.h"
#include "model/dtype.h"

static float convert(const char *dtype, uint32_t bits) {
  /* At an odd address: tensors need not be aligned. */
  uint8_t bytes[5] = {0, (uint8_t)bits, (uint8_t)(bits >> 8), (uint8_t)(bits >> 16), (uint8_t)(bits >> 24)};
  float out = 0.0f;
  tl_dtype_find(dtype)->to_float(bytes + 1, 1, &out);
  return out;
}

/* A value of `exponent_bits` and `mantissa_bits` by the definition of IEEE 754. */
static double define(uint32_t bits, int exponent_bits, int mantissa_bits) {
  double sign = bits >> (exponent_bits + mantissa_bits) != 0 ? -1.0 : 1.0;
  int exponent = (int)(bits >> mantissa_bits) & ((1 << exponent_bits) - 1);
  int mantissa = (int)bits & ((1 << mantissa_bits) - 1);
  int bias = (1 << (exponent_bits - 1)) - 1;
  if (exponent == (1 << exponent_bits) - 1)
    return mantissa == 0 ? sign * (double)INFINITY : (double)NAN;
  if (exponent == 0)
    return sign * ldexp(mantissa, 1 - bias - mantissa_bits);
  return sign * ldexp(mantissa + (1 << mantissa_bits), exponent - bias - mantissa_bits);
}

static void check_all(const char *dtype, int exponent_bits, int mantissa_bits) {
  int wrong = 0;
  for (uint32_t bits = 0; bits < 65536; bits++) {
    double expected = define(bits, exponent_bits, mantissa_bits);
    float actual = convert(dtype, bits);
    bool same = isnan(expected)
                    ? isnan(actual)
                    : (double)actual == expected && (signbit(actual) != 0) == (signbit(expected) != 0);
    wrong += !same;
  }
  CHECK_EQ_INT(wrong, 0);
}

TEST(every_float16_value_is_kept) { check_all("F16", 5, 10); }

TEST(every_bfloat16_value_is_kept) { check_all("BF16", 8, 7); }

TEST(float32_is_kept_at_any_address) {
  CHECK_NEAR(convert("F32", 0x3f800001u), 1.00000011920928955078125, 0.0);
  CHECK_NEAR(convert("F32", 0xff800000u), -(double)INFINITY, 0.0);
  CHECK(isnan(convert("F32", 0x7fc00000u)));
}

static float convert_double(double value) {
  uint8_t bytes[9] = {0};
  memcpy(bytes + 1, &value, sizeof value);
  float out = 0.0f;
  tl_dtype_find("F64")->to_float(bytes + 1, 1, &out);
  return out;
}

TEST(float64_is_rounded_to_the_nearest_float32_at_any_address) {
  CHECK_NEAR(convert_double(-1.5), -1.5, 0.0);
  CHECK_NEAR(convert_double(1.0 + 0x1p-25), 1.0, 0.0);             /* below half a step */
  CHECK_NEAR(convert_double(1.0 + 0x1.8p-24), 1.0 + 0x1p-23, 0.0); /* above it */
  CHECK_NEAR(convert_double(1.0 + 0x1p-24), 1.0, 0.0);             /* half: to the even one */
  CHECK_NEAR(convert_double(-(double)INFINITY), -(double)INFINITY, 0.0);
  CHECK(isnan(convert_double((double)NAN)));
}

TEST(types_that_hold_no_weights_are_known_but_not_converted) {
  CHECK(tl_dtype_find("I64") != NULL && tl_dtype_find("I64")->to_float == NULL);
  CHECK(tl_dtype_find("U8") != NULL && tl_dtype_find("U8")->to_float == NULL);
  CHECK(tl_dtype_find("F4") == NULL);
}
