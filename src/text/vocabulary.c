/* Vocabulary: all texts in one block, entries sorted by id, a trie for the way back. */
#include "text/vocabulary.h"

#include <stdlib.h>

tl_status tl_vocabulary_add(tl_context *context, tl_vocabulary *vocabulary, const char *token, size_t size,
                            int32_t id) {
  void *entries = vocabulary->entries;
  const tl_status status = tl_memory_grow(context, &entries, &vocabulary->capacity, vocabulary->count + 1,
                                          sizeof *vocabulary->entries, "the vocabulary");
  if (status != TL_OK)
    return status;
  vocabulary->entries = entries;
  tl_vocabulary_entry entry = {.size = size, .id = id};
  if (!tl_bytes_append_string(context, &vocabulary->text, token, size, &entry.start))
    return tl_fail_memory(context, "the vocabulary", (double)vocabulary->text.count + (double)size);
  vocabulary->entries[vocabulary->count++] = entry;
  return TL_OK;
}

/* By id; of equal ids, in the order they were added (which is the order of their texts). */
static int compare_ids(const void *left, const void *right) {
  const tl_vocabulary_entry *a = left, *b = right;
  if (a->id != b->id)
    return a->id < b->id ? -1 : 1;
  return a->start < b->start ? -1 : a->start > b->start;
}

static tl_trie_key key_of(const tl_vocabulary *vocabulary, size_t entry) {
  const tl_vocabulary_entry *it = &vocabulary->entries[entry];
  return (tl_trie_key){
      .bytes = vocabulary->text.items + it->start, .size = it->size, .value = (int32_t)entry};
}

/* Drops all but the last of equal tokens; `trie` maps a token to the index of its last entry. */
static void drop_replaced(tl_vocabulary *vocabulary, const tl_trie *trie) {
  size_t kept = 0;
  for (size_t i = 0; i < vocabulary->count; ++i) {
    const tl_trie_key key = key_of(vocabulary, i);
    if (tl_trie_find(trie, key.bytes, key.size) == (int32_t)i)
      vocabulary->entries[kept++] = vocabulary->entries[i];
  }
  vocabulary->count = kept;
}

/* Makes the trie's values the tokens' ids instead of their indices among the entries. */
static void values_to_ids(tl_vocabulary *vocabulary, tl_trie *trie) {
  for (size_t i = 0; i < vocabulary->count; ++i) {
    const tl_trie_key key = key_of(vocabulary, i);
    const uint32_t node = tl_trie_walk(trie, TL_TRIE_ROOT, key.bytes, key.size);
    trie->nodes[node].value = vocabulary->entries[i].id;
  }
}

tl_status tl_vocabulary_finish(tl_context *context, tl_vocabulary *vocabulary) {
  const size_t count = vocabulary->count;
  if (count > INT32_MAX)
    return tl_fail(context, TL_ERR_MEMORY, "a vocabulary of %zu tokens is too large", count);
  tl_trie_key *keys = tl_memory_alloc(context, count, sizeof *keys);
  if (keys == NULL)
    return tl_fail_memory(context, "the vocabulary", (double)count * (double)sizeof *keys);
  for (size_t i = 0; i < count; ++i)
    keys[i] = key_of(vocabulary, i);
  const tl_status status = tl_trie_build(context, "the vocabulary's tokens", keys, count, &vocabulary->trie);
  tl_memory_free(context, keys);
  if (status != TL_OK)
    return status;
  drop_replaced(vocabulary, &vocabulary->trie);
  values_to_ids(vocabulary, &vocabulary->trie);
  if (vocabulary->count > 0)
    qsort(vocabulary->entries, vocabulary->count, sizeof *vocabulary->entries, compare_ids);
  return TL_OK;
}

void tl_vocabulary_free(tl_context *context, tl_vocabulary *vocabulary) {
  tl_bytes_free(context, &vocabulary->text);
  tl_memory_free(context, vocabulary->entries);
  tl_trie_free(context, &vocabulary->trie);
  *vocabulary = (tl_vocabulary){0};
}

int32_t tl_vocabulary_id(const tl_vocabulary *vocabulary, const char *token, size_t size) {
  return tl_trie_find(&vocabulary->trie, (const uint8_t *)token, size);
}

const char *tl_vocabulary_token(const tl_vocabulary *vocabulary, int32_t id, size_t *size) {
  size_t low = 0, high = vocabulary->count; /* the first entry above the id */
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    if (vocabulary->entries[middle].id <= id)
      low = middle + 1;
    else
      high = middle;
  }
  if (low == 0 || vocabulary->entries[low - 1].id != id)
    return NULL;
  const tl_vocabulary_entry *entry = &vocabulary->entries[low - 1];
  *size = entry->size;
  return (const char *)vocabulary->text.items + entry->start;
}
