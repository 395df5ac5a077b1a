/* AdamW's step and the sum of squares as the formulas read. */
#include <math.h>

#include "kernels/scalar/scalar_twins.h"

void tlk_adamw_scalar(const tlk_adamw_step *step, tlk_adamw_blocks b, size_t n) {
  for (size_t i = 0; i < n; i++) {
    const double g = (double)b.gradients[i] * (double)step->gradient_scale;
    const double decayed = (double)b.weights[i] * (1.0 - step->lr * step->weight_decay);
    const double m = step->beta1 * (double)b.exp_avg[i] + (1.0 - step->beta1) * g;
    const double v = step->beta2 * (double)b.exp_avg_sq[i] + (1.0 - step->beta2) * g * g;
    const double denominator = sqrt(v) / step->bias_correction2_sqrt + step->eps;
    b.exp_avg[i] = (float)m;
    b.exp_avg_sq[i] = (float)v;
    b.weights[i] = (float)(decayed - step->lr / step->bias_correction1 * m / denominator);
  }
}

double tlk_sum_squares_scalar(const float *x, size_t n) {
  double sum = 0.0;
  for (size_t i = 0; i < n; i++)
    sum += (double)x[i] * (double)x[i];
  return sum;
}
