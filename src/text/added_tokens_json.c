/* Added tokens as tokenizer.json has them: read and written. */
#include <stdio.h>

#include "text/added_tokens.h"
#include "text/json_fields.h"

/* The file's ids are checked but not taken: see tl_added_tokens_finish. */
static tl_status read_token(tl_context *context, const tl_json_value *json, const char *where,
                            tl_added_tokens *out) {
  if (tl_json_kind_of(json) != TL_JSON_OBJECT)
    return tl_fail(context, TL_ERR_FORMAT, "tokenizer.json: %s must be an object", where);
  const char *content;
  int32_t id;
  tl_added_flags flags;
  tl_status status = tl_field_index(context, json, where, "id", &id);
  if (status == TL_OK)
    status = tl_field_string(context, json, where, "content", &content);
  if (status == TL_OK)
    status = tl_field_bool(context, json, where, "single_word", &flags.single_word);
  if (status == TL_OK)
    status = tl_field_bool(context, json, where, "lstrip", &flags.lstrip);
  if (status == TL_OK)
    status = tl_field_bool(context, json, where, "rstrip", &flags.rstrip);
  if (status == TL_OK)
    status = tl_field_bool(context, json, where, "normalized", &flags.normalized);
  if (status == TL_OK)
    status = tl_field_bool(context, json, where, "special", &flags.special);
  return status == TL_OK ? tl_added_tokens_add(context, out, content, flags) : status;
}

tl_status tl_added_tokens_read(tl_context *context, const tl_json_value *json, tl_added_tokens *out) {
  const tl_json_kind kind = tl_json_kind_of(json);
  if (kind != TL_JSON_ABSENT && kind != TL_JSON_ARRAY)
    return tl_fail(context, TL_ERR_FORMAT, "tokenizer.json: added_tokens must be an array");
  int32_t index = 0;
  for (const tl_json_value *item = tl_json_first(json); item != NULL; item = tl_json_next(item)) {
    char where[sizeof "added_tokens[]" + 11];
    snprintf(where, sizeof where, "added_tokens[%d]", (int)index++);
    const tl_status status = read_token(context, item, where, out);
    if (status != TL_OK)
      return status;
  }
  return TL_OK;
}

static void write_flag(tl_text *out, const char *name, bool value) {
  tl_text_format(out, ",\"%s\":%s", name, value ? "true" : "false");
}

void tl_added_tokens_write(const tl_added_tokens *added, tl_text *out) {
  tl_text_append(out, "[", 1);
  for (size_t i = 0; i < added->count; ++i) {
    const tl_added_token *token = &added->tokens[i];
    tl_text_format(out, "%s{\"id\":%d,\"content\":", i > 0 ? "," : "", (int)token->id);
    tl_text_json_string(out, (const char *)added->text.items + token->content);
    write_flag(out, "single_word", token->flags.single_word);
    write_flag(out, "lstrip", token->flags.lstrip);
    write_flag(out, "rstrip", token->flags.rstrip);
    write_flag(out, "normalized", token->flags.normalized);
    write_flag(out, "special", token->flags.special);
    tl_text_append(out, "}", 1);
  }
  tl_text_append(out, "]", 1);
}
