/* Activations, dropout and the rest of the element-by-element kernels as their formulas read, in double. */
#include <math.h>

#include "kernels/scalar/scalar_twins.h"

static const double sqrt_half = 0.70710678118654752440;           /* √(1/2) */
static const double inverse_sqrt_two_pi = 0.39894228040143267794; /* 1/√(2π) */
static const double sqrt_two_over_pi = 0.79788456080286535588;    /* √(2/π) */

void tlk_dropout_forward_scalar(tlk_dropout dropout, const float *x, float *y, size_t n) {
  const float scale = tlk_dropout_scale(dropout);
  for (size_t i = 0; i < n; i++)
    if (tlk_dropout_on(dropout))
      y[i] = tlk_dropout_keep(dropout, (uint32_t)i) ? x[i] * scale : 0.0f;
    else
      y[i] = x[i];
}

void tlk_dropout_backward_scalar(tlk_dropout dropout, const float *dy, float *dx, size_t n) {
  tlk_dropout_forward_scalar(dropout, dy, dx, n); /* linear: the gradient takes the same factors */
}

void tlk_gelu_forward_scalar(const float *x, float *y, size_t n) {
  for (size_t i = 0; i < n; i++) {
    const double v = (double)x[i];
    y[i] = (float)(0.5 * v * erfc(-v * sqrt_half));
  }
}

void tlk_gelu_backward_scalar(const float *x, const float *dy, float *dx, size_t n) {
  for (size_t i = 0; i < n; i++) {
    const double v = (double)x[i];
    const double distribution = 0.5 * erfc(-v * sqrt_half);
    const double density = inverse_sqrt_two_pi * exp(-0.5 * v * v);
    dx[i] = (float)((double)dy[i] * (distribution + v * density));
  }
}

void tlk_gelu_tanh_forward_scalar(const float *x, float *y, size_t n) {
  for (size_t i = 0; i < n; i++) {
    const double v = (double)x[i];
    y[i] = (float)(0.5 * v * (1.0 + tanh(sqrt_two_over_pi * (v + 0.044715 * v * v * v))));
  }
}

void tlk_gelu_tanh_backward_scalar(const float *x, const float *dy, float *dx, size_t n) {
  for (size_t i = 0; i < n; i++) {
    const double v = (double)x[i];
    const double t = tanh(sqrt_two_over_pi * (v + 0.044715 * v * v * v));
    const double dt = (1.0 - t * t) * sqrt_two_over_pi * (1.0 + 3.0 * 0.044715 * v * v);
    dx[i] = (float)((double)dy[i] * (0.5 * (1.0 + t) + 0.5 * v * dt));
  }
}

void tlk_relu_forward_scalar(const float *x, float *y, size_t n) {
  for (size_t i = 0; i < n; i++)
    y[i] = x[i] < 0.0f ? 0.0f : x[i];
}

void tlk_relu_backward_scalar(const float *x, const float *dy, float *dx, size_t n) {
  for (size_t i = 0; i < n; i++)
    dx[i] = x[i] > 0.0f ? dy[i] : 0.0f;
}

void tlk_tanh_forward_scalar(const float *x, float *y, size_t n) {
  for (size_t i = 0; i < n; i++)
    y[i] = (float)tanh((double)x[i]);
}

void tlk_tanh_backward_scalar(const float *y, const float *dy, float *dx, size_t n) {
  for (size_t i = 0; i < n; i++)
    dx[i] = (float)((double)dy[i] * (1.0 - (double)y[i] * (double)y[i]));
}

void tlk_add_scalar(const float *x, float *y, size_t n) {
  for (size_t i = 0; i < n; i++)
    y[i] += x[i];
}

void tlk_scale_scalar(float factor, float *x, size_t n) {
  for (size_t i = 0; i < n; i++)
    x[i] *= factor;
}

void tlk_zero_scalar(float *x, size_t n) {
  for (size_t i = 0; i < n; i++)
    x[i] = 0.0f;
}

void tlk_column_sums_scalar(int32_t rows, int32_t columns, const float *x, int32_t ldx, float *sums) {
  for (size_t j = 0; j < (size_t)columns; j++) {
    double sum = (double)sums[j];
    for (size_t row = 0; row < (size_t)rows; row++)
      sum += (double)x[row * (size_t)ldx + j];
    sums[j] = (float)sum;
  }
}

/* y = activation(a)·b, row by row, where a row of x holds a and b. */
#define GATED_SCALAR(kernel, activation)                                                                     \
  void kernel##_forward_scalar(int32_t rows, int32_t F, const float *x, float *y) {                          \
    for (size_t row = 0; row < (size_t)rows; row++, x += 2 * (size_t)F, y += F) {                            \
      activation##_forward_scalar(x, y, (size_t)F);                                                          \
      for (int32_t i = 0; i < F; i++)                                                                        \
        y[i] *= x[F + i];                                                                                    \
    }                                                                                                        \
  }                                                                                                          \
  void kernel##_backward_scalar(int32_t rows, int32_t F, float *x, const float *dy) {                        \
    for (size_t row = 0; row < (size_t)rows; row++, x += 2 * (size_t)F, dy += F) {                           \
      for (int32_t i = 0; i < F; i++) {                                                                      \
        float value, through = dy[i] * x[F + i];                                                             \
        activation##_forward_scalar(x + i, &value, 1);                                                       \
        activation##_backward_scalar(x + i, &through, x + i, 1);                                             \
        x[F + i] = dy[i] * value;                                                                            \
      }                                                                                                      \
    }                                                                                                        \
  }

GATED_SCALAR(tlk_gated_gelu, tlk_gelu)
GATED_SCALAR(tlk_gated_gelu_tanh, tlk_gelu_tanh)
GATED_SCALAR(tlk_gated_relu, tlk_relu)
