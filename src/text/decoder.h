/* Decoders: tokens back to text. */
#ifndef TL_TEXT_DECODER_H
#define TL_TEXT_DECODER_H

#include "base/json.h"
#include "text/metaspace.h"
#include "text/split_pattern.h"
#include "text/words.h"

typedef enum tl_decoder_kind {
  TL_DECODER_WORDPIECE,     /* a blank before every token but the first, unless it carries the prefix */
  TL_DECODER_BYTE_LEVEL,    /* characters back to the bytes they stand for */
  TL_DECODER_METASPACE,     /* "▁" back to blanks; those of the first token go */
  TL_DECODER_BPE,           /* the suffix of words back to blanks */
  TL_DECODER_BYTE_FALLBACK, /* "<0x0A>" back to bytes */
  TL_DECODER_FUSE,          /* all tokens become one */
  TL_DECODER_STRIP,         /* a character, at the ends of every token */
  TL_DECODER_REPLACE,
} tl_decoder_kind;

typedef struct tl_decoder_step {
  tl_decoder_kind kind;
  bool cleanup;           /* WORDPIECE: clean every token by itself */
  tl_metaspace metaspace; /* METASPACE */
  uint32_t character;     /* STRIP: what goes */
  int32_t start;          /* STRIP: how many go at the start, and at the end */
  int32_t stop;
  tl_split_pattern pattern; /* REPLACE: what is replaced */
  size_t content; /* WORDPIECE: the prefix; BPE: the suffix; REPLACE: what comes in; offset in `strings` */
  size_t content_size;
} tl_decoder_step;

enum { TL_DECODER_MAX_STEPS = 16 };

typedef struct tl_decoder {
  tl_decoder_step
      steps[TL_DECODER_MAX_STEPS]; /* one after the other; none: tokens with a blank between them */
  int32_t count;
  tl_bytes strings;
} tl_decoder;

/* Reads tokenizer.json's "decoder" (null or absent: none), and writes it (decoder_json.c). */
tl_status tl_decoder_read(tl_context *context, const tl_json_value *json, tl_decoder *out);
void tl_decoder_write(const tl_decoder *decoder, tl_text *out);

/* Adds a WordPiece step. */
tl_status tl_decoder_add_wordpiece(tl_context *context, const char *prefix, bool cleanup, tl_decoder *out);
void tl_decoder_free(tl_context *context, tl_decoder *decoder);

/* Makes text of tokens: of tokens->text afterwards, all of it. `spare` is scratch. False: no memory. */
bool tl_decoder_run(tl_context *context, const tl_decoder *decoder, tl_words *tokens, tl_words *spare);

/* Takes the blanks back that tokenizing put before punctuation and English contractions: transformers'
 * clean_up_tokenization, and with do_not also tokenizers' cleanup (" do not" becomes " don't"). Returns how
 * many bytes are left. */
size_t tl_decoder_clean_up(uint8_t *text, size_t size, bool do_not);

#endif
