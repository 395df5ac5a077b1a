/* Rotary positions of the model's layers: the tables of angles, and where they are applied. */
#ifndef TL_MODEL_ROTARY_H
#define TL_MODEL_ROTARY_H

#include "kernels/rope.h"
#include "model/model_internal.h"

/* Fills the workspace's tables, if the architecture has any, for every position of its extent. */
void tl_rotary_fill(tl_model *model);

/* Turns the layer's queries and keys, in place. Queries of [CLS] alone stand at position 0, where nothing
 * turns. Does nothing where positions do not turn. */
void tl_rotary_forward(tl_model *model, int32_t layer);

/* Turns the gradients of queries and keys back; both as wide as the queries and keys are. */
void tl_rotary_backward(tl_model *model, int32_t layer, float *dq, float *dk);

#endif
