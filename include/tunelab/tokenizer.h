/* Text to ids and back, equal to Hugging Face's fast tokenizers.
 *
 *   tl_tokenizer *tok;
 *   tl_tokenizer_create(context, json, json_size, &tok);            // tokenizer.json
 *   tl_encoding *enc;
 *   tl_encoding_create(context, &enc);
 *   tl_encode_options opt = {
 *       .add_special_tokens = 1, .truncation = TL_TRUNCATE_LONGEST_FIRST, .max_length = 128};
 *   tl_tokenizer_encode(tok, n, text, ends, NULL, NULL, &opt, enc);
 *   const int32_t *ids = tl_encoding_ids(enc);                      // rows end to end
 *   const int32_t *offsets = tl_encoding_offsets(enc);              // row i is offsets[i] .. offsets[i + 1]
 *
 * Text is any bytes: invalid UTF-8 becomes U+FFFD as Python's bytes.decode(errors="replace") makes it. */
#ifndef TUNELAB_TOKENIZER_H
#define TUNELAB_TOKENIZER_H

#include "tunelab/context.h"

typedef struct tl_tokenizer tl_tokenizer;
typedef struct tl_encoding tl_encoding;

/* How a row (or pair) longer than max_length is cut; names as in transformers' `truncation` argument. */
typedef enum tl_truncation {
  TL_TRUNCATE_NONE = 0,
  TL_TRUNCATE_LONGEST_FIRST = 1, /* the longer of the two; if both must be cut, in halves (tokenizers' way) */
  TL_TRUNCATE_ONLY_FIRST = 2,
  TL_TRUNCATE_ONLY_SECOND = 3,
} tl_truncation;

/* BERT's choices where only a vocabulary is given (transformers' BertTokenizer arguments, whose defaults
 * stand on the right). */
typedef struct tl_bert_options {
  int32_t do_lower_case;          /* 1 */
  int32_t tokenize_chinese_chars; /* 1 */
  int32_t strip_accents;          /* -1: as do_lower_case; 0 no; 1 yes */
} tl_bert_options;

typedef struct tl_encode_options {
  int32_t add_special_tokens; /* 1: [CLS] A [SEP] (B [SEP]) through the post-processor; 0: none */
  int32_t truncation;         /* a tl_truncation */
  int32_t max_length;         /* tokens with the special ones; read only if truncation is not NONE */
} tl_encode_options;

/* Reads tokenizer.json (a copy is made of what is needed): WordPiece, BPE and Unigram models with the
 * components that published encoders use (src/text/README.md). The caller owns the tokenizer. TL_ERR_FORMAT
 * for bytes that are no such file, TL_ERR_UNSUPPORTED naming the component for a kind of tokenizer that is
 * not known, TL_ERR_MISMATCH if the post-processor adds an id that is no token's. The file's own truncation
 * and padding are left aside, as transformers leaves them where a call does not ask for any. */
TL_API tl_status tl_tokenizer_create(tl_context *context, const uint8_t *json, size_t size,
                                     tl_tokenizer **out);

/* Reads vocab.txt: one token a line, its line number the id. [UNK] [CLS] [SEP] [PAD] [MASK] must be in it;
 * they are its special tokens. */
TL_API tl_status tl_tokenizer_create_from_vocab(tl_context *context, const uint8_t *vocab, size_t size,
                                                const tl_bert_options *options, tl_tokenizer **out);
TL_API void tl_tokenizer_free(tl_tokenizer *tokenizer);

/* A JSON object: {"vocab_size": the model's tokens, "length": those and the added ones (Python's
 * len(tokenizer)), "model": "WordPiece", "BPE" or "Unigram", "special_tokens": {"pad_token": "[PAD]", …},
 * "pad_token_id", "unk_token_id", "cls_token_id", "sep_token_id", "mask_token_id"} (null where absent).
 * tokenizer.json does not tell the special tokens' parts: unk_token is the model's, the others are those of
 * BERT's names. Owned by the tokenizer. */
TL_API const char *tl_tokenizer_describe(const tl_tokenizer *tokenizer);

/* The tokenizer as tokenizer.json bytes, to be saved beside a model. *bytes is owned by the tokenizer. */
TL_API tl_status tl_tokenizer_save(tl_tokenizer *tokenizer, const uint8_t **bytes, size_t *size);

/* An empty result, reused from call to call; it owns the arrays below until the next encode into it. */
TL_API tl_status tl_encoding_create(tl_context *context, tl_encoding **out);
TL_API void tl_encoding_free(tl_encoding *encoding);
TL_API int32_t tl_encoding_rows(const tl_encoding *encoding);
/* rows + 1 of them, from 0. */
TL_API const int32_t *tl_encoding_offsets(const tl_encoding *encoding);
/* offsets[rows] of each: the ids; the token types (BERT: 0 for A, 1 for B); 1 for what add_special_tokens
 * added. */
TL_API const int32_t *tl_encoding_ids(const tl_encoding *encoding);
TL_API const int32_t *tl_encoding_type_ids(const tl_encoding *encoding);
TL_API const uint8_t *tl_encoding_special_mask(const tl_encoding *encoding);

/* Encodes n rows. Row i of the texts is text[ends[i-1] .. ends[i]) (from 0 for the first); `pair` and
 * `pair_ends` likewise, or both NULL for single texts. Runs on the context's threads; the result does not
 * depend on them. TL_ERR_ARGUMENT if the ends do not ascend, if max_length cannot hold the special tokens, or
 * if only_first/only_second cannot cut enough (the sentence names the row). */
TL_API tl_status tl_tokenizer_encode(tl_tokenizer *tokenizer, int32_t n, const uint8_t *text,
                                     const uint32_t *ends, const uint8_t *pair, const uint32_t *pair_ends,
                                     const tl_encode_options *options, tl_encoding *out);

/* The text of ids[n] as `decode(ids, skip_special_tokens, clean_up_tokenization_spaces)` of
 * tokenizers/transformers gives it: BPE's blanks are the text's own, and clean_up leaves them. *text is owned
 * by the tokenizer, not NUL-terminated, valid until the next decode. Unknown ids are left out. */
TL_API tl_status tl_tokenizer_decode(tl_tokenizer *tokenizer, const int32_t *ids, int32_t n,
                                     bool skip_special_tokens, bool clean_up, const uint8_t **text,
                                     size_t *size);

/* The token of an id (NUL-terminated, owned by the tokenizer), or NULL: as in the vocabulary, but an added
 * token that is matched in normalized text in its normalized form, as tokenizers gives it. The id of a token,
 * or -1. */
TL_API const char *tl_tokenizer_id_to_token(const tl_tokenizer *tokenizer, int32_t id);
TL_API int32_t tl_tokenizer_token_to_id(const tl_tokenizer *tokenizer, const uint8_t *token, size_t size);

#endif
