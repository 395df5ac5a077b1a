/* Running pre-tokenizers: BERT's words one at a time, and steps that make words of words. */
#include "text/pre_tokenizer.h"

#include <string.h>

#include "base/utf8.h"
#include "text/byte_level.h"
#include "text/split_scanners.h"

void tl_pre_tokenizer_make(bool bert, tl_pre_tokenizer *out) {
  out->count = bert ? 1 : 0;
  out->steps[0] = (tl_pre_tokenizer_step){.kind = TL_PRE_TOKENIZER_BERT};
  for (uint32_t character = 0; character < TL_UNICODE_BLOCK; ++character)
    out->ascii[character] = tl_unicode_flags(character);
}

void tl_pre_tokenizer_free(tl_context *context, tl_pre_tokenizer *pre_tokenizer) {
  tl_bytes_free(context, &pre_tokenizer->strings);
}

bool tl_pre_tokenizer_streams(const tl_pre_tokenizer *pre_tokenizer) {
  return pre_tokenizer->count == 0 ||
         (pre_tokenizer->count == 1 && pre_tokenizer->steps[0].kind == TL_PRE_TOKENIZER_BERT);
}

/* The flags of the character at text[0], and its bytes. */
static inline uint16_t flags_at(const tl_pre_tokenizer *pre_tokenizer, const uint8_t *text, size_t size,
                                size_t *taken) {
  if (text[0] < TL_UNICODE_BLOCK) {
    *taken = 1;
    return pre_tokenizer->ascii[text[0]];
  }
  return tl_unicode_flags(tl_utf8_decode(text, size, taken));
}

static bool next_bert(const tl_pre_tokenizer *pre_tokenizer, const uint8_t *text, size_t size, size_t *at,
                      size_t *begin) {
  size_t end = *at, taken = 0;
  uint16_t flags = TL_CHAR_WHITE_SPACE;
  for (; end < size; end += taken) {
    flags = flags_at(pre_tokenizer, text + end, size - end, &taken);
    if ((flags & TL_CHAR_WHITE_SPACE) == 0)
      break;
  }
  if (end == size)
    return false;
  *begin = end;
  end += taken;
  if ((flags & TL_CHAR_PUNCTUATION) == 0) {
    for (; end < size; end += taken) {
      flags = flags_at(pre_tokenizer, text + end, size - end, &taken);
      if ((flags & (TL_CHAR_WHITE_SPACE | TL_CHAR_PUNCTUATION)) != 0)
        break;
    }
  }
  *at = end;
  return true;
}

bool tl_pre_tokenizer_next(const tl_pre_tokenizer *pre_tokenizer, const uint8_t *text, size_t size,
                           size_t *at, size_t *begin) {
  if (pre_tokenizer->count > 0)
    return next_bert(pre_tokenizer, text, size, at, begin);
  *begin = *at;
  *at = size;
  return *begin < size;
}

static bool byte_level(tl_context *context, const tl_pre_tokenizer_step *step, tl_bytes *spare,
                       const uint8_t *text, size_t size, tl_words *out) {
  if (step->add_prefix_space && text[0] != ' ') {
    spare->count = 0;
    if (!tl_bytes_append(context, spare, " ", 1) || !tl_bytes_append(context, spare, text, size))
      return false;
    text = spare->items;
    size = spare->count;
  }
  for (size_t at = 0; at < size;) {
    const size_t length = step->use_regex ? tl_scan_gpt2(text + at, size - at) : size;
    if (!tl_byte_level_append(context, &out->text, text + at, length) || !tl_words_close(context, out))
      return false;
    at += length;
  }
  return true;
}

static bool begins_with(const uint8_t *text, size_t size, const uint8_t *start, size_t start_size) {
  return size >= start_size && memcmp(text, start, start_size) == 0;
}

/* Blanks become the replacement; one is put before the text as the scheme says; words begin with each. */
static bool run_metaspace(tl_context *context, const tl_metaspace *metaspace, const uint8_t *text,
                          size_t size, bool at_start, tl_words *out) {
  uint8_t mark[4];
  const size_t mark_size = tl_utf8_encode(metaspace->replacement, mark);
  const bool marked = text[0] == ' ' || begins_with(text, size, mark, mark_size);
  const bool prepend =
      metaspace->prepend == TL_PREPEND_ALWAYS || (metaspace->prepend == TL_PREPEND_FIRST && at_start);
  if (prepend && !marked && !tl_bytes_append(context, &out->text, mark, mark_size))
    return false;
  for (size_t at = 0, length; at < size; at += length) {
    const bool blank = text[at] == ' ';
    const bool begins = blank || begins_with(text + at, size - at, mark, mark_size);
    length = blank ? 1 : begins ? mark_size : 1;
    if (begins && at > 0 && metaspace->split && !tl_words_close(context, out))
      return false;
    while (!begins && at + length < size && text[at + length] != ' ' && text[at + length] != mark[0])
      ++length;
    if (!tl_bytes_append(context, &out->text, begins ? mark : text + at, begins ? mark_size : length))
      return false;
  }
  return tl_words_close(context, out);
}

static bool run_step(tl_context *context, const tl_pre_tokenizer *pre_tokenizer,
                     const tl_pre_tokenizer_step *step, tl_bytes *spare, const uint8_t *text, size_t size,
                     bool at_start, tl_words *out) {
  switch (step->kind) {
  case TL_PRE_TOKENIZER_BYTE_LEVEL:
    return byte_level(context, step, spare, text, size, out);
  case TL_PRE_TOKENIZER_METASPACE:
    return run_metaspace(context, &step->metaspace, text, size, at_start, out);
  case TL_PRE_TOKENIZER_BERT:
    for (size_t at = 0, begin; next_bert(pre_tokenizer, text, size, &at, &begin);)
      if (!tl_words_append(context, out, text + begin, at - begin))
        return false;
    return true;
  case TL_PRE_TOKENIZER_SPLIT:
    return tl_split(context, &step->pattern, pre_tokenizer->strings.items, step->behavior, text, size, out);
  }
  return true;
}

/* Whether a step leaves out what a word begins with, so that what it makes no longer begins there. */
static bool drops_lead(const tl_pre_tokenizer *pre_tokenizer, const tl_pre_tokenizer_step *step,
                       const uint8_t *text, size_t size) {
  size_t begin, end, taken;
  if (step->kind == TL_PRE_TOKENIZER_BERT)
    return (flags_at(pre_tokenizer, text, size, &taken) & TL_CHAR_WHITE_SPACE) != 0;
  if (step->kind != TL_PRE_TOKENIZER_SPLIT || step->behavior != TL_SPLIT_REMOVED)
    return false;
  const bool found =
      tl_split_find(&step->pattern, pre_tokenizer->strings.items, text, size, 0, &begin, &end) && begin == 0;
  return found != step->pattern.invert;
}

bool tl_pre_tokenizer_run(tl_context *context, const tl_pre_tokenizer *pre_tokenizer,
                          tl_pre_tokenizer_scratch *scratch, const uint8_t *text, size_t size,
                          bool at_start) {
  tl_words_clear(&scratch->words);
  if (size > 0 && !tl_words_append(context, &scratch->words, text, size))
    return false;
  for (int32_t i = 0; i < pre_tokenizer->count; ++i) {
    const tl_pre_tokenizer_step *step = &pre_tokenizer->steps[i];
    const tl_words in = scratch->words;
    tl_words *out = &scratch->spare;
    bool still_at_start = at_start; /* whether the first word of all begins where the text does */
    tl_words_clear(out);
    for (size_t word = 0; word < in.count; ++word) {
      size_t word_size;
      const uint8_t *bytes = tl_words_at(&in, word, &word_size);
      if (!run_step(context, pre_tokenizer, step, &scratch->text, bytes, word_size, word == 0 && at_start,
                    out))
        return false;
      if (word == 0 && (out->count == 0 || drops_lead(pre_tokenizer, step, bytes, word_size)))
        still_at_start = false;
    }
    at_start = still_at_start;
    scratch->words = *out;
    scratch->spare = in;
  }
  return true;
}

void tl_pre_tokenizer_scratch_free(tl_context *context, tl_pre_tokenizer_scratch *scratch) {
  tl_words_free(context, &scratch->words);
  tl_words_free(context, &scratch->spare);
  tl_bytes_free(context, &scratch->text);
}
