/* The WordPiece model as tokenizer.json has it: read and written. */
#include <string.h>

#include "text/json_fields.h"
#include "text/wordpiece.h"

static const char where[] = "model";

/* Files of early versions have no type; then the field that only WordPiece has tells. */
static tl_status check_type(tl_context *context, const tl_json_value *json) {
  if (tl_json_kind_of(json) == TL_JSON_OBJECT && tl_json_get(json, "type") == NULL &&
      tl_json_get(json, "max_input_chars_per_word") != NULL)
    return TL_OK;
  const char *type = NULL;
  const tl_status status = tl_component_type(context, json, where, &type);
  if (status != TL_OK)
    return status;
  return strcmp(type, "WordPiece") == 0 ? TL_OK : tl_component_unknown(context, where, type, "WordPiece");
}

static tl_status read_vocabulary(tl_context *context, const tl_json_value *json, tl_vocabulary *out) {
  const tl_json_value *vocab;
  tl_status status = tl_field_container(context, json, where, "vocab", TL_JSON_OBJECT, &vocab);
  if (status != TL_OK)
    return status;
  for (const tl_json_value *member = tl_json_first(vocab); member != NULL; member = tl_json_next(member)) {
    const char *token = tl_json_name(member);
    int64_t id;
    if (!tl_json_integer(member, 0, INT32_MAX, &id))
      return tl_fail(context, TL_ERR_FORMAT,
                     "tokenizer.json: the id of \"%s\" must be an integer from 0 to %d", token, INT32_MAX);
    status = tl_vocabulary_add(context, out, token, strlen(token), (int32_t)id);
    if (status != TL_OK)
      return status;
  }
  return TL_OK;
}

tl_status tl_wordpiece_read(tl_context *context, const tl_json_value *json, tl_wordpiece *out) {
  const char *unk_token, *prefix;
  int32_t max_input_chars;
  tl_status status = check_type(context, json);
  if (status == TL_OK)
    status = tl_field_string(context, json, where, "unk_token", &unk_token);
  if (status == TL_OK)
    status = tl_field_string(context, json, where, "continuing_subword_prefix", &prefix);
  if (status == TL_OK)
    status = tl_field_index(context, json, where, "max_input_chars_per_word", &max_input_chars);
  if (status == TL_OK)
    status = read_vocabulary(context, json, &out->vocabulary);
  if (status != TL_OK)
    return status;
  return tl_wordpiece_finish(context, "tokenizer.json", out, unk_token, prefix, max_input_chars);
}

void tl_wordpiece_write(const tl_wordpiece *model, tl_text *out) {
  const tl_vocabulary *vocabulary = &model->vocabulary;
  tl_text_format(out, "{\"type\":\"WordPiece\",\"unk_token\":");
  tl_text_json_string(out, tl_wordpiece_unk_token(model));
  tl_text_format(out, ",\"continuing_subword_prefix\":");
  tl_text_json_string(out, tl_wordpiece_prefix(model));
  tl_text_format(out, ",\"max_input_chars_per_word\":%d,\"vocab\":{", (int)model->max_input_chars);
  for (size_t i = 0; i < vocabulary->count; ++i) {
    tl_text_append(out, ",", i > 0);
    tl_text_json_string(out, (const char *)vocabulary->text.items + vocabulary->entries[i].start);
    tl_text_format(out, ":%d", (int)vocabulary->entries[i].id);
  }
  tl_text_append(out, "}}", 2);
}
