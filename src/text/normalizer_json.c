/* Normalizers as tokenizer.json has them: read and written. */
#include <string.h>

#include "text/json_fields.h"
#include "text/normalizer.h"

static const char known[] = "BertNormalizer, NFC, NFD, NFKC, NFKD, Lowercase, StripAccents, Nmt, Strip, "
                            "Prepend, Replace, Precompiled, Sequence";

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
    {"Nmt", TL_NORMALIZER_NMT},
};
enum { PLAIN_KINDS = sizeof plain_kinds / sizeof plain_kinds[0] };

static const char where[] = "normalizer";

static tl_status read_bert(tl_context *context, const tl_json_value *json, tl_normalizer_bert *out) {
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

/* Keeps a text of a step in `strings`. */
static tl_status keep(tl_context *context, tl_normalizer *all, const char *text, size_t *start,
                      size_t *size) {
  *size = strlen(text);
  return tl_bytes_append_string(context, &all->strings, text, *size, start)
             ? TL_OK
             : tl_fail_memory(context, "the normalizer", (double)*size);
}

static tl_status read_strip(tl_context *context, const tl_json_value *json, tl_normalizer_step *out) {
  out->kind = TL_NORMALIZER_STRIP;
  const tl_status status = tl_field_bool(context, json, where, "strip_left", &out->strip_left);
  return status == TL_OK ? tl_field_bool(context, json, where, "strip_right", &out->strip_right) : status;
}

static tl_status read_prepend(tl_context *context, const tl_json_value *json, tl_normalizer *all,
                              tl_normalizer_step *out) {
  const char *text;
  out->kind = TL_NORMALIZER_PREPEND;
  const tl_status status = tl_field_string(context, json, where, "prepend", &text);
  return status == TL_OK ? keep(context, all, text, &out->content, &out->content_size) : status;
}

static tl_status read_replace(tl_context *context, const tl_json_value *json, tl_normalizer *all,
                              tl_normalizer_step *out) {
  const char *content;
  out->kind = TL_NORMALIZER_REPLACE;
  tl_status status = tl_field_pattern(context, json, where, &all->strings, &out->pattern);
  if (status == TL_OK)
    status = tl_field_string(context, json, where, "content", &content);
  return status == TL_OK ? keep(context, all, content, &out->content, &out->content_size) : status;
}

static tl_status read_precompiled(tl_context *context, const tl_json_value *json, tl_normalizer *all,
                                  tl_normalizer_step *out) {
  const char *base64;
  out->kind = TL_NORMALIZER_PRECOMPILED;
  if (all->charsmap.units_count > 0)
    return tl_fail(context, TL_ERR_UNSUPPORTED,
                   "tokenizer.json: more than one Precompiled normalizer is not supported");
  const tl_status status = tl_field_string(context, json, where, "precompiled_charsmap", &base64);
  return status == TL_OK ? tl_charsmap_read(context, base64, &all->charsmap) : status;
}

/* Reads one normalizer that is no Sequence. */
static tl_status read_step(tl_context *context, const tl_json_value *json, const char *type, void *into) {
  tl_normalizer *out = into;
  if (out->count == TL_NORMALIZER_MAX_STEPS)
    return tl_fail(context, TL_ERR_UNSUPPORTED, "tokenizer.json: more than %d normalizers are not supported",
                   TL_NORMALIZER_MAX_STEPS);
  tl_normalizer_step *step = &out->steps[out->count++];
  for (int i = 0; i < PLAIN_KINDS; ++i) {
    if (strcmp(type, plain_kinds[i].type) == 0) {
      step->kind = plain_kinds[i].kind;
      return TL_OK;
    }
  }
  if (strcmp(type, "BertNormalizer") == 0) {
    step->kind = TL_NORMALIZER_BERT;
    return read_bert(context, json, &step->bert);
  }
  if (strcmp(type, "Strip") == 0)
    return read_strip(context, json, step);
  if (strcmp(type, "Prepend") == 0)
    return read_prepend(context, json, out, step);
  if (strcmp(type, "Replace") == 0)
    return read_replace(context, json, out, step);
  if (strcmp(type, "Precompiled") == 0)
    return read_precompiled(context, json, out, step);
  return tl_component_unknown(context, where, type, known);
}

tl_status tl_normalizer_read(tl_context *context, const tl_json_value *json, tl_normalizer *out) {
  *out = (tl_normalizer){0};
  const tl_status status = tl_component_read(context, json, where, "normalizers", read_step, out);
  return status == TL_OK ? tl_normalizer_finish(context, out) : status;
}

static const char *boolean(bool value) { return value ? "true" : "false"; }

static void write_bert(const tl_normalizer_bert *bert, tl_text *out) {
  const char *strip = bert->strip_accents < 0 ? "null" : boolean(bert->strip_accents > 0);
  tl_text_format(out,
                 "{\"type\":\"BertNormalizer\",\"clean_text\":%s,\"handle_chinese_chars\":%s,"
                 "\"strip_accents\":%s,\"lowercase\":%s}",
                 boolean(bert->clean_text), boolean(bert->handle_chinese_chars), strip,
                 boolean(bert->lowercase));
}

static void write_step(const tl_normalizer *all, const tl_normalizer_step *step, tl_text *out) {
  const char *strings = (const char *)all->strings.items;
  switch (step->kind) {
  case TL_NORMALIZER_BERT:
    write_bert(&step->bert, out);
    return;
  case TL_NORMALIZER_STRIP:
    tl_text_format(out, "{\"type\":\"Strip\",\"strip_left\":%s,\"strip_right\":%s}",
                   boolean(step->strip_left), boolean(step->strip_right));
    return;
  case TL_NORMALIZER_PREPEND:
    tl_text_format(out, "{\"type\":\"Prepend\",\"prepend\":");
    tl_text_json_string(out, strings + step->content);
    tl_text_append(out, "}", 1);
    return;
  case TL_NORMALIZER_REPLACE:
    tl_text_format(out, "{\"type\":\"Replace\",\"pattern\":");
    tl_write_pattern(&step->pattern, strings, out);
    tl_text_format(out, ",\"content\":");
    tl_text_json_string(out, strings + step->content);
    tl_text_append(out, "}", 1);
    return;
  case TL_NORMALIZER_PRECOMPILED:
    tl_text_format(out, "{\"type\":\"Precompiled\",\"precompiled_charsmap\":");
    tl_charsmap_write(&all->charsmap, out);
    tl_text_append(out, "}", 1);
    return;
  default:
    break;
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
  if (normalizer->count > 1)
    tl_text_format(out, "{\"type\":\"Sequence\",\"normalizers\":[");
  for (int32_t i = 0; i < normalizer->count; ++i) {
    tl_text_append(out, ",", i > 0);
    write_step(normalizer, &normalizer->steps[i], out);
  }
  if (normalizer->count > 1)
    tl_text_append(out, "]}", 2);
}
