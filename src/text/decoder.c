/* WordPiece's decoder and the clean-up of its blanks. */
#include "text/decoder.h"

#include <string.h>

#include "text/json_fields.h"

static const char where[] = "decoder";

tl_status tl_decoder_make_wordpiece(tl_context *context, const char *prefix, bool cleanup, tl_decoder *out) {
  out->kind = TL_DECODER_WORDPIECE;
  out->cleanup = cleanup;
  size_t start;
  if (!tl_bytes_append_string(context, &out->prefix, prefix, strlen(prefix), &start))
    return tl_fail_memory(context, "the decoder", (double)strlen(prefix) + 1);
  return TL_OK;
}

tl_status tl_decoder_read(tl_context *context, const tl_json_value *json, tl_decoder *out) {
  const tl_json_kind kind = tl_json_kind_of(json);
  if (kind == TL_JSON_ABSENT || kind == TL_JSON_NULL)
    return TL_OK;
  const char *type = NULL, *prefix = NULL;
  bool cleanup;
  tl_status status = tl_component_type(context, json, where, &type);
  if (status != TL_OK)
    return status;
  if (strcmp(type, "WordPiece") != 0)
    return tl_component_unknown(context, where, type, "WordPiece");
  status = tl_field_string(context, json, where, "prefix", &prefix);
  if (status == TL_OK)
    status = tl_field_bool(context, json, where, "cleanup", &cleanup);
  return status == TL_OK ? tl_decoder_make_wordpiece(context, prefix, cleanup, out) : status;
}

void tl_decoder_write(const tl_decoder *decoder, tl_text *out) {
  if (decoder->kind == TL_DECODER_NONE) {
    tl_text_json_string(out, NULL);
    return;
  }
  tl_text_format(out, "{\"type\":\"WordPiece\",\"prefix\":");
  tl_text_json_string(out, (const char *)decoder->prefix.items);
  tl_text_format(out, ",\"cleanup\":%s}", decoder->cleanup ? "true" : "false");
}

void tl_decoder_free(tl_context *context, tl_decoder *decoder) { tl_bytes_free(context, &decoder->prefix); }

/* Replaces every `from` in text[begin ..) by `to`, which is no longer. */
static void replace(tl_text *text, size_t begin, const char *from, const char *to) {
  const size_t from_size = strlen(from), to_size = strlen(to);
  size_t kept = begin;
  for (size_t at = begin; at < text->size;) {
    if (text->size - at >= from_size && memcmp(text->bytes + at, from, from_size) == 0) {
      memcpy(text->bytes + kept, to, to_size);
      kept += to_size;
      at += from_size;
    } else {
      text->bytes[kept++] = text->bytes[at++];
    }
  }
  text->size = kept;
}

void tl_decoder_clean_up(tl_text *text, size_t from, bool do_not) {
  static const char *const pairs[][2] = {
      {" .", "."},   {" ?", "?"},           {" !", "!"},   {" ,", ","},     {" ' ", "'"},    {" n't", "n't"},
      {" 'm", "'m"}, {" do not", " don't"}, {" 's", "'s"}, {" 've", "'ve"}, {" 're", "'re"},
  };
  enum { PAIRS = sizeof pairs / sizeof pairs[0], DO_NOT = 7 };
  if (text->broken)
    return;
  for (int i = 0; i < PAIRS; ++i)
    if (i != DO_NOT || do_not)
      replace(text, from, pairs[i][0], pairs[i][1]);
}

void tl_decoder_append(const tl_decoder *decoder, const char *token, size_t size, bool first, tl_text *out) {
  const size_t begin = out->size;
  if (!first) {
    const char *prefix = decoder->kind == TL_DECODER_WORDPIECE ? (const char *)decoder->prefix.items : NULL;
    const size_t prefix_size = prefix != NULL ? strlen(prefix) : 0;
    if (prefix != NULL && size >= prefix_size && memcmp(token, prefix, prefix_size) == 0) {
      token += prefix_size;
      size -= prefix_size;
    } else {
      tl_text_append(out, " ", 1);
    }
  }
  tl_text_append(out, token, size);
  if (decoder->kind == TL_DECODER_WORDPIECE && decoder->cleanup)
    tl_decoder_clean_up(out, begin, true);
}
