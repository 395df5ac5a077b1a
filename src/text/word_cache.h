/* Short words and the ids they became, so that a word that was seen is not worked out again.
 *
 * Each word has one place, where it takes the place of another: what is in the cache changes how fast a word
 * is encoded, never to what, and hostile words can do no more than miss it. */
#ifndef TL_TEXT_WORD_CACHE_H
#define TL_TEXT_WORD_CACHE_H

#include "text/buffers.h"

enum { TL_CACHED_WORD = 30, TL_CACHED_IDS = 8 };

typedef struct tl_word_entry {
  uint8_t size; /* 0: empty */
  uint8_t count;
  uint8_t word[TL_CACHED_WORD];
  int32_t ids[TL_CACHED_IDS];
} tl_word_entry;

typedef struct tl_word_cache {
  tl_word_entry *entries; /* NULL until the first word is put */
} tl_word_cache;

void tl_word_cache_free(tl_context *context, tl_word_cache *cache);

/* Appends the word's ids, if it is there. False: it is not. `ids` has room for TL_CACHED_IDS. */
bool tl_word_cache_get(const tl_word_cache *cache, const uint8_t *word, size_t size, tl_ids *ids);

/* Keeps a word, unless it or its ids are too long. False: no memory. */
bool tl_word_cache_put(tl_context *context, tl_word_cache *cache, const uint8_t *word, size_t size,
                       const int32_t *ids, size_t count);

#endif
