/* Decoders: tokens back to text. */
#ifndef TL_TEXT_DECODER_H
#define TL_TEXT_DECODER_H

#include "base/json.h"
#include "text/buffers.h"

typedef enum tl_decoder_kind {
  TL_DECODER_NONE,      /* tokens with a blank between them */
  TL_DECODER_WORDPIECE, /* a blank before every token but the first, unless it carries the prefix */
} tl_decoder_kind;

typedef struct tl_decoder {
  tl_decoder_kind kind;
  bool cleanup;    /* clean every token by itself */
  tl_bytes prefix; /* NUL-terminated */
} tl_decoder;

/* Reads tokenizer.json's "decoder" (null or absent: none), and writes it. */
tl_status tl_decoder_read(tl_context *context, const tl_json_value *json, tl_decoder *out);
void tl_decoder_write(const tl_decoder *decoder, tl_text *out);

tl_status tl_decoder_make_wordpiece(tl_context *context, const char *prefix, bool cleanup, tl_decoder *out);
void tl_decoder_free(tl_context *context, tl_decoder *decoder);

/* Appends a token to the text; `first` says that none was before it. */
void tl_decoder_append(const tl_decoder *decoder, const char *token, size_t size, bool first, tl_text *out);

/* Takes the blanks back that tokenizing put before punctuation and English contractions, in text[from ..):
 * transformers' clean_up_tokenization, and with do_not also tokenizers' cleanup (" do not" becomes " don't").
 */
void tl_decoder_clean_up(tl_text *text, size_t from, bool do_not);

#endif
