/* Byte pair encoding: a word's characters, joined pair by pair in the order of the merges. */
#ifndef TL_TEXT_BPE_H
#define TL_TEXT_BPE_H

#include "base/json.h"
#include "text/byte_fallback.h"
#include "text/merges.h"
#include "text/word_cache.h"

/* A text that may be null in tokenizer.json. */
typedef struct tl_bpe_text {
  bool present;
  size_t start; /* offset into `strings` */
  size_t size;
} tl_bpe_text;

typedef struct tl_bpe {
  tl_vocabulary vocabulary;
  tl_merges merges;
  tl_bytes strings; /* the three texts below */
  tl_bpe_text unk_token;
  tl_bpe_text prefix; /* continuing_subword_prefix: what characters inside a word carry in the vocabulary */
  tl_bpe_text suffix; /* end_of_word_suffix: what a word's last character carries */
  int32_t unk_id;     /* -1: none; characters that are not in the vocabulary are left out */
  bool fuse_unk;      /* unknown characters in a row are one */
  bool ignore_merges; /* a word that is in the vocabulary is one token, whatever the merges make of it */
  tl_byte_fallback fallback;
} tl_bpe;

typedef struct tl_bpe_symbol {
  int32_t id; /* -1: joined to one before it */
  uint32_t previous;
  uint32_t next;
} tl_bpe_symbol;

/* A pair that may be joined, where it begins. */
typedef struct tl_bpe_candidate {
  uint64_t key; /* rank, then position: the least goes first */
  int32_t id;
} tl_bpe_candidate;

/* What encoding works in; one for each thread. */
typedef struct tl_bpe_scratch {
  tl_bpe_symbol *symbols;
  size_t count;
  size_t symbols_capacity;
  tl_bpe_candidate *heap;
  size_t heap_count;
  size_t heap_capacity;
  tl_bytes piece;
} tl_bpe_scratch;

/* Takes the texts (NULL: null) and finishes the vocabulary, which the caller has filled; the merges follow.
 * TL_ERR_FORMAT if the unknown token is not in it. */
tl_status tl_bpe_finish_vocabulary(tl_context *context, tl_bpe *model, const char *unk_token,
                                   const char *prefix, const char *suffix);
/* Adds the next merge by its tokens' texts; TL_ERR_FORMAT if one of them, or what they become, is no token.
 * tl_merges_finish is still to be called. */
tl_status tl_bpe_add_merge(tl_context *context, tl_bpe *model, const char *left, size_t left_size,
                           const char *right, size_t right_size);
void tl_bpe_free(tl_context *context, tl_bpe *model);

/* Reads tokenizer.json's "model", and writes it (bpe_json.c). */
tl_status tl_bpe_read(tl_context *context, const tl_json_value *json, tl_bpe *out);
void tl_bpe_write(const tl_bpe *model, tl_text *out);

/* Appends the ids of a word (valid UTF-8, size >= 1). n log n in the word's length. False: no memory. */
bool tl_bpe_encode(tl_context *context, const tl_bpe *model, tl_bpe_scratch *scratch, const uint8_t *word,
                   size_t size, tl_ids *ids);
void tl_bpe_scratch_free(tl_context *context, tl_bpe_scratch *scratch);

#endif
