/* A golden model as a test opens it: the model with its weights, what the reference computed, an empty batch.
 */
#ifndef TL_TEST_GOLDEN_CASE_H
#define TL_TEST_GOLDEN_CASE_H

#include "model/model_fixture.h"

/* The padded inputs that every case holds. */
enum { GOLDEN_ROWS = 20 };

typedef struct golden_case {
  tl_context *context;
  tl_model *model;
  tensor_file weights;
  tensor_file tensors; /* case.safetensors: inputs and expected arrays */
  tl_json *json;       /* case.json: settings and expected numbers */
  tl_batch *batch;
} golden_case;

/* Opens goldens/<folder> with a context of two threads; false (with the reason printed) if that fails.
 */
static inline bool golden_case_open(const char *folder, golden_case *out) {
  *out = (golden_case){.context = tl_context_create(2)};
  char path[1024];
  out->model = model_from_folder(out->context, folder, &out->weights);
  snprintf(path, sizeof path, "%s/%s/case.safetensors", TL_TEST_DATA, folder);
  if (out->model == NULL || !tensor_file_open(out->context, path, &out->tensors))
    return false;
  snprintf(path, sizeof path, "%s/case.json", folder);
  out->json = golden_open(out->context, path);
  return out->json != NULL && tl_batch_create(out->context, &out->batch) == TL_OK;
}

static inline void golden_case_close(golden_case *opened) {
  tl_batch_free(opened->batch);
  tl_json_free(opened->json);
  tensor_file_close(&opened->tensors);
  tensor_file_close(&opened->weights);
  tl_model_free(opened->model);
  tl_context_free(opened->context);
}

/* Checks the logits of all rows, run without labels, against the expected array of that name. */
static inline void check_golden_logits(const golden_case *c, const char *name, double absolute,
                                       double relative) {
  REQUIRE(fill_batch(c->batch, &c->tensors, 0, GOLDEN_ROWS, false));
  REQUIRE(tl_model_forward(c->model, c->batch) == TL_OK);
  CHECK(!tl_model_has_loss(c->model));
  float *expected = tensor_copy(&c->tensors, name);
  REQUIRE(expected != NULL);
  CHECK_CLOSE_ARRAY(tl_model_logits(c->model), expected, (size_t)GOLDEN_ROWS * (size_t)c->model->config.K,
                    absolute, relative);
  free(expected);
}

#endif
