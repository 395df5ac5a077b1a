/* A vocabulary: tokens and their ids, both ways. */
#ifndef TL_TEXT_VOCABULARY_H
#define TL_TEXT_VOCABULARY_H

#include "base/json.h"
#include "text/buffers.h"
#include "text/trie.h"

typedef struct tl_vocabulary_entry {
  size_t start; /* of its text (NUL-terminated) in `text` */
  size_t size;
  int32_t id;
} tl_vocabulary_entry;

typedef struct tl_vocabulary {
  tl_bytes text;
  tl_vocabulary_entry *entries; /* ascending by id once finished */
  size_t count;
  size_t capacity;
  tl_trie trie; /* token to id */
} tl_vocabulary;

/* Adds a token; of equal ones the last counts. Ids are >= 0 and need be neither dense nor distinct (of two
 * tokens with one id the last added is the id's). */
tl_status tl_vocabulary_add(tl_context *context, tl_vocabulary *vocabulary, const char *token, size_t size,
                            int32_t id);

/* Makes it ready for lookups; nothing may be added after. */
tl_status tl_vocabulary_finish(tl_context *context, tl_vocabulary *vocabulary);
void tl_vocabulary_free(tl_context *context, tl_vocabulary *vocabulary);

/* Fills it from the "vocab" of an object of tokenizer.json (tl_vocabulary_finish is still to be called), and
 * writes it so; `where` is the object's place (vocabulary_json.c). */
tl_status tl_vocabulary_read(tl_context *context, const tl_json_value *json, const char *where,
                             tl_vocabulary *out);
void tl_vocabulary_write(const tl_vocabulary *vocabulary, tl_text *out);

/* The id of a token, or -1. */
int32_t tl_vocabulary_id(const tl_vocabulary *vocabulary, const char *token, size_t size);

/* The token of an id (NUL-terminated, *size bytes), or NULL. */
const char *tl_vocabulary_token(const tl_vocabulary *vocabulary, int32_t id, size_t *size);

#endif
