/* The kernels of each activation by its name. */
#include "model/activate.h"

#include "kernels/gated.h"
#include "kernels/pointwise.h"

void tl_activate(tl_pool *pool, tl_activation activation, const float *x, float *y, size_t n) {
  switch (activation) {
  case TL_ACTIVATION_GELU:
    tlk_gelu_forward(pool, x, y, n);
    break;
  case TL_ACTIVATION_GELU_TANH:
    tlk_gelu_tanh_forward(pool, x, y, n);
    break;
  case TL_ACTIVATION_RELU:
    tlk_relu_forward(pool, x, y, n);
    break;
  }
}

void tl_activate_backward(tl_pool *pool, tl_activation activation, const float *x, float *dy, size_t n) {
  switch (activation) {
  case TL_ACTIVATION_GELU:
    tlk_gelu_backward(pool, x, dy, dy, n);
    break;
  case TL_ACTIVATION_GELU_TANH:
    tlk_gelu_tanh_backward(pool, x, dy, dy, n);
    break;
  case TL_ACTIVATION_RELU:
    tlk_relu_backward(pool, x, dy, dy, n);
    break;
  }
}

void tl_activate_gated(tl_pool *pool, tl_activation activation, int32_t rows, int32_t F, const float *x,
                       float *y) {
  switch (activation) {
  case TL_ACTIVATION_GELU:
    tlk_gated_gelu_forward(pool, rows, F, x, y);
    break;
  case TL_ACTIVATION_GELU_TANH:
    tlk_gated_gelu_tanh_forward(pool, rows, F, x, y);
    break;
  case TL_ACTIVATION_RELU:
    tlk_gated_relu_forward(pool, rows, F, x, y);
    break;
  }
}

void tl_activate_gated_backward(tl_pool *pool, tl_activation activation, int32_t rows, int32_t F, float *x,
                                const float *dy) {
  switch (activation) {
  case TL_ACTIVATION_GELU:
    tlk_gated_gelu_backward(pool, rows, F, x, dy);
    break;
  case TL_ACTIVATION_GELU_TANH:
    tlk_gated_gelu_tanh_backward(pool, rows, F, x, dy);
    break;
  case TL_ACTIVATION_RELU:
    tlk_gated_relu_backward(pool, rows, F, x, dy);
    break;
  }
}
