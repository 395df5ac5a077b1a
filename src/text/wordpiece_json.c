/* The WordPiece model as tokenizer.json has it: read and written. */
#include "text/json_fields.h"
#include "text/wordpiece.h"

static const char where[] = "model";

tl_status tl_wordpiece_read(tl_context *context, const tl_json_value *json, tl_wordpiece *out) {
  const char *unk_token, *prefix;
  int32_t max_input_chars;
  tl_status status = tl_field_string(context, json, where, "unk_token", &unk_token);
  if (status == TL_OK)
    status = tl_field_string(context, json, where, "continuing_subword_prefix", &prefix);
  if (status == TL_OK)
    status = tl_field_index(context, json, where, "max_input_chars_per_word", &max_input_chars);
  if (status == TL_OK)
    status = tl_vocabulary_read(context, json, where, &out->vocabulary);
  if (status != TL_OK)
    return status;
  return tl_wordpiece_finish(context, "tokenizer.json", out, unk_token, prefix, max_input_chars);
}

void tl_wordpiece_write(const tl_wordpiece *model, tl_text *out) {
  tl_text_format(out, "{\"type\":\"WordPiece\",\"unk_token\":");
  tl_text_json_string(out, tl_wordpiece_unk_token(model));
  tl_text_format(out, ",\"continuing_subword_prefix\":");
  tl_text_json_string(out, tl_wordpiece_prefix(model));
  tl_text_format(out, ",\"max_input_chars_per_word\":%d,\"vocab\":", (int)model->max_input_chars);
  tl_vocabulary_write(&model->vocabulary, out);
  tl_text_append(out, "}", 1);
}
