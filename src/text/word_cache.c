/* A direct-mapped table of words; see word_cache.h. */
#include "text/word_cache.h"

#include <string.h>

enum { ENTRIES = 1 << 13 };

static size_t place(const uint8_t *word, size_t size) {
  const uint64_t odd = 0x9E3779B97F4A7C15u; /* 2^64 divided by the golden ratio */
  uint64_t hash = size;
  for (size_t at = 0; at < size; at += sizeof hash) {
    uint64_t part = 0;
    const size_t left = size - at;
    memcpy(&part, word + at, left < sizeof part ? left : sizeof part);
    hash = (hash ^ part) * odd;
    hash ^= hash >> 32;
  }
  return hash % ENTRIES;
}

void tl_word_cache_free(tl_context *context, tl_word_cache *cache) {
  tl_memory_free(context, cache->entries);
  cache->entries = NULL;
}

bool tl_word_cache_get(const tl_word_cache *cache, const uint8_t *word, size_t size, tl_ids *ids) {
  if (cache->entries == NULL || size > TL_CACHED_WORD)
    return false;
  const tl_word_entry *entry = &cache->entries[place(word, size)];
  if (entry->size != size || memcmp(entry->word, word, size) != 0)
    return false;
  for (size_t i = 0; i < entry->count; ++i)
    ids->items[ids->count++] = entry->ids[i];
  return true;
}

bool tl_word_cache_put(tl_context *context, tl_word_cache *cache, const uint8_t *word, size_t size,
                       const int32_t *ids, size_t count) {
  if (size == 0 || size > TL_CACHED_WORD || count > TL_CACHED_IDS)
    return true;
  if (cache->entries == NULL) {
    cache->entries = tl_memory_alloc(context, ENTRIES, sizeof *cache->entries);
    if (cache->entries == NULL) {
      tl_fail_memory(context, "the cache of words", (double)ENTRIES * (double)sizeof *cache->entries);
      return false;
    }
  }
  tl_word_entry *entry = &cache->entries[place(word, size)];
  entry->size = (uint8_t)size;
  entry->count = (uint8_t)count;
  memcpy(entry->word, word, size);
  for (size_t i = 0; i < count; ++i)
    entry->ids[i] = ids[i];
  return true;
}
