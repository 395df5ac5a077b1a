/* The WordPiece model: a word becomes the longest pieces of the vocabulary, from left to right. */
#ifndef TL_TEXT_WORDPIECE_H
#define TL_TEXT_WORDPIECE_H

#include "base/json.h"
#include "text/vocabulary.h"

typedef struct tl_wordpiece {
  tl_vocabulary vocabulary;
  tl_bytes strings;         /* the two texts below */
  size_t unk_token;         /* offsets into `strings` */
  size_t continuing_prefix; /* what pieces that do not begin a word carry in the vocabulary: "##" */
  int32_t max_input_chars;  /* a word of more characters is unknown */
  int32_t unk_id;
  uint32_t continuing_node; /* where the trie stands after the prefix; TL_TRIE_NONE with `continues` false:
                               nowhere */
  bool continues;
} tl_wordpiece;

/* Takes the settings and finishes the vocabulary, which the caller has filled. TL_ERR_FORMAT if the unknown
 * token is not in it; `where` is the vocabulary's file. */
tl_status tl_wordpiece_finish(tl_context *context, const char *where, tl_wordpiece *model,
                              const char *unk_token, const char *continuing_prefix, int32_t max_input_chars);
void tl_wordpiece_free(tl_context *context, tl_wordpiece *model);

/* Reads tokenizer.json's "model", and writes it. */
tl_status tl_wordpiece_read(tl_context *context, const tl_json_value *json, tl_wordpiece *out);
void tl_wordpiece_write(const tl_wordpiece *model, tl_text *out);

const char *tl_wordpiece_unk_token(const tl_wordpiece *model);
const char *tl_wordpiece_prefix(const tl_wordpiece *model);

/* Appends the ids of a word (valid UTF-8, size >= 1): its pieces, or the unknown token alone if it cannot be
 * built from the vocabulary. False: no memory. */
bool tl_wordpiece_encode(tl_context *context, const tl_wordpiece *model, const uint8_t *word, size_t size,
                         tl_ids *ids);

#endif
