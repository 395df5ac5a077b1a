/* A dense layer of the model, y = x·Wᵀ + b, by its spans. */
#ifndef TL_MODEL_DENSE_H
#define TL_MODEL_DENSE_H

#include "model/model_internal.h"

/* `parts` matrices (rows × in) that lie side by side and are applied as one: query, key and value; else 1.
 * Their biases lie side by side too. Where one span holds all three, a layer is some of its rows. */
typedef struct tl_dense {
  int32_t weight; /* span of the first part's weight */
  int32_t bias;   /* span of the first part's bias; -1: none */
  int32_t parts;
  int32_t first; /* row of the span that is the layer's first */
  int32_t rows;  /* of a part, from there on */
} tl_dense;

/* The dense layer whose weight is span `weight`; its bias, if it has one, follows it. */
tl_dense tl_dense_at(const tl_model *model, int32_t weight);

/* Parts `first` to `first` + `parts` - 1 of a layer's query, key and value. */
tl_dense tl_dense_projection(const tl_model *model, int32_t layer, int32_t first, int32_t parts);

/* y (rows × out, out = parts·dense.rows, dense rows) = x (rows × in, dense rows) · Wᵀ + b. */
void tl_dense_forward(tl_model *model, tl_dense dense, int32_t rows, const float *x, float *y);

/* Adds to the gradients of those parts that are trainable: dW += dyᵀ·x, db += Σ dy. dy and x as in forward.
 */
void tl_dense_backward_weights(tl_model *model, tl_dense dense, int32_t rows, const float *dy,
                               const float *x);

/* dx (rows × in) = dy · W, added to what is there if `accumulate`. */
void tl_dense_backward_input(tl_model *model, tl_dense dense, int32_t rows, const float *dy, float *dx,
                             bool accumulate);

#endif
