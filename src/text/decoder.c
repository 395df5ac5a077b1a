/* Running decoders: each step makes tokens of tokens. */
#include "text/decoder.h"

#include <string.h>

#include "base/utf8.h"
#include "text/byte_fallback.h"
#include "text/byte_level.h"

void tl_decoder_free(tl_context *context, tl_decoder *decoder) { tl_bytes_free(context, &decoder->strings); }

tl_status tl_decoder_add_wordpiece(tl_context *context, const char *prefix, bool cleanup, tl_decoder *out) {
  tl_decoder_step *step = &out->steps[out->count++];
  *step = (tl_decoder_step){.kind = TL_DECODER_WORDPIECE, .cleanup = cleanup, .content_size = strlen(prefix)};
  return tl_bytes_append_string(context, &out->strings, prefix, step->content_size, &step->content)
             ? TL_OK
             : tl_fail_memory(context, "the decoder", (double)step->content_size + 1);
}

/* Replaces every `from` by `to`, which is no longer; returns the new size. */
static size_t shorten(uint8_t *text, size_t size, const char *from, const char *to) {
  const size_t from_size = strlen(from), to_size = strlen(to);
  size_t kept = 0;
  for (size_t at = 0; at < size;) {
    if (size - at >= from_size && memcmp(text + at, from, from_size) == 0) {
      memcpy(text + kept, to, to_size);
      kept += to_size;
      at += from_size;
    } else {
      text[kept++] = text[at++];
    }
  }
  return kept;
}

size_t tl_decoder_clean_up(uint8_t *text, size_t size, bool do_not) {
  static const char *const pairs[][2] = {
      {" .", "."},   {" ?", "?"},           {" !", "!"},   {" ,", ","},     {" ' ", "'"},    {" n't", "n't"},
      {" 'm", "'m"}, {" do not", " don't"}, {" 's", "'s"}, {" 've", "'ve"}, {" 're", "'re"},
  };
  enum { PAIRS = sizeof pairs / sizeof pairs[0], DO_NOT = 7 };
  for (int i = 0; i < PAIRS; ++i)
    if (i != DO_NOT || do_not)
      size = shorten(text, size, pairs[i][0], pairs[i][1]);
  return size;
}

static bool run_wordpiece(tl_context *context, const tl_decoder_step *step, const uint8_t *prefix, bool first,
                          const uint8_t *token, size_t size, tl_words *out) {
  const size_t begin = out->text.count;
  if (!first) {
    if (size >= step->content_size && memcmp(token, prefix, step->content_size) == 0) {
      token += step->content_size;
      size -= step->content_size;
    } else if (!tl_bytes_append(context, &out->text, " ", 1)) {
      return false;
    }
  }
  if (!tl_bytes_append(context, &out->text, token, size))
    return false;
  if (step->cleanup && out->text.count > begin)
    out->text.count = begin + tl_decoder_clean_up(out->text.items + begin, out->text.count - begin, true);
  return true;
}

/* A token with its marks as blanks, or without them. */
static bool run_metaspace(tl_context *context, const tl_metaspace *metaspace, bool first,
                          const uint8_t *token, size_t size, tl_words *out) {
  for (size_t at = 0, taken; at < size; at += taken) {
    const bool mark = tl_utf8_decode(token + at, size - at, &taken) == metaspace->replacement;
    if (mark && first && metaspace->prepend != TL_PREPEND_NEVER)
      continue;
    if (!tl_bytes_append(context, &out->text, mark ? (const uint8_t *)" " : token + at, mark ? 1 : taken))
      return false;
  }
  return true;
}

static bool run_replace(tl_context *context, const tl_split_pattern *pattern, const uint8_t *strings,
                        const uint8_t *content, size_t content_size, const uint8_t *token, size_t size,
                        tl_words *out) {
  size_t done = 0, begin, end;
  while (tl_split_find(pattern, strings, token, size, done, &begin, &end)) {
    if (!tl_bytes_append(context, &out->text, token + done, begin - done) ||
        !tl_bytes_append(context, &out->text, content, content_size))
      return false;
    done = end;
  }
  return tl_bytes_append(context, &out->text, token + done, size - done);
}

/* The suffix becomes a blank, but nothing in the last token. */
static bool run_bpe(tl_context *context, const tl_decoder_step *step, const uint8_t *strings, bool last,
                    const uint8_t *token, size_t size, tl_words *out) {
  static const uint8_t blank[] = {' '};
  const tl_split_pattern suffix = {
      .kind = TL_SPLIT_STRING, .text = step->content, .size = step->content_size};
  return run_replace(context, &suffix, strings, blank, last ? 0 : sizeof blank, token, size, out);
}

static bool run_strip(tl_context *context, const tl_decoder_step *step, const uint8_t *token, size_t size,
                      tl_words *out) {
  uint8_t character[4];
  const size_t length = tl_utf8_encode(step->character, character);
  for (int32_t i = 0; i < step->start && size >= length && memcmp(token, character, length) == 0; ++i) {
    token += length;
    size -= length;
  }
  for (int32_t i = 0;
       i < step->stop && size >= length && memcmp(token + size - length, character, length) == 0; ++i)
    size -= length;
  return tl_bytes_append(context, &out->text, token, size);
}

/* Ends a run of bytes that begins at `from`: one token if they are UTF-8, else one U+FFFD for each. */
static bool close_bytes(tl_context *context, tl_words *out, size_t from) {
  static const uint8_t unknown[] = {0xEF, 0xBF, 0xBD};
  const size_t count = out->text.count - from;
  if (count == 0)
    return true;
  if (tl_utf8_is_valid(out->text.items + from, count))
    return tl_words_close(context, out);
  out->text.count = from;
  for (size_t i = 0; i < count; ++i)
    if (!tl_words_append(context, out, unknown, sizeof unknown))
      return false;
  return true;
}

static bool run_byte_fallback(tl_context *context, const tl_words *tokens, tl_words *out) {
  size_t from = 0; /* where bytes that are not closed begin */
  for (size_t i = 0; i < tokens->count; ++i) {
    size_t size;
    const uint8_t *token = tl_words_at(tokens, i, &size);
    const int32_t byte = tl_byte_fallback_byte(token, size);
    const uint8_t single = (uint8_t)byte;
    if (byte >= 0) {
      if (!tl_bytes_append(context, &out->text, &single, 1))
        return false;
      continue;
    }
    if (!close_bytes(context, out, from) || !tl_words_append(context, out, token, size))
      return false;
    from = out->text.count;
  }
  return close_bytes(context, out, from);
}

/* All tokens become one, of valid UTF-8. */
static bool run_byte_level(tl_context *context, tl_words *tokens, tl_words *out) {
  for (size_t i = 0; i < tokens->count; ++i) {
    size_t size;
    const uint8_t *token = tl_words_at(tokens, i, &size);
    if (!tl_byte_level_decode(context, &out->text, token, size))
      return false;
  }
  const tl_bytes decoded = out->text;
  out->text = tokens->text;
  out->text.count = 0;
  tokens->text = decoded;
  for (size_t at = 0, taken; at < decoded.count; at += taken) {
    uint8_t character[4];
    const uint32_t point = tl_utf8_decode(decoded.items + at, decoded.count - at, &taken);
    if (!tl_bytes_append(context, &out->text, character, tl_utf8_encode(point, character)))
      return false;
  }
  return tl_words_close(context, out);
}

static bool run_token(tl_context *context, const tl_decoder *decoder, const tl_decoder_step *step,
                      const tl_words *tokens, size_t i, tl_words *out) {
  size_t size;
  const uint8_t *token = tl_words_at(tokens, i, &size), *strings = decoder->strings.items;
  switch (step->kind) {
  case TL_DECODER_WORDPIECE:
    return run_wordpiece(context, step, strings + step->content, i == 0, token, size, out);
  case TL_DECODER_METASPACE:
    return run_metaspace(context, &step->metaspace, i == 0, token, size, out);
  case TL_DECODER_BPE:
    return run_bpe(context, step, strings, i + 1 == tokens->count, token, size, out);
  case TL_DECODER_STRIP:
    return run_strip(context, step, token, size, out);
  case TL_DECODER_REPLACE:
    return run_replace(context, &step->pattern, strings, strings + step->content, step->content_size, token,
                       size, out);
  default:
    return true; /* the others take all tokens at once */
  }
}

static bool run_step(tl_context *context, const tl_decoder *decoder, const tl_decoder_step *step,
                     tl_words *tokens, tl_words *out) {
  tl_words_clear(out);
  switch (step->kind) {
  case TL_DECODER_BYTE_LEVEL:
    return run_byte_level(context, tokens, out);
  case TL_DECODER_BYTE_FALLBACK:
    return run_byte_fallback(context, tokens, out);
  case TL_DECODER_FUSE:
    return tl_words_append(context, out, tokens->text.items, tokens->text.count);
  default:
    break;
  }
  for (size_t i = 0; i < tokens->count; ++i)
    if (!run_token(context, decoder, step, tokens, i, out) || !tl_words_close(context, out))
      return false;
  return true;
}

static bool join_with_blanks(tl_context *context, const tl_words *tokens, tl_words *out) {
  tl_words_clear(out);
  for (size_t i = 0; i < tokens->count; ++i) {
    size_t size;
    const uint8_t *token = tl_words_at(tokens, i, &size);
    if ((i > 0 && !tl_bytes_append(context, &out->text, " ", 1)) ||
        !tl_words_append(context, out, token, size))
      return false;
  }
  return true;
}

static void swap(tl_words *a, tl_words *b) {
  const tl_words kept = *a;
  *a = *b;
  *b = kept;
}

bool tl_decoder_run(tl_context *context, const tl_decoder *decoder, tl_words *tokens, tl_words *spare) {
  bool enough = true;
  if (decoder->count == 0) {
    enough = join_with_blanks(context, tokens, spare);
    swap(tokens, spare);
  }
  for (int32_t i = 0; enough && i < decoder->count; ++i) {
    enough = run_step(context, decoder, &decoder->steps[i], tokens, spare);
    swap(tokens, spare);
  }
  return enough;
}
