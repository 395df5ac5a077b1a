/* A list of words: their texts end to end. What pre-tokenizers and decoders hand on from step to step. */
#ifndef TL_TEXT_WORDS_H
#define TL_TEXT_WORDS_H

#include "text/buffers.h"

typedef struct tl_words {
  tl_bytes text;
  size_t *ends; /* word i is text[ends[i - 1] .. ends[i]) (from 0 for the first) */
  size_t count;
  size_t capacity;
} tl_words;

void tl_words_clear(tl_words *words);
void tl_words_free(tl_context *context, tl_words *words);

/* Ends a word where the text ends now. Appends a whole word. False: no memory. */
bool tl_words_close(tl_context *context, tl_words *words);
bool tl_words_append(tl_context *context, tl_words *words, const void *word, size_t size);

static inline size_t tl_words_begin(const tl_words *words, size_t word) {
  return word > 0 ? words->ends[word - 1] : 0;
}

static inline const uint8_t *tl_words_at(const tl_words *words, size_t word, size_t *size) {
  const size_t begin = tl_words_begin(words, word);
  *size = words->ends[word] - begin;
  return words->text.items + begin;
}

#endif
