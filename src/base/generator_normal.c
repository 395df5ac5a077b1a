/* Normal deviates as torch's CPU kernels draw them: Box-Muller, in double one by one, or in float by blocks
 * of sixteen. */
#include <math.h>

#include "base/generator_internal.h"

/* torch's kernel takes blocks from this size on. */
enum { BLOCK = 16, HALF = BLOCK / 2 };

static const double two_pi = 6.283185307179586476925286766559;

/* [0, 1) with a double's 53 bits. */
static double uniform_double(tl_generator *generator) {
  return (double)(tl_generator_random64(generator) & ((UINT64_C(1) << 53) - 1)) * 0x1p-53;
}

/* at::normal_distribution<double>: pairs, the second kept for the next call. */
static double normal_double(tl_generator *generator) {
  if (generator->has_next_normal) {
    generator->has_next_normal = false;
    return generator->next_normal;
  }
  const double angle = two_pi * uniform_double(generator);
  const double radius = sqrt(-2.0 * log1p(-uniform_double(generator)));
  generator->next_normal = radius * sin(angle);
  generator->has_next_normal = true;
  return radius * cos(angle);
}

/* Turns sixteen uniforms into deviates in place: the first eight give the radius, the others the angle.
 * Rounded to float where torch rounds: the angle's rounding alone moves a far deviate by more than 1e-6. The
 * functions are computed in double; torch's own differ from that in a float's last bit, and from machine to
 * machine. */
static void transform_block(float *block, float mean, float std) {
  for (int i = 0; i < HALF; ++i) {
    const float log_uniform = (float)log((double)(1.0f - block[i]));
    const float radius = sqrtf(-2.0f * log_uniform);
    const float angle = (float)two_pi * block[i + HALF];
    const float first = radius * (float)cos((double)angle);
    const float second = radius * (float)sin((double)angle);
    block[i] = (float)((double)first * (double)std + (double)mean);
    block[i + HALF] = (float)((double)second * (double)std + (double)mean);
  }
}

void tl_generator_normal(tl_generator *generator, float mean, float std, size_t n, float *out) {
  if (n < BLOCK) {
    for (size_t i = 0; i < n; ++i)
      out[i] = (float)(normal_double(generator) * (double)std + (double)mean);
    return;
  }
  for (size_t i = 0; i < n; ++i)
    out[i] = tl_uniform_float(generator);
  for (size_t i = 0; i + BLOCK <= n; i += BLOCK)
    transform_block(out + i, mean, std);
  if (n % BLOCK != 0) { /* the last sixteen are drawn anew, those already transformed among them too */
    float *tail = out + n - BLOCK;
    for (int i = 0; i < BLOCK; ++i)
      tail[i] = tl_uniform_float(generator);
    transform_block(tail, mean, std);
  }
}
