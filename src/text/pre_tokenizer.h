/* Pre-tokenizers: a normalized text's words, one at a time. */
#ifndef TL_TEXT_PRE_TOKENIZER_H
#define TL_TEXT_PRE_TOKENIZER_H

#include "base/json.h"
#include "text/unicode.h"

typedef enum tl_pre_tokenizer_kind {
  TL_PRE_TOKENIZER_NONE, /* the whole text is one word */
  TL_PRE_TOKENIZER_BERT, /* white space parts words, every punctuation mark is a word of its own */
} tl_pre_tokenizer_kind;

typedef struct tl_pre_tokenizer {
  tl_pre_tokenizer_kind kind;
  uint8_t ascii[TL_UNICODE_BLOCK]; /* tl_unicode_flags of each ASCII character, one look-up away */
} tl_pre_tokenizer;

void tl_pre_tokenizer_make(tl_pre_tokenizer_kind kind, tl_pre_tokenizer *out);

/* Reads tokenizer.json's "pre_tokenizer" (null or absent: none), and writes it. */
tl_status tl_pre_tokenizer_read(tl_context *context, const tl_json_value *json, tl_pre_tokenizer *out);
void tl_pre_tokenizer_write(const tl_pre_tokenizer *pre_tokenizer, tl_text *out);

/* Finds the next word of valid UTF-8 at or after *at: text[*begin .. *at), never empty. False: there is none.
 */
bool tl_pre_tokenizer_next(const tl_pre_tokenizer *pre_tokenizer, const uint8_t *text, size_t size,
                           size_t *at, size_t *begin);

#endif
