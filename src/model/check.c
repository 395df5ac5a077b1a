/* Looks for weights that are no numbers, before they turn a whole run into NaN. */
#include <math.h>

#include "model/model_internal.h"

tl_status tl_model_check(const tl_model *model) {
  for (int32_t i = 0; i < model->at.count; i++) {
    const tl_span *span = &model->spans[i];
    const float *weights = model->weights + span->offset;
    for (size_t j = 0; j < span->size; j++) {
      if (!isfinite(weights[j]))
        return tl_fail(model->context, TL_ERR_NUMERIC, "weight %zu of %s is %s; the model's file is damaged",
                       j, span->name, isnan(weights[j]) ? "NaN" : "infinite");
    }
  }
  return TL_OK;
}
