/* Fuzzes the reader of config.json: any bytes give a model that describes and plans itself, or one clear
 * sentence. */
#include <assert.h>
#include <string.h>

#include "tunelab/tunelab.h"

/* Below libFuzzer's own limit: a config that asks for more must be refused, not tried. */
static const double most_bytes = 64e6;

static void use(tl_context *context, tl_model *model) {
  assert(tl_model_parameter_count(model) > 0 && tl_model_span_count(model) > 0);
  const char *description = tl_model_describe(model);
  assert(description == NULL || strlen(description) > 2); /* NULL: beyond the limit on memory */
  assert(tl_model_plan_bytes(model, 2, 8, 4, true) >= 0.0);
  tl_model_plan_bytes(model, INT32_MAX, INT32_MAX, INT32_MAX, true);
  assert(tl_model_check(model) == TL_OK); /* new weights are zeros */

  /* One forward of the smallest batch: what the config promised (widths, heads, positions) must hold
   * together. */
  tl_batch *batch = NULL;
  if (tl_batch_create(context, &batch) != TL_OK)
    return;
  const int32_t ids[2] = {0, 0};
  if (tl_batch_pack(batch, 1, 2, ids, NULL, NULL) == TL_OK && tl_model_forward(model, batch) == TL_OK)
    assert(tl_model_logits(model) != NULL);
  tl_batch_free(batch);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  tl_context *context = tl_context_create(1);
  assert(context != NULL);
  tl_context_set_max_bytes(context, most_bytes);
  tl_model *model = NULL;
  if (tl_model_create(context, data, size, &model) == TL_OK)
    use(context, model);
  else
    assert(model == NULL && tl_context_error(context)[0] != '\0');
  tl_model_free(model);
  assert(tl_context_bytes(context) == 0.0); /* nothing is left behind, whatever the way out */
  tl_context_free(context);
  return 0;
}
