/* Pre-tokenizers: a normalized text's words. */
#ifndef TL_TEXT_PRE_TOKENIZER_H
#define TL_TEXT_PRE_TOKENIZER_H

#include "base/json.h"
#include "text/metaspace.h"
#include "text/split_pattern.h"
#include "text/words.h"

typedef enum tl_pre_tokenizer_kind {
  TL_PRE_TOKENIZER_BERT,       /* white space parts words, every punctuation mark is a word of its own */
  TL_PRE_TOKENIZER_BYTE_LEVEL, /* GPT-2's words, their bytes as characters */
  TL_PRE_TOKENIZER_METASPACE,  /* blanks become "▁", with which words begin */
  TL_PRE_TOKENIZER_SPLIT, /* parted at a pattern; so are Whitespace, WhitespaceSplit, Punctuation, Digits */
} tl_pre_tokenizer_kind;

typedef struct tl_pre_tokenizer_step {
  tl_pre_tokenizer_kind kind;
  bool add_prefix_space;      /* BYTE_LEVEL */
  bool use_regex;             /* BYTE_LEVEL: split into GPT-2's words first */
  bool trim_offsets;          /* BYTE_LEVEL: kept for saving; offsets are not given */
  tl_metaspace metaspace;     /* METASPACE */
  tl_split_pattern pattern;   /* SPLIT: what parts words */
  tl_split_behavior behavior; /* SPLIT: what becomes of it */
} tl_pre_tokenizer_step;

enum { TL_PRE_TOKENIZER_MAX_STEPS = 16 };

typedef struct tl_pre_tokenizer {
  tl_pre_tokenizer_step steps[TL_PRE_TOKENIZER_MAX_STEPS]; /* one after the other; none: a text is one word */
  int32_t count;
  uint16_t ascii[TL_UNICODE_BLOCK]; /* tl_unicode_flags of each ASCII character, one look-up away */
  tl_bytes strings;                 /* patterns' texts */
} tl_pre_tokenizer;

/* What the steps work in; one for each thread. */
typedef struct tl_pre_tokenizer_scratch {
  tl_words words;
  tl_words spare;
  tl_bytes text;
} tl_pre_tokenizer_scratch;

/* BERT's, or (false) none. */
void tl_pre_tokenizer_make(bool bert, tl_pre_tokenizer *out);
void tl_pre_tokenizer_free(tl_context *context, tl_pre_tokenizer *pre_tokenizer);

/* Reads tokenizer.json's "pre_tokenizer" (null or absent: none), and writes it (pre_tokenizer_json.c). */
tl_status tl_pre_tokenizer_read(tl_context *context, const tl_json_value *json, tl_pre_tokenizer *out);
void tl_pre_tokenizer_write(const tl_pre_tokenizer *pre_tokenizer, tl_text *out);

/* Whether words can be taken out of the text one at a time, by tl_pre_tokenizer_next; otherwise
 * tl_pre_tokenizer_run makes all of them. */
bool tl_pre_tokenizer_streams(const tl_pre_tokenizer *pre_tokenizer);

/* Finds the next word of valid UTF-8 at or after *at: text[*begin .. *at), never empty. False: there is none.
 */
bool tl_pre_tokenizer_next(const tl_pre_tokenizer *pre_tokenizer, const uint8_t *text, size_t size,
                           size_t *at, size_t *begin);

/* Makes all words of valid UTF-8, none of them empty, in scratch->words. `at_start` tells that nothing stood
 * before the text. False: no memory. */
bool tl_pre_tokenizer_run(tl_context *context, const tl_pre_tokenizer *pre_tokenizer,
                          tl_pre_tokenizer_scratch *scratch, const uint8_t *text, size_t size, bool at_start);
void tl_pre_tokenizer_scratch_free(tl_context *context, tl_pre_tokenizer_scratch *scratch);

#endif
