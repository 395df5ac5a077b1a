/* Conversions from F32, F16, BF16 and F64: exact from the narrow types, rounded to nearest from F64. */
#include "model/dtype.h"

#include <string.h>

static float float_of_bits(uint32_t bits) {
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

static uint32_t read_u16(const uint8_t *bytes) { return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8; }

static void convert_f32(const uint8_t *bytes, size_t n, float *out) {
  for (size_t i = 0; i < n; i++, bytes += 4)
    out[i] = float_of_bits(read_u16(bytes) | read_u16(bytes + 2) << 16);
}

/* A BF16 is the upper half of a float32. */
static void convert_bf16(const uint8_t *bytes, size_t n, float *out) {
  for (size_t i = 0; i < n; i++)
    out[i] = float_of_bits(read_u16(bytes + 2 * i) << 16);
}

/* 1 sign, 5 exponent (bias 15) and 10 mantissa bits. */
static float float_of_half(uint32_t half) {
  uint32_t sign = (half & 0x8000u) << 16;
  uint32_t exponent = half >> 10 & 0x1fu;
  uint32_t mantissa = half & 0x3ffu;
  if (exponent == 0x1f) /* infinity and NaN */
    return float_of_bits(sign | 0x7f800000u | mantissa << 13);
  if (exponent == 0) { /* zero and subnormals: mantissa · 2^-24, exact in float32 */
    float magnitude = (float)mantissa * 0x1p-24f;
    return sign != 0 ? -magnitude : magnitude;
  }
  return float_of_bits(sign | (exponent + 127 - 15) << 23 | mantissa << 13);
}

static void convert_f16(const uint8_t *bytes, size_t n, float *out) {
  for (size_t i = 0; i < n; i++)
    out[i] = float_of_half(read_u16(bytes + 2 * i));
}

static void convert_f64(const uint8_t *bytes, size_t n, float *out) {
  for (size_t i = 0; i < n; i++, bytes += 8) {
    uint64_t bits = 0;
    for (int b = 7; b >= 0; b--)
      bits = bits << 8 | bytes[b];
    double value;
    memcpy(&value, &bits, sizeof value);
    out[i] = (float)value;
  }
}

static const tl_dtype dtypes[] = {
    {"F32", 4, convert_f32}, {"F16", 2, convert_f16}, {"BF16", 2, convert_bf16}, {"F64", 8, convert_f64},
    {"I64", 8, NULL},        {"U64", 8, NULL},        {"I32", 4, NULL},          {"U32", 4, NULL},
    {"I16", 2, NULL},        {"U16", 2, NULL},        {"I8", 1, NULL},           {"U8", 1, NULL},
    {"BOOL", 1, NULL},       {"C64", 8, NULL},        {"F8_E4M3", 1, NULL},      {"F8_E5M2", 1, NULL},
    {"F8_E8M0", 1, NULL},
};

const tl_dtype *tl_dtype_find(const char *name) {
  for (size_t i = 0; i < sizeof dtypes / sizeof *dtypes; i++) {
    if (strcmp(dtypes[i].name, name) == 0)
      return &dtypes[i];
  }
  return NULL;
}
