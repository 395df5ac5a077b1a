/* Byte pair encoding: symbols in a linked list, and a heap of the pairs that may be joined. */
#include "text/bpe.h"

#include <string.h>

#include "base/utf8.h"

static const char what[] = "the BPE model";
static const uint32_t none = UINT32_MAX;

static bool keep_text(tl_context *context, tl_bpe *model, const char *text, tl_bpe_text *out) {
  *out = (tl_bpe_text){.present = text != NULL, .size = text != NULL ? strlen(text) : 0};
  return tl_bytes_append_string(context, &model->strings, text, out->size, &out->start);
}

tl_status tl_bpe_finish_vocabulary(tl_context *context, tl_bpe *model, const char *unk_token,
                                   const char *prefix, const char *suffix) {
  if (!keep_text(context, model, unk_token, &model->unk_token) ||
      !keep_text(context, model, prefix, &model->prefix) ||
      !keep_text(context, model, suffix, &model->suffix))
    return tl_fail_memory(context, what, (double)model->strings.count);
  const tl_status status = tl_vocabulary_finish(context, &model->vocabulary);
  if (status != TL_OK)
    return status;
  for (size_t i = 1; i < model->vocabulary.count; ++i)
    if (model->vocabulary.entries[i].id == model->vocabulary.entries[i - 1].id)
      return tl_fail(context, TL_ERR_UNSUPPORTED,
                     "tokenizer.json: two tokens of the vocabulary have the id %d",
                     (int)model->vocabulary.entries[i].id);
  tl_byte_fallback_find(&model->vocabulary, &model->fallback);
  model->unk_id = -1;
  if (unk_token == NULL)
    return TL_OK;
  model->unk_id = tl_vocabulary_id(&model->vocabulary, unk_token, model->unk_token.size);
  return model->unk_id >= 0
             ? TL_OK
             : tl_fail(context, TL_ERR_FORMAT,
                       "tokenizer.json: the unknown token \"%s\" is not in the vocabulary", unk_token);
}

tl_status tl_bpe_add_merge(tl_context *context, tl_bpe *model, const char *left, size_t left_size,
                           const char *right, size_t right_size) {
  const tl_vocabulary *vocabulary = &model->vocabulary;
  const int32_t left_id = tl_vocabulary_id(vocabulary, left, left_size);
  const int32_t right_id = tl_vocabulary_id(vocabulary, right, right_size);
  int32_t id = -1;
  if (left_id >= 0 && right_id >= 0 && right_size >= model->prefix.size) {
    const size_t cut = model->prefix.size;
    const uint32_t node = tl_trie_walk(&vocabulary->trie, TL_TRIE_ROOT, (const uint8_t *)left, left_size);
    /* Empty tokens lead to the root, which is where the search would begin anyway. */
    const uint32_t end =
        tl_trie_walk(&vocabulary->trie, node, (const uint8_t *)right + cut, right_size - cut);
    id = end != TL_TRIE_NONE ? vocabulary->trie.nodes[end].value : -1;
  }
  if (id < 0)
    return tl_fail(
        context, TL_ERR_FORMAT,
        "tokenizer.json: the merge of \"%.*s\" and \"%.*s\": the two and what they become must be in "
        "the vocabulary",
        (int)left_size, left, (int)right_size, right);
  return tl_merges_add(context, &model->merges, left_id, right_id, id);
}

void tl_bpe_free(tl_context *context, tl_bpe *model) {
  tl_vocabulary_free(context, &model->vocabulary);
  tl_merges_free(context, &model->merges);
  tl_bytes_free(context, &model->strings);
}

void tl_bpe_scratch_free(tl_context *context, tl_bpe_scratch *scratch) {
  tl_memory_free(context, scratch->symbols);
  tl_memory_free(context, scratch->heap);
  tl_bytes_free(context, &scratch->piece);
  *scratch = (tl_bpe_scratch){0};
}

static void add_symbol(tl_bpe_scratch *scratch, int32_t id) {
  const uint32_t at = (uint32_t)scratch->count++;
  scratch->symbols[at] = (tl_bpe_symbol){.id = id, .previous = at > 0 ? at - 1 : none, .next = none};
  if (at > 0)
    scratch->symbols[at - 1].next = at;
}

/* A character as the vocabulary has it: with the prefix inside a word, and the suffix at its end. */
static bool spell(tl_context *context, const tl_bpe *model, const uint8_t **text, size_t *size, bool first,
                  bool last, tl_bytes *piece) {
  const size_t prefix = first ? 0 : model->prefix.size, suffix = last ? model->suffix.size : 0;
  if (prefix == 0 && suffix == 0)
    return true;
  piece->count = 0;
  if (!tl_bytes_append(context, piece, model->strings.items + model->prefix.start, prefix) ||
      !tl_bytes_append(context, piece, *text, *size) ||
      !tl_bytes_append(context, piece, model->strings.items + model->suffix.start, suffix))
    return false;
  *text = piece->items;
  *size = piece->count;
  return true;
}

static bool reserve_symbols(tl_context *context, tl_bpe_scratch *scratch, size_t more) {
  void *symbols = scratch->symbols;
  size_t needed;
  if (__builtin_add_overflow(scratch->count, more, &needed) || needed >= none)
    return false;
  const tl_status status = tl_memory_grow(context, &symbols, &scratch->symbols_capacity, needed,
                                          sizeof *scratch->symbols, "a word");
  scratch->symbols = symbols;
  return status == TL_OK;
}

/* The word's characters as symbols. An unknown one is added when the next known one comes (which is behind
 * the bytes that stand for others), as `tokenizers` does it. */
static bool make_symbols(tl_context *context, const tl_bpe *model, tl_bpe_scratch *scratch,
                         const uint8_t *word, size_t size) {
  bool unknown = false;
  scratch->count = 0;
  for (size_t at = 0, taken; at < size; at += taken) {
    tl_utf8_decode(word + at, size - at, &taken);
    const uint8_t *text = word + at;
    size_t length = taken;
    if (!spell(context, model, &text, &length, at == 0, at + taken == size, &scratch->piece) ||
        !reserve_symbols(context, scratch, length + 2))
      return false;
    const int32_t id = tl_vocabulary_id(&model->vocabulary, (const char *)text, length);
    if (id >= 0) {
      if (unknown)
        add_symbol(scratch, model->unk_id);
      unknown = false;
      add_symbol(scratch, id);
    } else if (tl_byte_fallback_covers(&model->fallback, text, length)) {
      for (size_t i = 0; i < length; ++i)
        add_symbol(scratch, model->fallback.ids[text[i]]);
    } else if (model->unk_id >= 0) {
      if (unknown && !model->fuse_unk)
        add_symbol(scratch, model->unk_id);
      unknown = true;
    }
  }
  if (unknown)
    add_symbol(scratch, model->unk_id);
  return true;
}

static void sift_down(tl_bpe_candidate *heap, size_t count, size_t at) {
  const tl_bpe_candidate moved = heap[at];
  for (size_t child; (child = 2 * at + 1) < count; at = child) {
    child += child + 1 < count && heap[child + 1].key < heap[child].key;
    if (heap[child].key >= moved.key)
      break;
    heap[at] = heap[child];
  }
  heap[at] = moved;
}

static void push(tl_bpe_scratch *scratch, tl_bpe_candidate candidate) {
  size_t at = scratch->heap_count++;
  for (; at > 0 && scratch->heap[(at - 1) / 2].key > candidate.key; at = (at - 1) / 2)
    scratch->heap[at] = scratch->heap[(at - 1) / 2];
  scratch->heap[at] = candidate;
}

static tl_bpe_candidate pop(tl_bpe_scratch *scratch) {
  const tl_bpe_candidate top = scratch->heap[0];
  scratch->heap[0] = scratch->heap[--scratch->heap_count];
  if (scratch->heap_count > 0)
    sift_down(scratch->heap, scratch->heap_count, 0);
  return top;
}

/* The merge of the pair that begins at symbol `at`, or NULL. */
static const tl_merge *merge_at(const tl_bpe *model, const tl_bpe_scratch *scratch, uint32_t at) {
  const tl_bpe_symbol *symbol = &scratch->symbols[at];
  if (symbol->id < 0 || symbol->next == none)
    return NULL;
  return tl_merges_find(&model->merges, symbol->id, scratch->symbols[symbol->next].id);
}

/* Offers that pair, if there is one that may be joined. */
static void offer(const tl_bpe *model, tl_bpe_scratch *scratch, uint32_t at) {
  const tl_merge *merge = merge_at(model, scratch, at);
  if (merge != NULL)
    push(scratch, (tl_bpe_candidate){.key = (uint64_t)merge->rank << 32 | at, .id = merge->id});
}

/* Joins pairs, least rank first, leftmost first. Every join takes one symbol away and offers two pairs at
 * most, which bounds the heap. */
static bool join_pairs(tl_context *context, const tl_bpe *model, tl_bpe_scratch *scratch) {
  void *heap = scratch->heap;
  const tl_status status = scratch->count > SIZE_MAX / 3
                               ? TL_ERR_MEMORY
                               : tl_memory_grow(context, &heap, &scratch->heap_capacity, 3 * scratch->count,
                                                sizeof *scratch->heap, "a word");
  scratch->heap = heap;
  if (status != TL_OK)
    return false;
  scratch->heap_count = 0;
  for (uint32_t at = 0; at < scratch->count; ++at)
    offer(model, scratch, at);
  while (scratch->heap_count > 0) {
    const tl_bpe_candidate top = pop(scratch);
    const uint32_t at = (uint32_t)top.key;
    const tl_merge *merge = merge_at(model, scratch, at);
    if (merge == NULL || merge->id != top.id) /* one of the two was joined to another since */
      continue;
    tl_bpe_symbol *symbol = &scratch->symbols[at];
    tl_bpe_symbol *right = &scratch->symbols[symbol->next];
    symbol->id = top.id;
    symbol->next = right->next;
    right->id = -1;
    if (symbol->next != none)
      scratch->symbols[symbol->next].previous = at;
    if (symbol->previous != none)
      offer(model, scratch, symbol->previous);
    offer(model, scratch, at);
  }
  return true;
}

bool tl_bpe_encode(tl_context *context, const tl_bpe *model, tl_bpe_scratch *scratch, const uint8_t *word,
                   size_t size, tl_ids *ids) {
  if (model->ignore_merges) {
    const int32_t id = tl_vocabulary_id(&model->vocabulary, (const char *)word, size);
    if (id >= 0) {
      if (!tl_ids_reserve(context, ids, 1))
        return false;
      ids->items[ids->count++] = id;
      return true;
    }
  }
  if (!make_symbols(context, model, scratch, word, size))
    return false;
  if (scratch->count == 0)
    return true;
  if (!join_pairs(context, model, scratch) || !tl_ids_reserve(context, ids, scratch->count))
    return false;
  for (uint32_t at = 0; at != none; at = scratch->symbols[at].next)
    ids->items[ids->count++] = scratch->symbols[at].id;
  return true;
}
