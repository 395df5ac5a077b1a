/* Patterns as tokenizer.json has them, {"String": …} or {"Regex": …}: read and written. */
#include <string.h>

#include "text/json_fields.h"
#include "text/split_pattern.h"

tl_status tl_field_pattern(tl_context *context, const tl_json_value *json, const char *where,
                           tl_bytes *strings, tl_split_pattern *out) {
  const tl_json_value *pattern = tl_json_get(json, "pattern");
  const char *string = tl_json_string(tl_json_get(pattern, "String"), NULL);
  const char *regex = tl_json_string(tl_json_get(pattern, "Regex"), NULL);
  const char *text = string != NULL ? string : regex;
  if (text == NULL || text[0] == '\0')
    return tl_fail(context, TL_ERR_FORMAT,
                   "tokenizer.json: %s.pattern must be {\"String\": …} or {\"Regex\": …}, not empty", where);
  out->kind = TL_SPLIT_STRING;
  out->size = strlen(text);
  if (string != NULL && out->size > TL_SPLIT_MAX_STRING)
    return tl_fail(context, TL_ERR_UNSUPPORTED, "tokenizer.json: %s.pattern is longer than %d bytes", where,
                   TL_SPLIT_MAX_STRING);
  if (string == NULL && !tl_split_pattern_of_regex(regex, out))
    return tl_fail(context, TL_ERR_UNSUPPORTED,
                   "tokenizer.json: the regular expression %s of the %s is not known; known: %s", regex,
                   where, tl_split_regex_known);
  return tl_bytes_append_string(context, strings, text, out->size, &out->text)
             ? TL_OK
             : tl_fail_memory(context, "a pattern", (double)out->size);
}

void tl_write_pattern(const tl_split_pattern *pattern, const char *strings, tl_text *out) {
  tl_text_format(out, "{\"%s\":", pattern->regex ? "Regex" : "String");
  tl_text_json_string(out, strings + pattern->text);
  tl_text_append(out, "}", 1);
}
