/* Layer norm with its residual and dropout as the formulas read, sums in double. */
#include <math.h>

#include "kernels/scalar/scalar_twins.h"

void tlk_layer_norm_forward_scalar(int32_t rows, int32_t C, const float *x, const float *residual,
                                   tlk_dropout dropout, const float *gamma, const float *beta, float eps,
                                   float *sum, float *y, float *mean, float *rstd) {
  const float keep_scale = tlk_dropout_scale(dropout);
  for (size_t row = 0; row < (size_t)rows; row++) {
    const size_t start = row * (size_t)C;
    const float *normed = sum ? sum + start : x + start;
    double total = 0.0, squares = 0.0;
    for (size_t c = 0; c < (size_t)C; c++) {
      float value = x[start + c];
      if (tlk_dropout_on(dropout))
        value = tlk_dropout_keep(dropout, (uint32_t)(start + c)) ? value * keep_scale : 0.0f;
      if (sum)
        sum[start + c] = residual ? residual[start + c] + value : value;
      total += (double)normed[c];
    }
    const double average = total / C;
    for (size_t c = 0; c < (size_t)C; c++)
      squares += ((double)normed[c] - average) * ((double)normed[c] - average);
    const double inverse = 1.0 / sqrt(squares / C + (double)eps);
    for (size_t c = 0; c < (size_t)C; c++)
      y[start + c] = (float)(((double)normed[c] - average) * inverse * (double)gamma[c] +
                             (beta ? (double)beta[c] : 0.0));
    if (mean) {
      mean[row] = (float)average;
      rstd[row] = (float)inverse;
    }
  }
}

void tlk_layer_norm_backward_scalar(int32_t rows, int32_t C, const float *sum, const float *mean,
                                    const float *rstd, const float *gamma, tlk_dropout dropout,
                                    const float *dy, float *dsum, float *dx, float *dgamma, float *dbeta) {
  for (size_t c = 0; c < (size_t)C; c++) {
    double gamma_sum = 0.0, beta_sum = 0.0;
    for (size_t row = 0; row < (size_t)rows; row++) {
      const size_t at = row * (size_t)C + c;
      gamma_sum += (double)dy[at] * ((double)sum[at] - (double)mean[row]) * (double)rstd[row];
      beta_sum += (double)dy[at];
    }
    if (dgamma)
      dgamma[c] = (float)((double)dgamma[c] + gamma_sum);
    if (dbeta)
      dbeta[c] = (float)((double)dbeta[c] + beta_sum);
  }
  for (size_t row = 0; row < (size_t)rows; row++) {
    const size_t start = row * (size_t)C;
    const double average = (double)mean[row], inverse = (double)rstd[row];
    double mean_g = 0.0, mean_gx = 0.0; /* of dy·gamma, and of it times the normalised input */
    for (size_t c = 0; c < (size_t)C; c++) {
      const double g = (double)dy[start + c] * (double)gamma[c];
      mean_g += g / C;
      mean_gx += g * ((double)sum[start + c] - average) * inverse / C;
    }
    for (size_t c = 0; c < (size_t)C; c++) {
      const double g = (double)dy[start + c] * (double)gamma[c];
      const double normalised = ((double)sum[start + c] - average) * inverse;
      const float result = (float)(inverse * (g - mean_g - normalised * mean_gx));
      dsum[start + c] = result;
      if (dx)
        dx[start + c] = result;
    }
  }
  if (dx && tlk_dropout_on(dropout))
    tlk_dropout_backward_scalar(dropout, dx, dx, (size_t)rows * (size_t)C);
}
