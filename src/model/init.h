/* Drawing fresh matrices, as tl_model_init does by the architecture. */
#ifndef TL_MODEL_INIT_H
#define TL_MODEL_INIT_H

#include "model/model_internal.h"

/* Which spans are initialised: of first … end - 1 all, or those that the last match found missing. */
typedef struct tl_init_choice {
  int32_t first;
  int32_t end;
  bool only_missing;
} tl_init_choice;

static inline bool tl_init_chooses(const tl_model *model, tl_init_choice choice, int32_t span) {
  return span >= choice.first && span < choice.end && (!choice.only_missing || model->spans[span].missing);
}

/* The matrix of span `index` from the normal distribution; rows that are never trained are zero. */
void tl_init_matrix(tl_model *model, int32_t index, tl_generator *generator);

/* The chosen matrices of an architecture with truncated draws, in transformers' order. TL_ERR_MEMORY: there
 * was no room to draw again. */
tl_status tl_init_truncated(tl_model *model, tl_generator *generator, tl_init_choice choice);

#endif
