/* WordPiece: greedy longest match, first from the root of the vocabulary's trie, then from behind the prefix.
 */
#include "text/wordpiece.h"

#include <string.h>

static const char what[] = "the WordPiece model";

tl_status tl_wordpiece_finish(tl_context *context, const char *where, tl_wordpiece *model,
                              const char *unk_token, const char *continuing_prefix, int32_t max_input_chars) {
  const size_t unk_size = strlen(unk_token), prefix_size = strlen(continuing_prefix);
  if (!tl_bytes_append_string(context, &model->strings, unk_token, unk_size, &model->unk_token) ||
      !tl_bytes_append_string(context, &model->strings, continuing_prefix, prefix_size,
                              &model->continuing_prefix))
    return tl_fail_memory(context, what, (double)unk_size + (double)prefix_size);
  model->max_input_chars = max_input_chars;
  const tl_status status = tl_vocabulary_finish(context, &model->vocabulary);
  if (status != TL_OK)
    return status;
  model->unk_id = tl_vocabulary_id(&model->vocabulary, unk_token, unk_size);
  if (model->unk_id < 0)
    return tl_fail(context, TL_ERR_FORMAT, "%s: the unknown token \"%s\" is not in the vocabulary", where,
                   unk_token);
  model->continuing_node =
      tl_trie_walk(&model->vocabulary.trie, TL_TRIE_ROOT, (const uint8_t *)continuing_prefix, prefix_size);
  model->continues = model->continuing_node != TL_TRIE_NONE || prefix_size == 0;
  return TL_OK;
}

void tl_wordpiece_free(tl_context *context, tl_wordpiece *model) {
  tl_vocabulary_free(context, &model->vocabulary);
  tl_bytes_free(context, &model->strings);
}

const char *tl_wordpiece_unk_token(const tl_wordpiece *model) {
  return (const char *)model->strings.items + model->unk_token;
}

const char *tl_wordpiece_prefix(const tl_wordpiece *model) {
  return (const char *)model->strings.items + model->continuing_prefix;
}

/* Whether the word has more than `limit` characters. */
static bool longer_than(const uint8_t *word, size_t size, size_t limit) {
  if (size <= limit)
    return false;
  size_t characters = 0;
  for (size_t i = 0; i < size; ++i)
    characters += (word[i] & 0xC0) != 0x80; /* every byte but UTF-8's continuing ones begins a character */
  return characters > limit;
}

/* Appends the word's pieces to ids, which have room; false if it cannot be built from the vocabulary. */
static bool append_pieces(const tl_wordpiece *model, const uint8_t *word, size_t size, tl_ids *ids) {
  const tl_trie *trie = &model->vocabulary.trie;
  size_t length = 0;
  /* Keys and words are valid UTF-8, so a match can only end where a character ends. */
  for (size_t at = 0; at < size; at += length) {
    if (at > 0 && !model->continues)
      return false;
    const uint32_t from = at == 0 ? (uint32_t)TL_TRIE_ROOT : model->continuing_node;
    const int32_t id = tl_trie_longest(trie, from, word + at, size - at, &length);
    if (id < 0)
      return false;
    ids->items[ids->count++] = id;
  }
  return true;
}

bool tl_wordpiece_encode(tl_context *context, const tl_wordpiece *model, const uint8_t *word, size_t size,
                         tl_ids *ids) {
  if (!tl_ids_reserve(context, ids, size))
    return false;
  const size_t before = ids->count;
  if (longer_than(word, size, (size_t)model->max_input_chars) || !append_pieces(model, word, size, ids)) {
    ids->count = before;
    ids->items[ids->count++] = model->unk_id;
  }
  return true;
}
