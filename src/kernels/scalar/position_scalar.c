/* Rotary positions and attention's bias by distance as the formulas read. */
#include <math.h>
#include <stdlib.h>

#include "kernels/scalar/scalar_twins.h"

void tlk_rope_forward_scalar(const tlk_rope *rope, double theta, float *x, int32_t ldx) {
  for (size_t t = 0; t < (size_t)rope->T; t++)
    for (int32_t h = 0; h < rope->H; h++)
      for (int32_t d = 0; d < rope->D / 2; d++) {
        const double angle = (double)rope->positions[t] / pow(theta, 2.0 * d / rope->D);
        float *first = x + t * (size_t)ldx + h * rope->D + d, *second = first + rope->D / 2;
        const double a = (double)*first, b = (double)*second;
        *first = (float)(a * cos(angle) - b * sin(angle));
        *second = (float)(b * cos(angle) + a * sin(angle));
      }
}

/* relative_position_bucket as transformers writes it, for distances whose logarithm is not at a border. */
int32_t tlk_relative_bucket_scalar(int32_t distance) {
  const int32_t n = abs(distance), side = distance > 0 ? 16 : 0;
  if (n < 8)
    return side + n;
  const int32_t far = 8 + (int32_t)(log(n / 8.0) / log(128.0 / 8.0) * 8.0 + 1e-9);
  return side + (far < 15 ? far : 15);
}
