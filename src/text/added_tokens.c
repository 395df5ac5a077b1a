/* Collecting added tokens: ids, normalized forms, look-ups by id and content. Searching is in
 * added_tokens_find.c. */
#include "text/added_tokens.h"

#include <stdlib.h>
#include <string.h>

static const char what[] = "the added tokens";

tl_status tl_added_tokens_add(tl_context *context, tl_added_tokens *added, const char *content,
                              tl_added_flags flags) {
  if (content[0] == '\0')
    return TL_OK;
  void *tokens = added->tokens;
  const tl_status status =
      tl_memory_grow(context, &tokens, &added->capacity, added->count + 1, sizeof *added->tokens, what);
  if (status != TL_OK)
    return status;
  added->tokens = tokens;
  tl_added_token token = {.content_size = strlen(content), .id = -1, .flags = flags};
  if (!tl_bytes_append_string(context, &added->text, content, token.content_size, &token.content))
    return tl_fail_memory(context, what, (double)added->text.count + (double)token.content_size);
  token.pattern = token.content;
  token.pattern_size = token.content_size;
  added->tokens[added->count++] = token;
  return TL_OK;
}

/* Which text of a token a trie is made of, and of which tokens. */
typedef enum key_choice { KEY_CONTENTS, KEY_RAW_PATTERNS, KEY_NORMALIZED_PATTERNS } key_choice;

static tl_status build_trie(tl_context *context, const tl_added_tokens *added, key_choice choice,
                            tl_trie *out) {
  tl_trie_key *keys = tl_memory_alloc(context, added->count, sizeof *keys);
  if (keys == NULL) {
    tl_fail_memory(context, what, (double)added->count * (double)sizeof *keys);
    return TL_ERR_MEMORY;
  }
  size_t count = 0;
  for (size_t i = 0; i < added->count; ++i) {
    const tl_added_token *token = &added->tokens[i];
    if (choice != KEY_CONTENTS && token->flags.normalized != (choice == KEY_NORMALIZED_PATTERNS))
      continue;
    const bool content = choice == KEY_CONTENTS;
    keys[count++] = (tl_trie_key){.bytes = added->text.items + (content ? token->content : token->pattern),
                                  .size = content ? token->content_size : token->pattern_size,
                                  .value = (int32_t)i};
  }
  const tl_status status = tl_trie_build(context, what, keys, count, out);
  tl_memory_free(context, keys);
  return status;
}

/* Of tokens added twice keeps the last, in the place of the first. `last` maps a content to its last index.
 */
static void drop_repeated(tl_added_tokens *added, tl_trie *last) {
  size_t kept = 0;
  for (size_t i = 0; i < added->count; ++i) {
    tl_added_token token = added->tokens[i];
    const uint32_t node =
        tl_trie_walk(last, TL_TRIE_ROOT, added->text.items + token.content, token.content_size);
    const size_t at = (size_t)last->nodes[node].value;
    if (at < kept) { /* seen before: its node was pointed at the place where it is kept */
      token.flags.special = token.flags.special || added->tokens[at].flags.special;
      added->tokens[at] = token;
    } else {
      last->nodes[node].value = (int32_t)kept;
      added->tokens[kept++] = token;
    }
  }
  added->count = kept;
}

/* The vocabulary's ids, and numbers from `first` on for tokens that it does not have. */
static tl_status give_ids(tl_context *context, tl_added_tokens *added, const tl_vocabulary *vocabulary,
                          size_t first) {
  if (added->count > INT32_MAX - first)
    return tl_fail(context, TL_ERR_MEMORY, "%zu added tokens are too many", added->count);
  int32_t next = (int32_t)first;
  for (size_t i = 0; i < added->count; ++i) {
    tl_added_token *token = &added->tokens[i];
    const char *content = (const char *)added->text.items + token->content;
    token->id = tl_vocabulary_id(vocabulary, content, token->content_size);
    if (token->id < 0)
      token->id = next++;
  }
  return TL_OK;
}

static bool normalize_patterns(tl_context *context, tl_added_tokens *added, const tl_normalizer *normalizer) {
  tl_normalizer_scratch scratch = {0};
  bool enough = true;
  for (size_t i = 0; enough && i < added->count; ++i) {
    tl_added_token *token = &added->tokens[i];
    if (!token->flags.normalized || normalizer->count == 0)
      continue;
    const uint8_t *text = added->text.items + token->content;
    enough = tl_normalizer_run(context, normalizer, &scratch, text, token->content_size, &text,
                               &token->pattern_size) &&
             tl_bytes_append_string(context, &added->text, text, token->pattern_size, &token->pattern);
  }
  tl_normalizer_scratch_free(context, &scratch);
  return enough;
}

static tl_status build_set(tl_context *context, const tl_added_tokens *added, key_choice choice,
                           tl_added_set *set) {
  const tl_status status = build_trie(context, added, choice, &set->trie);
  if (status != TL_OK)
    return status;
  for (int byte = 0; byte < 256; ++byte)
    set->begins[byte] = tl_trie_step(&set->trie, TL_TRIE_ROOT, (uint8_t)byte) != TL_TRIE_NONE;
  set->empty = set->trie.nodes[TL_TRIE_ROOT].children == 0;
  return TL_OK;
}

static int compare_ids(const void *left, const void *right) {
  const tl_added_token *a = left, *b = right;
  if (a->id != b->id)
    return a->id < b->id ? -1 : 1;
  return a->content < b->content ? -1 : a->content > b->content;
}

tl_status tl_added_tokens_finish(tl_context *context, tl_added_tokens *added, const tl_vocabulary *vocabulary,
                                 size_t first, const tl_normalizer *normalizer) {
  tl_trie last = {0};
  tl_status status = build_trie(context, added, KEY_CONTENTS, &last);
  if (status != TL_OK)
    return status;
  drop_repeated(added, &last);
  tl_trie_free(context, &last);
  status = give_ids(context, added, vocabulary, first);
  if (status != TL_OK)
    return status;
  if (!normalize_patterns(context, added, normalizer))
    return tl_fail_memory(context, what, (double)added->text.count);
  if (added->count > 0)
    qsort(added->tokens, added->count, sizeof *added->tokens, compare_ids);
  status = build_trie(context, added, KEY_CONTENTS, &added->contents);
  if (status == TL_OK)
    status = build_set(context, added, KEY_RAW_PATTERNS, &added->raw);
  if (status == TL_OK)
    status = build_set(context, added, KEY_NORMALIZED_PATTERNS, &added->normalized);
  return status;
}

void tl_added_tokens_free(tl_context *context, tl_added_tokens *added) {
  tl_bytes_free(context, &added->text);
  tl_memory_free(context, added->tokens);
  tl_trie_free(context, &added->contents);
  tl_trie_free(context, &added->raw.trie);
  tl_trie_free(context, &added->normalized.trie);
  *added = (tl_added_tokens){0};
}

const tl_added_token *tl_added_tokens_of_id(const tl_added_tokens *added, int32_t id) {
  size_t low = 0, high = added->count; /* the first token above the id */
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    if (added->tokens[middle].id <= id)
      low = middle + 1;
    else
      high = middle;
  }
  return low > 0 && added->tokens[low - 1].id == id ? &added->tokens[low - 1] : NULL;
}

const tl_added_token *tl_added_tokens_of_content(const tl_added_tokens *added, const char *content,
                                                 size_t size) {
  const int32_t index = tl_trie_find(&added->contents, (const uint8_t *)content, size);
  return index < 0 ? NULL : &added->tokens[index];
}
