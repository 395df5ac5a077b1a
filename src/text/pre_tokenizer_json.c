/* Pre-tokenizers as tokenizer.json has them: read and written. */
#include <string.h>

#include "text/json_fields.h"
#include "text/pre_tokenizer.h"

static const char where[] = "pre_tokenizer";
static const char known[] =
    "BertPreTokenizer, ByteLevel, Metaspace, Whitespace, WhitespaceSplit, Punctuation, "
    "Digits, Split, Sequence";

static const char *const behaviors[] = {"Removed", "Isolated", "MergedWithPrevious", "MergedWithNext",
                                        "Contiguous"};
enum { BEHAVIORS = sizeof behaviors / sizeof behaviors[0] };

static tl_status read_behavior(tl_context *context, const tl_json_value *json, const char *fallback,
                               tl_pre_tokenizer_step *out) {
  int choice;
  const tl_status status =
      tl_field_choice(context, json, where, "behavior", behaviors, BEHAVIORS, fallback, &choice);
  if (status == TL_OK)
    out->behavior = (tl_split_behavior)choice;
  return status;
}

static tl_status read_byte_level(tl_context *context, const tl_json_value *json, tl_pre_tokenizer_step *out) {
  out->kind = TL_PRE_TOKENIZER_BYTE_LEVEL;
  out->use_regex = tl_json_bool(tl_json_get(json, "use_regex"), true);
  const tl_status status = tl_field_bool(context, json, where, "add_prefix_space", &out->add_prefix_space);
  return status == TL_OK ? tl_field_bool(context, json, where, "trim_offsets", &out->trim_offsets) : status;
}

static tl_status read_split(tl_context *context, const tl_json_value *json, tl_bytes *strings,
                            tl_pre_tokenizer_step *out) {
  tl_status status = tl_field_pattern(context, json, where, strings, &out->pattern);
  if (status == TL_OK)
    status = tl_field_bool(context, json, where, "invert", &out->pattern.invert);
  return status == TL_OK ? read_behavior(context, json, NULL, out) : status;
}

/* Reads one pre-tokenizer that is no Sequence. */
static tl_status read_step(tl_context *context, const tl_json_value *json, const char *type, void *into) {
  tl_pre_tokenizer *all = into;
  if (all->count == TL_PRE_TOKENIZER_MAX_STEPS)
    return tl_fail(context, TL_ERR_UNSUPPORTED,
                   "tokenizer.json: more than %d pre-tokenizers are not supported",
                   TL_PRE_TOKENIZER_MAX_STEPS);
  tl_pre_tokenizer_step *out = &all->steps[all->count++];
  *out = (tl_pre_tokenizer_step){.kind = TL_PRE_TOKENIZER_SPLIT, .pattern.kind = TL_SPLIT_FLAG};
  if (strcmp(type, "BertPreTokenizer") == 0) {
    out->kind = TL_PRE_TOKENIZER_BERT;
    return TL_OK;
  }
  if (strcmp(type, "ByteLevel") == 0)
    return read_byte_level(context, json, out);
  if (strcmp(type, "Metaspace") == 0) {
    out->kind = TL_PRE_TOKENIZER_METASPACE;
    return tl_metaspace_read(context, json, where, &out->metaspace);
  }
  if (strcmp(type, "Split") == 0)
    return read_split(context, json, &all->strings, out);
  if (strcmp(type, "Whitespace") == 0) {
    out->pattern.kind = TL_SPLIT_WORDS;
    out->pattern.invert = true;
    return TL_OK;
  }
  if (strcmp(type, "WhitespaceSplit") == 0) {
    out->pattern.flag = TL_CHAR_WHITE_SPACE;
    return TL_OK;
  }
  if (strcmp(type, "Punctuation") == 0) {
    out->pattern.flag = TL_CHAR_PUNCTUATION;
    return read_behavior(context, json, "Isolated", out);
  }
  if (strcmp(type, "Digits") == 0) {
    bool individual;
    const tl_status status = tl_field_bool(context, json, where, "individual_digits", &individual);
    out->pattern.flag = TL_CHAR_NUMERIC;
    out->behavior = individual ? TL_SPLIT_ISOLATED : TL_SPLIT_CONTIGUOUS;
    return status;
  }
  return tl_component_unknown(context, where, type, known);
}

tl_status tl_pre_tokenizer_read(tl_context *context, const tl_json_value *json, tl_pre_tokenizer *out) {
  tl_pre_tokenizer_make(false, out);
  return tl_component_read(context, json, where, "pretokenizers", read_step, out);
}

static const char *boolean(bool value) { return value ? "true" : "false"; }

/* Whitespace, WhitespaceSplit, Punctuation, Digits: told apart by their patterns. */
static void write_flag_split(const tl_pre_tokenizer_step *step, tl_text *out) {
  if (step->pattern.flag == TL_CHAR_WHITE_SPACE)
    tl_text_format(out, "{\"type\":\"WhitespaceSplit\"}");
  else if (step->pattern.flag == TL_CHAR_PUNCTUATION)
    tl_text_format(out, "{\"type\":\"Punctuation\",\"behavior\":\"%s\"}", behaviors[step->behavior]);
  else
    tl_text_format(out, "{\"type\":\"Digits\",\"individual_digits\":%s}",
                   boolean(step->behavior == TL_SPLIT_ISOLATED));
}

static void write_split(const tl_pre_tokenizer *all, const tl_pre_tokenizer_step *step, tl_text *out) {
  const tl_split_pattern *pattern = &step->pattern;
  if (pattern->kind == TL_SPLIT_FLAG) {
    write_flag_split(step, out);
    return;
  }
  if (pattern->kind == TL_SPLIT_WORDS && !pattern->regex) {
    tl_text_format(out, "{\"type\":\"Whitespace\"}");
    return;
  }
  tl_text_format(out, "{\"type\":\"Split\",\"pattern\":");
  tl_write_pattern(pattern, (const char *)all->strings.items, out);
  tl_text_format(out, ",\"behavior\":\"%s\",\"invert\":%s}", behaviors[step->behavior],
                 boolean(pattern->invert));
}

static void write_step(const tl_pre_tokenizer *all, const tl_pre_tokenizer_step *step, tl_text *out) {
  switch (step->kind) {
  case TL_PRE_TOKENIZER_BERT:
    tl_text_format(out, "{\"type\":\"BertPreTokenizer\"}");
    break;
  case TL_PRE_TOKENIZER_BYTE_LEVEL:
    tl_text_format(out,
                   "{\"type\":\"ByteLevel\",\"add_prefix_space\":%s,\"trim_offsets\":%s,\"use_regex\":%s}",
                   boolean(step->add_prefix_space), boolean(step->trim_offsets), boolean(step->use_regex));
    break;
  case TL_PRE_TOKENIZER_METASPACE:
    tl_metaspace_write(&step->metaspace, out);
    break;
  case TL_PRE_TOKENIZER_SPLIT:
    write_split(all, step, out);
    break;
  }
}

void tl_pre_tokenizer_write(const tl_pre_tokenizer *pre_tokenizer, tl_text *out) {
  if (pre_tokenizer->count == 0) {
    tl_text_json_string(out, NULL);
    return;
  }
  if (pre_tokenizer->count > 1)
    tl_text_format(out, "{\"type\":\"Sequence\",\"pretokenizers\":[");
  for (int32_t i = 0; i < pre_tokenizer->count; ++i) {
    tl_text_append(out, ",", i > 0);
    write_step(pre_tokenizer, &pre_tokenizer->steps[i], out);
  }
  if (pre_tokenizer->count > 1)
    tl_text_append(out, "]}", 2);
}
