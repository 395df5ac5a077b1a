/* Reading required fields of tokenizer.json; see json_fields.h. */
#include "text/json_fields.h"

#include <string.h>

#include "base/utf8.h"

tl_status tl_field_string(tl_context *context, const tl_json_value *object, const char *where,
                          const char *name, const char **out) {
  const char *value = tl_json_string(tl_json_get(object, name), NULL);
  if (value == NULL)
    return tl_fail(context, TL_ERR_FORMAT, "tokenizer.json: %s.%s must be a string", where, name);
  *out = value;
  return TL_OK;
}

tl_status tl_field_bool(tl_context *context, const tl_json_value *object, const char *where, const char *name,
                        bool *out) {
  const tl_json_value *value = tl_json_get(object, name);
  if (tl_json_kind_of(value) != TL_JSON_BOOL)
    return tl_fail(context, TL_ERR_FORMAT, "tokenizer.json: %s.%s must be true or false", where, name);
  *out = tl_json_bool(value, false);
  return TL_OK;
}

tl_status tl_field_index(tl_context *context, const tl_json_value *object, const char *where,
                         const char *name, int32_t *out) {
  int64_t value;
  if (!tl_json_integer(tl_json_get(object, name), 0, INT32_MAX, &value))
    return tl_fail(context, TL_ERR_FORMAT, "tokenizer.json: %s.%s must be an integer from 0 to %d", where,
                   name, INT32_MAX);
  *out = (int32_t)value;
  return TL_OK;
}

tl_status tl_field_character(tl_context *context, const tl_json_value *object, const char *where,
                             const char *name, uint32_t *out) {
  const char *text = tl_json_string(tl_json_get(object, name), "");
  size_t taken = 0;
  if (text[0] != '\0')
    *out = tl_utf8_decode((const uint8_t *)text, strlen(text), &taken);
  if (taken == 0 || text[taken] != '\0')
    return tl_fail(context, TL_ERR_FORMAT, "tokenizer.json: %s.%s must be one character", where, name);
  return TL_OK;
}

tl_status tl_field_choice(tl_context *context, const tl_json_value *object, const char *where,
                          const char *name, const char *const *names, int count, const char *fallback,
                          int *out) {
  const tl_json_value *value = tl_json_get(object, name);
  const char *text = tl_json_string(value, value == NULL ? fallback : NULL);
  for (*out = 0; text != NULL && *out < count; ++*out)
    if (strcmp(text, names[*out]) == 0)
      return TL_OK;
  return tl_fail(context, TL_ERR_FORMAT, "tokenizer.json: %s.%s must be a name such as \"%s\"", where, name,
                 names[0]);
}

void tl_text_json_character(tl_text *text, uint32_t character) {
  uint8_t bytes[5] = {0};
  tl_utf8_encode(character, bytes);
  tl_text_json_string(text, (const char *)bytes);
}

tl_status tl_field_container(tl_context *context, const tl_json_value *object, const char *where,
                             const char *name, tl_json_kind kind, const tl_json_value **out) {
  const tl_json_value *value = tl_json_get(object, name);
  if (tl_json_kind_of(value) != kind)
    return tl_fail(context, TL_ERR_FORMAT, "tokenizer.json: %s.%s must be an %s", where, name,
                   kind == TL_JSON_ARRAY ? "array" : "object");
  *out = value;
  return TL_OK;
}

tl_status tl_component_type(tl_context *context, const tl_json_value *component, const char *where,
                            const char **out) {
  if (tl_json_kind_of(component) != TL_JSON_OBJECT)
    return tl_fail(context, TL_ERR_FORMAT, "tokenizer.json: %s must be an object or null", where);
  return tl_field_string(context, component, where, "type", out);
}

tl_status tl_component_unknown(tl_context *context, const char *where, const char *type, const char *known) {
  return tl_fail(context, TL_ERR_UNSUPPORTED, "tokenizer.json: %s of type \"%s\" is not supported; known: %s",
                 where, type, known);
}

static tl_status read_nested(tl_context *context, const tl_json_value *component, const char *where,
                             const char *list, tl_component_reader *read, void *out, int depth) {
  enum { MAX_DEPTH = 4 };
  const char *type = NULL;
  tl_status status = tl_component_type(context, component, where, &type);
  if (status != TL_OK)
    return status;
  if (strcmp(type, "Sequence") != 0)
    return read(context, component, type, out);
  if (depth == MAX_DEPTH)
    return tl_fail(context, TL_ERR_UNSUPPORTED, "tokenizer.json: %ss nested deeper than %d are not supported",
                   where, MAX_DEPTH);
  const tl_json_value *items;
  status = tl_field_container(context, component, where, list, TL_JSON_ARRAY, &items);
  for (const tl_json_value *item = status == TL_OK ? tl_json_first(items) : NULL;
       item != NULL && status == TL_OK; item = tl_json_next(item))
    status = read_nested(context, item, where, list, read, out, depth + 1);
  return status;
}

tl_status tl_component_read(tl_context *context, const tl_json_value *component, const char *where,
                            const char *list, tl_component_reader *read, void *out) {
  const tl_json_kind kind = tl_json_kind_of(component);
  if (kind == TL_JSON_ABSENT || kind == TL_JSON_NULL)
    return TL_OK;
  return read_nested(context, component, where, list, read, out, 0);
}
