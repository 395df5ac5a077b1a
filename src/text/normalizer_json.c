/* Normalizers as tokenizer.json has them: read and written. */
#include <string.h>

#include "text/json_fields.h"
#include "text/normalizer.h"

static const char known[] = "BertNormalizer, NFC, NFD, NFKC, NFKD, Lowercase, StripAccents, Sequence";

/* The kinds that have no fields but their type. */
static const struct {
  const char *type;
  tl_normalizer_kind kind;
} plain_kinds[] = {
    {"NFC", TL_NORMALIZER_NFC},
    {"NFD", TL_NORMALIZER_NFD},
    {"NFKC", TL_NORMALIZER_NFKC},
    {"NFKD", TL_NORMALIZER_NFKD},
    {"Lowercase", TL_NORMALIZER_LOWERCASE},
    {"StripAccents", TL_NORMALIZER_STRIP_ACCENTS},
};
enum { PLAIN_KINDS = sizeof plain_kinds / sizeof plain_kinds[0] };

static tl_status read_bert(tl_context *context, const tl_json_value *json, tl_normalizer_bert *out) {
  static const char where[] = "normalizer";
  tl_status status = tl_field_bool(context, json, where, "clean_text", &out->clean_text);
  if (status == TL_OK)
    status = tl_field_bool(context, json, where, "handle_chinese_chars", &out->handle_chinese_chars);
  if (status == TL_OK)
    status = tl_field_bool(context, json, where, "lowercase", &out->lowercase);
  if (status != TL_OK)
    return status;
  const tl_json_value *strip = tl_json_get(json, "strip_accents");
  const tl_json_kind kind = tl_json_kind_of(strip);
  if (kind != TL_JSON_ABSENT && kind != TL_JSON_NULL && kind != TL_JSON_BOOL)
    return tl_fail(context, TL_ERR_FORMAT,
                   "tokenizer.json: normalizer.strip_accents must be true, false or null");
  out->strip_accents = kind == TL_JSON_BOOL ? (int32_t)tl_json_bool(strip, false) : -1;
  return TL_OK;
}

/* Reads one normalizer that is no Sequence. */
static tl_status read_step(tl_context *context, const tl_json_value *json, const char *type,
                           tl_normalizer *out) {
  if (out->count == TL_NORMALIZER_MAX_STEPS)
    return tl_fail(context, TL_ERR_UNSUPPORTED, "tokenizer.json: more than %d normalizers are not supported",
                   TL_NORMALIZER_MAX_STEPS);
  tl_normalizer_step *step = &out->steps[out->count++];
  if (strcmp(type, "BertNormalizer") == 0) {
    step->kind = TL_NORMALIZER_BERT;
    return read_bert(context, json, &step->bert);
  }
  for (int i = 0; i < PLAIN_KINDS; ++i) {
    if (strcmp(type, plain_kinds[i].type) == 0) {
      step->kind = plain_kinds[i].kind;
      return TL_OK;
    }
  }
  return tl_component_unknown(context, "normalizer", type, known);
}

tl_status tl_normalizer_read(tl_context *context, const tl_json_value *json, tl_normalizer *out) {
  *out = (tl_normalizer){0};
  const tl_json_kind kind = tl_json_kind_of(json);
  if (kind == TL_JSON_ABSENT || kind == TL_JSON_NULL)
    return tl_normalizer_finish(context, out);
  const char *type = NULL;
  tl_status status = tl_component_type(context, json, "normalizer", &type);
  if (status != TL_OK)
    return status;
  if (strcmp(type, "Sequence") != 0) {
    status = read_step(context, json, type, out);
  } else {
    const tl_json_value *items;
    status = tl_field_container(context, json, "normalizer", "normalizers", TL_JSON_ARRAY, &items);
    for (const tl_json_value *item = status == TL_OK ? tl_json_first(items) : NULL;
         item != NULL && status == TL_OK; item = tl_json_next(item)) {
      status = tl_component_type(context, item, "normalizer.normalizers", &type);
      if (status == TL_OK)
        status = read_step(context, item, type, out);
    }
  }
  return status == TL_OK ? tl_normalizer_finish(context, out) : status;
}

static void write_step(const tl_normalizer_step *step, tl_text *out) {
  if (step->kind == TL_NORMALIZER_BERT) {
    const tl_normalizer_bert *bert = &step->bert;
    const char *strip = bert->strip_accents < 0 ? "null" : bert->strip_accents > 0 ? "true" : "false";
    tl_text_format(out,
                   "{\"type\":\"BertNormalizer\",\"clean_text\":%s,\"handle_chinese_chars\":%s,"
                   "\"strip_accents\":%s,\"lowercase\":%s}",
                   bert->clean_text ? "true" : "false", bert->handle_chinese_chars ? "true" : "false", strip,
                   bert->lowercase ? "true" : "false");
    return;
  }
  for (int i = 0; i < PLAIN_KINDS; ++i)
    if (plain_kinds[i].kind == step->kind)
      tl_text_format(out, "{\"type\":\"%s\"}", plain_kinds[i].type);
}

void tl_normalizer_write(const tl_normalizer *normalizer, tl_text *out) {
  if (normalizer->count == 0) {
    tl_text_json_string(out, NULL);
    return;
  }
  if (normalizer->count == 1) {
    write_step(&normalizer->steps[0], out);
    return;
  }
  tl_text_format(out, "{\"type\":\"Sequence\",\"normalizers\":[");
  for (int32_t i = 0; i < normalizer->count; ++i) {
    tl_text_append(out, ",", i > 0);
    write_step(&normalizer->steps[i], out);
  }
  tl_text_append(out, "]}", 2);
}
