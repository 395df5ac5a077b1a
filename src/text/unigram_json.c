/* The Unigram model as tokenizer.json has it: read and written. */
#include <math.h>
#include <string.h>

#include "text/json_fields.h"
#include "text/unigram.h"

static const char where[] = "model";

tl_status tl_unigram_read(tl_context *context, const tl_json_value *json, tl_unigram *out) {
  const tl_json_value *vocab;
  tl_status status = tl_field_container(context, json, where, "vocab", TL_JSON_ARRAY, &vocab);
  for (const tl_json_value *item = status == TL_OK ? tl_json_first(vocab) : NULL;
       item != NULL && status == TL_OK; item = tl_json_next(item)) {
    const tl_json_value *first = tl_json_first(item), *second = tl_json_next(first);
    const char *piece = tl_json_string(first, NULL);
    const double score = tl_json_number(second, HUGE_VAL);
    if (piece == NULL || !isfinite(score) || tl_json_next(second) != NULL)
      return tl_fail(context, TL_ERR_FORMAT, "tokenizer.json: model.vocab[%zu] must be [piece, score]",
                     out->count);
    status = tl_unigram_add(context, out, piece, strlen(piece), score);
  }
  if (status != TL_OK)
    return status;
  out->fallback.enabled = tl_json_bool(tl_json_get(json, "byte_fallback"), false);
  int64_t unk_id = -1;
  tl_json_integer(tl_json_get(json, "unk_id"), 0, INT32_MAX, &unk_id);
  return tl_unigram_finish(context, out, unk_id);
}

void tl_unigram_write(const tl_unigram *model, tl_text *out) {
  tl_text_format(out, "{\"type\":\"Unigram\",\"unk_id\":%d,\"vocab\":[", (int)model->unk_id);
  for (size_t i = 0; i < model->count; ++i) {
    tl_text_format(out, "%s[", i > 0 ? "," : "");
    tl_text_json_string(out, (const char *)model->vocabulary.text.items + model->pieces[i].start);
    tl_text_append(out, ",", 1);
    tl_text_json_number(out, model->pieces[i].score);
    tl_text_append(out, "]", 1);
  }
  tl_text_format(out, "],\"byte_fallback\":%s}", model->fallback.enabled ? "true" : "false");
}
