/* A model's "vocab" as tokenizer.json has it, an object of ids by token: read and written. */
#include <string.h>

#include "text/json_fields.h"
#include "text/vocabulary.h"

tl_status tl_vocabulary_read(tl_context *context, const tl_json_value *json, const char *where,
                             tl_vocabulary *out) {
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

void tl_vocabulary_write(const tl_vocabulary *vocabulary, tl_text *out) {
  tl_text_append(out, "{", 1);
  for (size_t i = 0; i < vocabulary->count; ++i) {
    tl_text_append(out, ",", i > 0);
    tl_text_json_string(out, (const char *)vocabulary->text.items + vocabulary->entries[i].start);
    tl_text_format(out, ":%d", (int)vocabulary->entries[i].id);
  }
  tl_text_append(out, "}", 1);
}
