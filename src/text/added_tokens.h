/* Added tokens ([CLS], [MASK], what a user adds): found in a text before it is split into words.
 *
 * As in `tokenizers`, there are two sets: tokens that are searched for in the text as it is, and tokens that
 * are normalized themselves and searched for in the normalized text between those. In each set the leftmost,
 * longest match wins. */
#ifndef TL_TEXT_ADDED_TOKENS_H
#define TL_TEXT_ADDED_TOKENS_H

#include "base/json.h"
#include "text/normalizer.h"
#include "text/vocabulary.h"

/* As in tokenizer.json. */
typedef struct tl_added_flags {
  bool single_word; /* not inside a word */
  bool lstrip;      /* takes the white space on its left with it */
  bool rstrip;      /* … and on its right */
  bool normalized;
  bool special; /* left out by decode(skip_special_tokens=True) */
} tl_added_flags;

typedef struct tl_added_token {
  size_t content; /* offset of its text (NUL-terminated) in `text` */
  size_t content_size;
  size_t pattern; /* the same once normalized, if it is to be; this is also what decoding gives */
  size_t pattern_size;
  int32_t id;
  tl_added_flags flags;
} tl_added_token;

/* One of the two sets; trie values are indices of tokens. */
typedef struct tl_added_set {
  tl_trie trie;
  bool begins[256]; /* whether a token begins with this byte */
  bool empty;
} tl_added_set;

typedef struct tl_added_tokens {
  tl_bytes text;
  tl_added_token *tokens; /* ascending by id once finished */
  size_t count;
  size_t capacity;
  tl_trie contents; /* content to index */
  tl_added_set raw;
  tl_added_set normalized;
} tl_added_tokens;

typedef struct tl_added_match {
  size_t begin; /* with the white space that it takes */
  size_t end;
  int32_t id;
} tl_added_match;

/* Adds a token; of equal ones the last one's flags count, but special it is if any was. An empty one is
 * ignored. */
tl_status tl_added_tokens_add(tl_context *context, tl_added_tokens *added, const char *content,
                              tl_added_flags flags);

/* Gives ids (the vocabulary's own, else numbers from `first` on, the model's size, whatever the file says: so
 * `tokenizers` does) and makes it ready for searching. */
tl_status tl_added_tokens_finish(tl_context *context, tl_added_tokens *added, const tl_vocabulary *vocabulary,
                                 size_t first, const tl_normalizer *normalizer);
void tl_added_tokens_free(tl_context *context, tl_added_tokens *added);

/* Reads tokenizer.json's "added_tokens" (absent: none); tl_added_tokens_finish is still to be called. And
 * writes it. */
tl_status tl_added_tokens_read(tl_context *context, const tl_json_value *json, tl_added_tokens *out);
void tl_added_tokens_write(const tl_added_tokens *added, tl_text *out);

/* The token of an id or with a content, or NULL. */
const tl_added_token *tl_added_tokens_of_id(const tl_added_tokens *added, int32_t id);
const tl_added_token *tl_added_tokens_of_content(const tl_added_tokens *added, const char *content,
                                                 size_t size);

/* The next token of a set in valid UTF-8. *cursor is where the search goes on, `taken` the end of the match
 * before (0 at first): white space that one match took is not another's. False: there is none. */
bool tl_added_tokens_find(const tl_added_tokens *added, const tl_added_set *set, const uint8_t *text,
                          size_t size, size_t taken, size_t *cursor, tl_added_match *match);

#endif
