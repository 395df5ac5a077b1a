/* Adapters of rank r beside a layer's attention projections: forward and backward, and their merged weights.
 */
#ifndef TL_MODEL_LORA_H
#define TL_MODEL_LORA_H

#include "model/model_internal.h"

/* The span of a projection's weight. */
int32_t tl_projection_span(const tl_model *model, int32_t layer, tl_projection projection);

/* y (rows × out, ldy apart) += scaling · dropout(x)·Aᵀ·Bᵀ with x (rows × in, dense rows). Nothing without an
 * adapter. */
void tl_lora_forward(tl_model *model, int32_t layer, tl_projection projection, int32_t rows, const float *x,
                     float *y, int32_t ldy);

/* From dy (rows × out, lddy apart): adds to the gradients of A and B where they are trainable and, unless dx
 * is NULL, what passes through the adapter to dx (rows × in, dense rows). x as in forward. */
void tl_lora_backward(tl_model *model, int32_t layer, tl_projection projection, int32_t rows, const float *dy,
                      int32_t lddy, const float *x, float *dx);

/* Fills the span of a lora_A and of the lora_B after it as peft does, drawing what it draws. */
void tl_lora_init(tl_model *model, int32_t adapter, tl_generator *generator);

/* out[i - begin] = element i of an adapted matrix plus scaling · B·A, for i in [begin, end). out may be the
 * matrix's own elements. Each is summed in ascending order of the rank. */
void tl_lora_merged(const tl_model *model, int32_t span, size_t begin, size_t end, float *out);

#endif
