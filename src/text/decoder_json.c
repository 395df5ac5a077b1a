/* Decoders as tokenizer.json has them: read and written. */
#include <string.h>

#include "text/decoder.h"
#include "text/json_fields.h"

static const char where[] = "decoder";
static const char known[] =
    "WordPiece, ByteLevel, Metaspace, BPEDecoder, ByteFallback, Fuse, Strip, Replace, Sequence";

/* The kinds that have no fields that count. */
static const struct {
  const char *type;
  tl_decoder_kind kind;
} plain_kinds[] = {
    {"ByteLevel", TL_DECODER_BYTE_LEVEL},
    {"ByteFallback", TL_DECODER_BYTE_FALLBACK},
    {"Fuse", TL_DECODER_FUSE},
};
enum { PLAIN_KINDS = sizeof plain_kinds / sizeof plain_kinds[0] };

/* A text of the step, kept in `strings`. */
static tl_status read_text(tl_context *context, const tl_json_value *json, const char *name, tl_decoder *all,
                           tl_decoder_step *out) {
  const char *text;
  const tl_status status = tl_field_string(context, json, where, name, &text);
  if (status != TL_OK)
    return status;
  out->content_size = strlen(text);
  return tl_bytes_append_string(context, &all->strings, text, out->content_size, &out->content)
             ? TL_OK
             : tl_fail_memory(context, "the decoder", (double)out->content_size);
}

static tl_status read_wordpiece(tl_context *context, const tl_json_value *json, tl_decoder *all,
                                tl_decoder_step *out) {
  out->kind = TL_DECODER_WORDPIECE;
  const tl_status status = tl_field_bool(context, json, where, "cleanup", &out->cleanup);
  return status == TL_OK ? read_text(context, json, "prefix", all, out) : status;
}

static tl_status read_strip(tl_context *context, const tl_json_value *json, tl_decoder_step *out) {
  out->kind = TL_DECODER_STRIP;
  tl_status status = tl_field_character(context, json, where, "content", &out->character);
  if (status == TL_OK)
    status = tl_field_index(context, json, where, "start", &out->start);
  return status == TL_OK ? tl_field_index(context, json, where, "stop", &out->stop) : status;
}

static tl_status read_replace(tl_context *context, const tl_json_value *json, tl_decoder *all,
                              tl_decoder_step *out) {
  out->kind = TL_DECODER_REPLACE;
  const tl_status status = tl_field_pattern(context, json, where, &all->strings, &out->pattern);
  return status == TL_OK ? read_text(context, json, "content", all, out) : status;
}

static tl_status read_bpe(tl_context *context, const tl_json_value *json, tl_decoder *all,
                          tl_decoder_step *out) {
  out->kind = TL_DECODER_BPE;
  const tl_status status = read_text(context, json, "suffix", all, out);
  if (status == TL_OK && (out->content_size == 0 || out->content_size > TL_SPLIT_MAX_STRING))
    return tl_fail(context, TL_ERR_UNSUPPORTED, "tokenizer.json: %s.suffix must be a text of 1 to %d bytes",
                   where, TL_SPLIT_MAX_STRING);
  return status;
}

/* Reads one decoder that is no Sequence. */
static tl_status read_step(tl_context *context, const tl_json_value *json, const char *type, void *into) {
  tl_decoder *all = into;
  if (all->count == TL_DECODER_MAX_STEPS)
    return tl_fail(context, TL_ERR_UNSUPPORTED, "tokenizer.json: more than %d decoders are not supported",
                   TL_DECODER_MAX_STEPS);
  tl_decoder_step *out = &all->steps[all->count++];
  for (int i = 0; i < PLAIN_KINDS; ++i) {
    if (strcmp(type, plain_kinds[i].type) == 0) {
      out->kind = plain_kinds[i].kind;
      return TL_OK;
    }
  }
  if (strcmp(type, "WordPiece") == 0)
    return read_wordpiece(context, json, all, out);
  if (strcmp(type, "Metaspace") == 0) {
    out->kind = TL_DECODER_METASPACE;
    return tl_metaspace_read(context, json, where, &out->metaspace);
  }
  if (strcmp(type, "BPEDecoder") == 0)
    return read_bpe(context, json, all, out);
  if (strcmp(type, "Strip") == 0)
    return read_strip(context, json, out);
  if (strcmp(type, "Replace") == 0)
    return read_replace(context, json, all, out);
  return tl_component_unknown(context, where, type, known);
}

tl_status tl_decoder_read(tl_context *context, const tl_json_value *json, tl_decoder *out) {
  return tl_component_read(context, json, where, "decoders", read_step, out);
}

static void write_text(const tl_decoder *all, const tl_decoder_step *step, const char *name, tl_text *out) {
  tl_text_format(out, ",\"%s\":", name);
  tl_text_json_string(out, (const char *)all->strings.items + step->content);
}

static void write_step(const tl_decoder *all, const tl_decoder_step *step, tl_text *out) {
  switch (step->kind) {
  case TL_DECODER_WORDPIECE:
    tl_text_format(out, "{\"type\":\"WordPiece\",\"cleanup\":%s", step->cleanup ? "true" : "false");
    write_text(all, step, "prefix", out);
    break;
  case TL_DECODER_BYTE_LEVEL: /* its fields belong to the pre-tokenizer of the same name */
    tl_text_format(out, "{\"type\":\"ByteLevel\",\"add_prefix_space\":true,\"trim_offsets\":true,"
                        "\"use_regex\":true");
    break;
  case TL_DECODER_METASPACE:
    tl_metaspace_write(&step->metaspace, out);
    return;
  case TL_DECODER_BPE:
    tl_text_format(out, "{\"type\":\"BPEDecoder\"");
    write_text(all, step, "suffix", out);
    break;
  case TL_DECODER_BYTE_FALLBACK:
    tl_text_format(out, "{\"type\":\"ByteFallback\"");
    break;
  case TL_DECODER_FUSE:
    tl_text_format(out, "{\"type\":\"Fuse\"");
    break;
  case TL_DECODER_STRIP:
    tl_text_format(out, "{\"type\":\"Strip\",\"start\":%d,\"stop\":%d,\"content\":", (int)step->start,
                   (int)step->stop);
    tl_text_json_character(out, step->character);
    break;
  case TL_DECODER_REPLACE:
    tl_text_format(out, "{\"type\":\"Replace\",\"pattern\":");
    tl_write_pattern(&step->pattern, (const char *)all->strings.items, out);
    write_text(all, step, "content", out);
    break;
  }
  tl_text_append(out, "}", 1);
}

void tl_decoder_write(const tl_decoder *decoder, tl_text *out) {
  if (decoder->count == 0) {
    tl_text_json_string(out, NULL);
    return;
  }
  if (decoder->count > 1)
    tl_text_format(out, "{\"type\":\"Sequence\",\"decoders\":[");
  for (int32_t i = 0; i < decoder->count; ++i) {
    tl_text_append(out, ",", i > 0);
    write_step(decoder, &decoder->steps[i], out);
  }
  if (decoder->count > 1)
    tl_text_append(out, "]}", 2);
}
