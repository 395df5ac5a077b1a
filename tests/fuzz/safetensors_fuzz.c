/* Fuzzes the reader of safetensors files: any bytes load into a small model, or give one clear sentence. */
#include <assert.h>
#include <string.h>

#include "base/json.h"
#include "tunelab/tunelab.h"

/* The seed files hold this model's tensors. */
static const char config[] =
    "{\"model_type\": \"bert\", \"hidden_size\": 4, \"num_hidden_layers\": 1, \"num_attention_heads\": 2,"
    " \"intermediate_size\": 4, \"vocab_size\": 6, \"max_position_embeddings\": 4, \"type_vocab_size\": 2,"
    " \"num_labels\": 2}";

/* Loads what the report says is to be read, in two pieces where a tensor has two bytes or more. */
static void load_all(tl_context *context, tl_model *model, const tl_safetensors *file, const uint8_t *data,
                     size_t size) {
  const char *text = tl_model_match_report(model);
  tl_json *report = NULL;
  const tl_status parsed = tl_json_parse(context, "the report", (const uint8_t *)text, strlen(text), &report);
  assert(parsed == TL_OK);
  const tl_json_value *reads = tl_json_get(tl_json_root(report), "reads");
  for (const tl_json_value *read = tl_json_first(reads); read != NULL; read = tl_json_next(read)) {
    int64_t tensor = -1, begin = -1, bytes = -1;
    const bool whole = tl_json_integer(tl_json_get(read, "tensor"), 0, INT32_MAX, &tensor) &&
                       tl_json_integer(tl_json_get(read, "begin"), 0, (int64_t)size, &begin) &&
                       tl_json_integer(tl_json_get(read, "bytes"), 0, (int64_t)size - begin, &bytes);
    assert(whole); /* a read must lie inside the file */
    const size_t first = (size_t)bytes / 8 * 4;
    tl_status status = tl_model_load(model, file, (int32_t)tensor, 0, data + begin, first);
    assert(status == TL_OK);
    status = tl_model_load(model, file, (int32_t)tensor, first, data + begin + first, (size_t)bytes - first);
    assert(status == TL_OK);
  }
  tl_json_free(report);
}

static void match_and_load(tl_context *context, tl_model *model, const uint8_t *data, size_t size) {
  uint64_t header = 0;
  if (size < 8 || tl_safetensors_header_size(context, data, size, &header) != TL_OK)
    return;
  assert(header <= size - 8);
  tl_safetensors *file = NULL;
  if (tl_safetensors_open(context, data, 8 + (size_t)header, size, &file) != TL_OK) {
    assert(file == NULL && tl_context_error(context)[0] != '\0');
    return;
  }
  assert(tl_safetensors_count(file) >= 0);
  const tl_match_mode modes[] = {TL_MATCH_STRICT, TL_MATCH_REINIT_HEAD};
  for (int i = 0; i < 2; ++i)
    if (tl_model_match(model, file, modes[i]) == TL_OK)
      load_all(context, model, file, data, size);
  tl_model_check(model); /* the weights may be NaN by now: that is an answer, too */
  tl_safetensors_free(file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  tl_context *context = tl_context_create(1);
  assert(context != NULL);
  tl_context_set_max_bytes(context, 64e6);
  tl_model *model = NULL;
  const tl_status created = tl_model_create(context, (const uint8_t *)config, sizeof config - 1, &model);
  assert(created == TL_OK);
  match_and_load(context, model, data, size);
  tl_model_free(model);
  assert(tl_context_bytes(context) == 0.0); /* nothing is left behind, whatever the way out */
  tl_context_free(context);
  return 0;
}
