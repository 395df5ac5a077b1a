/* The config's activation applied: plain, or gated where a row holds both factors side by side. */
#ifndef TL_MODEL_ACTIVATE_H
#define TL_MODEL_ACTIVATE_H

#include "model/model_internal.h"

/* y = activation(x) of n numbers; y may be x. */
void tl_activate(tl_pool *pool, tl_activation activation, const float *x, float *y, size_t n);

/* dy becomes the gradient of x. */
void tl_activate_backward(tl_pool *pool, tl_activation activation, const float *x, float *dy, size_t n);

/* y (rows × F) = activation(a)·b of x (rows × 2F), and backward: x becomes its own gradient, from dy (rows ×
 * F).
 */
void tl_activate_gated(tl_pool *pool, tl_activation activation, int32_t rows, int32_t F, const float *x,
                       float *y);
void tl_activate_gated_backward(tl_pool *pool, tl_activation activation, int32_t rows, int32_t F, float *x,
                                const float *dy);

#endif
