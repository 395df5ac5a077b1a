/* A tokenizer's model: what makes tokens of a word. One of WordPiece, byte pair encoding, Unigram. */
#ifndef TL_TEXT_TOKEN_MODEL_H
#define TL_TEXT_TOKEN_MODEL_H

#include "text/bpe.h"
#include "text/unigram.h"
#include "text/wordpiece.h"

typedef enum tl_token_model_kind {
  TL_MODEL_WORDPIECE,
  TL_MODEL_BPE,
  TL_MODEL_UNIGRAM,
} tl_token_model_kind;

typedef struct tl_token_model {
  tl_token_model_kind kind;
  union {
    tl_wordpiece wordpiece;
    tl_bpe bpe;
    tl_unigram unigram;
  };
} tl_token_model;

/* What encoding works in; one for each thread. */
typedef struct tl_token_model_scratch {
  tl_word_cache cache;
  tl_bpe_scratch bpe;
  tl_unigram_scratch unigram;
} tl_token_model_scratch;

/* Reads tokenizer.json's "model", and writes it. */
tl_status tl_token_model_read(tl_context *context, const tl_json_value *json, tl_token_model *out);
void tl_token_model_write(const tl_token_model *model, tl_text *out);
void tl_token_model_free(tl_context *context, tl_token_model *model);

/* Its "type" in tokenizer.json. */
const char *tl_token_model_type(const tl_token_model *model);
const tl_vocabulary *tl_token_model_vocabulary(const tl_token_model *model);
/* Its tokens, as len(get_vocab()) of `tokenizers` counts them. */
size_t tl_token_model_size(const tl_token_model *model);
/* Its unknown token, or NULL. */
const char *tl_token_model_unk_token(const tl_token_model *model);

/* Appends the ids of a word (valid UTF-8, size >= 1). False: no memory. */
bool tl_token_model_encode(tl_context *context, const tl_token_model *model, tl_token_model_scratch *scratch,
                           const uint8_t *word, size_t size, tl_ids *ids);
void tl_token_model_scratch_free(tl_context *context, tl_token_model_scratch *scratch);

#endif
