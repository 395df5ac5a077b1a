/* Normalizers: a tokenizer's first step, from text to the text that is split into words. */
#ifndef TL_TEXT_NORMALIZER_H
#define TL_TEXT_NORMALIZER_H

#include "base/json.h"
#include "text/buffers.h"
#include "text/charsmap.h"
#include "text/split_pattern.h"

/* BertNormalizer's fields, as in tokenizer.json. */
typedef struct tl_normalizer_bert {
  bool clean_text;
  bool handle_chinese_chars;
  int32_t strip_accents; /* -1: as lowercase; 0 no; 1 yes */
  bool lowercase;
} tl_normalizer_bert;

typedef enum tl_normalizer_kind {
  TL_NORMALIZER_BERT,
  TL_NORMALIZER_NFC,
  TL_NORMALIZER_NFD,
  TL_NORMALIZER_NFKC,
  TL_NORMALIZER_NFKD,
  TL_NORMALIZER_LOWERCASE,
  TL_NORMALIZER_STRIP_ACCENTS,
  TL_NORMALIZER_NMT,
  TL_NORMALIZER_STRIP, /* from here on: on bytes */
  TL_NORMALIZER_PREPEND,
  TL_NORMALIZER_REPLACE,
  TL_NORMALIZER_PRECOMPILED,
} tl_normalizer_kind;

typedef struct tl_normalizer_step {
  tl_normalizer_kind kind;
  tl_normalizer_bert bert;  /* BERT */
  bool strip_left;          /* STRIP */
  bool strip_right;         /* STRIP */
  tl_split_pattern pattern; /* REPLACE: what is replaced */
  size_t content;           /* PREPEND, REPLACE: offset of the text that comes in, in `strings` */
  size_t content_size;
} tl_normalizer_step;

enum { TL_NORMALIZER_MAX_STEPS = 16, TL_ASCII_DROPPED = 0xFF };

typedef struct tl_normalizer {
  tl_normalizer_step
      steps[TL_NORMALIZER_MAX_STEPS]; /* run one after the other; none: the text stays as it is */
  int32_t count;
  bool by_character; /* whether each ASCII character becomes one or none, whatever stands beside it */
  uint8_t ascii[TL_UNICODE_BLOCK]; /* then: what each becomes in a text of ASCII only, or TL_ASCII_DROPPED */
  tl_bytes strings;                /* texts of steps */
  tl_charsmap charsmap;            /* PRECOMPILED; one of them at most */
} tl_normalizer;

/* What normalizing works in; one for each thread. Steps hand on either code points or bytes. */
typedef struct tl_normalizer_scratch {
  bool in_points;    /* the text is in `points`; else it is at[0 .. size) */
  const uint8_t *at; /* the text given, or a part of `text` */
  size_t size;
  tl_code_points points;
  tl_code_points spare;
  tl_bytes text;
  tl_bytes spare_text;
} tl_normalizer_scratch;

/* Reads tokenizer.json's "normalizer" (null or absent: no steps). */
tl_status tl_normalizer_read(tl_context *context, const tl_json_value *json, tl_normalizer *out);

/* Fills in `ascii` once the steps are there. */
tl_status tl_normalizer_finish(tl_context *context, tl_normalizer *normalizer);
void tl_normalizer_free(tl_context *context, tl_normalizer *normalizer);

/* Writes it as tokenizer.json's "normalizer". */
void tl_normalizer_write(const tl_normalizer *normalizer, tl_text *out);

/* Normalizes valid UTF-8. The result lies in the scratch, or is the text itself; it is valid until the next
 * run. False: no memory. */
bool tl_normalizer_run(tl_context *context, const tl_normalizer *normalizer, tl_normalizer_scratch *scratch,
                       const uint8_t *text, size_t size, const uint8_t **out, size_t *out_size);

void tl_normalizer_scratch_free(tl_context *context, tl_normalizer_scratch *scratch);

/* Brings the text into scratch->points, or into scratch->at. False: no memory. */
bool tl_normalizer_to_points(tl_context *context, tl_normalizer_scratch *scratch);
bool tl_normalizer_to_bytes(tl_context *context, tl_normalizer_scratch *scratch);

/* The steps that work on bytes: Strip, Prepend, Replace, Precompiled (normalizer_bytes.c). False: no memory.
 */
bool tl_normalizer_bytes_run(tl_context *context, const tl_normalizer *normalizer,
                             const tl_normalizer_step *step, tl_normalizer_scratch *scratch);

/* BertNormalizer on scratch->points (normalizer_bert.c). False: no memory. */
bool tl_normalizer_bert_run(tl_context *context, const tl_normalizer_bert *bert,
                            tl_normalizer_scratch *scratch);

/* Lowercases scratch->points, one code point at a time (no rule looks at neighbours). False: no memory. */
bool tl_normalizer_lowercase(tl_context *context, tl_normalizer_scratch *scratch);

/* Decomposes scratch->points to NFD or NFKD. False: no memory. */
bool tl_normalizer_decompose(tl_context *context, bool compatible, tl_normalizer_scratch *scratch);

/* Takes the code points that have the flag out of scratch->points. */
void tl_normalizer_drop(tl_normalizer_scratch *scratch, tl_unicode_flag flag);

#endif
