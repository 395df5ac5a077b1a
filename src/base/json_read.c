/* Reading JSON: cJSON does the parsing; here are the checks it leaves out and the exact lookups. */
#include <cJSON.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/utf8.h"

struct tl_json {
  tl_context *context;
  cJSON *root;
};

/* A tl_json_value is a cJSON node under another name; the type is never defined, so nothing can look past
 * these. */
static const cJSON *node_of(const tl_json_value *value) { return (const cJSON *)(const void *)value; }
static const tl_json_value *value_of(const cJSON *node) { return (const tl_json_value *)(const void *)node; }

/* cJSON takes any bytes as text and cuts strings at U+0000: both are refused here. */
static tl_status check_text(tl_context *context, const char *what, const uint8_t *bytes, size_t size) {
  static const char nul_escape[] = "\\u0000";
  for (size_t at = 0; at < size;) {
    if (bytes[at] == '\\' && size - at >= sizeof nul_escape - 1 &&
        memcmp(bytes + at, nul_escape, sizeof nul_escape - 1) == 0)
      return tl_fail(context, TL_ERR_UNSUPPORTED,
                     "%s holds a string with U+0000 at byte %zu, which is not supported", what, at);
    if (bytes[at] == '\\' && size - at >= 2) {
      at += 2; /* the escaped byte cannot begin another escape */
      continue;
    }
    size_t taken;
    const uint32_t code_point = tl_utf8_decode(bytes + at, size - at, &taken);
    const bool is_replacement_itself = bytes[at] == 0xEF && taken == 3; /* EF BF BD */
    if (code_point == 0xFFFD && !is_replacement_itself)
      return tl_fail(context, TL_ERR_FORMAT, "%s is not valid UTF-8 at byte %zu of %zu", what, at, size);
    if (code_point == 0)
      return tl_fail(context, TL_ERR_FORMAT, "%s is not valid JSON: a zero byte at %zu of %zu", what, at,
                     size);
    at += taken;
  }
  return TL_OK;
}

static bool is_white_space(uint8_t byte) {
  return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

tl_status tl_json_parse(tl_context *context, const char *what, const uint8_t *bytes, size_t size,
                        tl_json **out) {
  if (size == 0)
    return tl_fail(context, TL_ERR_FORMAT, "%s is empty; expected JSON", what);
  const tl_status checked = check_text(context, what, bytes, size);
  if (checked != TL_OK)
    return checked;
  tl_json *json = tl_memory_alloc(context, 1, sizeof *json);
  if (json == NULL)
    return tl_fail_memory(context, what, (double)sizeof *json);
  const char *text = (const char *)bytes;
  const char *end = text;
  json->context = context;
  json->root = cJSON_ParseWithLengthOpts(text, size, &end, 0);
  size_t at = (size_t)(end - text);
  if (json->root != NULL)
    while (at < size && is_white_space(bytes[at]))
      ++at;
  if (json->root == NULL || at < size) {
    tl_json_free(json);
    return tl_fail(context, TL_ERR_FORMAT, "%s is not valid JSON at byte %zu of %zu", what, at, size);
  }
  *out = json;
  return TL_OK;
}

void tl_json_free(tl_json *json) {
  if (json == NULL)
    return;
  cJSON_Delete(json->root);
  tl_memory_free(json->context, json);
}

const tl_json_value *tl_json_root(const tl_json *json) { return value_of(json->root); }

tl_json_kind tl_json_kind_of(const tl_json_value *value) {
  const cJSON *node = node_of(value);
  if (cJSON_IsNull(node))
    return TL_JSON_NULL;
  if (cJSON_IsBool(node))
    return TL_JSON_BOOL;
  if (cJSON_IsNumber(node))
    return TL_JSON_NUMBER;
  if (cJSON_IsString(node))
    return TL_JSON_STRING;
  if (cJSON_IsArray(node))
    return TL_JSON_ARRAY;
  if (cJSON_IsObject(node))
    return TL_JSON_OBJECT;
  return TL_JSON_ABSENT;
}

const tl_json_value *tl_json_get(const tl_json_value *object, const char *name) {
  if (tl_json_kind_of(object) != TL_JSON_OBJECT)
    return NULL;
  const cJSON *found = NULL;
  for (const cJSON *member = node_of(object)->child; member != NULL; member = member->next)
    if (strcmp(member->string, name) == 0)
      found = member;
  return value_of(found);
}

const tl_json_value *tl_json_first(const tl_json_value *container) {
  const tl_json_kind kind = tl_json_kind_of(container);
  return kind == TL_JSON_ARRAY || kind == TL_JSON_OBJECT ? value_of(node_of(container)->child) : NULL;
}

const tl_json_value *tl_json_next(const tl_json_value *value) {
  return value == NULL ? NULL : value_of(node_of(value)->next);
}

const char *tl_json_name(const tl_json_value *member) {
  return member == NULL || node_of(member)->string == NULL ? "" : node_of(member)->string;
}

int32_t tl_json_count(const tl_json_value *container) {
  int32_t count = 0;
  for (const tl_json_value *value = tl_json_first(container); value != NULL; value = tl_json_next(value))
    ++count;
  return count;
}

const char *tl_json_string(const tl_json_value *value, const char *fallback) {
  return tl_json_kind_of(value) == TL_JSON_STRING ? node_of(value)->valuestring : fallback;
}

double tl_json_number(const tl_json_value *value, double fallback) {
  return tl_json_kind_of(value) == TL_JSON_NUMBER ? node_of(value)->valuedouble : fallback;
}

bool tl_json_bool(const tl_json_value *value, bool fallback) {
  return tl_json_kind_of(value) == TL_JSON_BOOL ? cJSON_IsTrue(node_of(value)) : fallback;
}

bool tl_json_integer(const tl_json_value *value, int64_t low, int64_t high, int64_t *out) {
  const double exact_to = 9007199254740992.0; /* 2^53: every integer up to here is a double of its own */
  const double number = tl_json_number(value, HUGE_VAL);
  if (!(fabs(number) <= exact_to) || number != trunc(number))
    return false;
  const int64_t integer = (int64_t)number;
  if (integer < low || integer > high)
    return false;
  *out = integer;
  return true;
}
