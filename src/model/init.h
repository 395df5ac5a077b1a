/* Drawing fresh matrices, as tl_model_init does by the architecture. */
#ifndef TL_MODEL_INIT_H
#define TL_MODEL_INIT_H

#include "model/model_internal.h"

/* The matrix of span `index` from the normal distribution; rows that are never trained are zero. */
void tl_init_matrix(tl_model *model, int32_t index, tl_generator *generator);

/* All matrices, or those that are missing, of an architecture with truncated draws, in transformers' order.
 * TL_ERR_MEMORY: there was no room to draw again. */
tl_status tl_init_truncated(tl_model *model, tl_generator *generator, bool only_missing);

#endif
