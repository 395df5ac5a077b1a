/* Unigram by Viterbi's algorithm: the best way to each place in the text, then back along it. */
#include "text/unigram.h"

#include <math.h>

#include "base/utf8.h"

static const char what[] = "the Unigram model";

tl_status tl_unigram_add(tl_context *context, tl_unigram *model, const char *piece, size_t size,
                         double score) {
  if (model->count == INT32_MAX)
    return tl_fail(context, TL_ERR_MEMORY, "a vocabulary of %zu tokens is too large", model->count);
  void *pieces = model->pieces;
  const tl_status status =
      tl_memory_grow(context, &pieces, &model->capacity, model->count + 1, sizeof *model->pieces, what);
  if (status != TL_OK)
    return status;
  model->pieces = pieces;
  model->pieces[model->count] = (tl_unigram_piece){.start = model->vocabulary.text.count, .score = score};
  return tl_vocabulary_add(context, &model->vocabulary, piece, size, (int32_t)model->count++);
}

tl_status tl_unigram_finish(tl_context *context, tl_unigram *model, int64_t unk_id) {
  const double penalty = 10.0; /* SentencePiece's */
  if (unk_id < 0 || (uint64_t)unk_id >= model->count)
    return tl_fail(context, TL_ERR_FORMAT,
                   "tokenizer.json: model.unk_id must be the number of a piece below %zu", model->count);
  double least = HUGE_VAL;
  for (size_t id = 0; id < model->count; ++id)
    least = fmin(model->pieces[id].score, least);
  model->unk_score = least - penalty;
  model->unk_id = (int32_t)unk_id;
  const tl_status status = tl_vocabulary_finish(context, &model->vocabulary);
  if (status == TL_OK)
    tl_byte_fallback_find(&model->vocabulary, &model->fallback);
  return status;
}

void tl_unigram_free(tl_context *context, tl_unigram *model) {
  tl_vocabulary_free(context, &model->vocabulary);
  tl_memory_free(context, model->pieces);
}

void tl_unigram_scratch_free(tl_context *context, tl_unigram_scratch *scratch) {
  tl_memory_free(context, scratch->nodes);
  *scratch = (tl_unigram_scratch){0};
}

/* Offers a piece from `start` as the last one of the way to a node: the better one stays, of equals the
 * first. */
static void offer(tl_unigram_node *node, size_t start, int32_t id, double score) {
  if (node->start != SIZE_MAX && !(score > node->score))
    return;
  *node = (tl_unigram_node){.score = score, .start = start, .id = id};
}

/* The best way to each place that a character ends at. */
static void find_ways(const tl_unigram *model, const uint8_t *text, size_t size, tl_unigram_node *nodes) {
  const tl_trie *trie = &model->vocabulary.trie;
  nodes[0] = (tl_unigram_node){.start = SIZE_MAX};
  for (size_t at = 1; at <= size; ++at)
    nodes[at].start = SIZE_MAX;
  for (size_t start = 0, taken; start < size; start += taken) {
    const double so_far = nodes[start].score;
    bool single = false; /* whether a piece stands for this very character */
    tl_utf8_decode(text + start, size - start, &taken);
    uint32_t trie_node = TL_TRIE_ROOT;
    for (size_t at = start; at < size; ++at) {
      trie_node = tl_trie_step(trie, trie_node, text[at]);
      if (trie_node == TL_TRIE_NONE)
        break;
      const int32_t id = trie->nodes[trie_node].value;
      if (id < 0)
        continue;
      offer(&nodes[at + 1], start, id, model->pieces[id].score + so_far);
      single = single || at + 1 == start + taken;
    }
    if (!single)
      offer(&nodes[start + taken], start, model->unk_id, model->unk_score + so_far);
  }
}

/* Appends what stands for a run of unknown characters: a token that happens to be spelt so, its bytes, or the
 * unknown token. */
static void append_unknown(const tl_unigram *model, const uint8_t *text, size_t size, tl_ids *ids) {
  const int32_t id = tl_vocabulary_id(&model->vocabulary, (const char *)text, size);
  if (id < 0 && tl_byte_fallback_covers(&model->fallback, text, size)) {
    for (size_t i = 0; i < size; ++i)
      ids->items[ids->count++] = model->fallback.ids[text[i]];
    return;
  }
  ids->items[ids->count++] = id < 0 ? model->unk_id : id;
}

bool tl_unigram_encode(tl_context *context, const tl_unigram *model, tl_unigram_scratch *scratch,
                       const uint8_t *text, size_t size, tl_ids *ids) {
  void *memory = scratch->nodes;
  if (size == SIZE_MAX || tl_memory_grow(context, &memory, &scratch->capacity, size + 1,
                                         sizeof *scratch->nodes, "a text") != TL_OK)
    return false;
  tl_unigram_node *nodes = memory;
  scratch->nodes = nodes;
  if (!tl_ids_reserve(context, ids, size))
    return false;
  find_ways(model, text, size, nodes);
  for (size_t at = size; at > 0; at = nodes[at].start)
    nodes[nodes[at].start].end = at;
  for (size_t at = 0, end; at < size; at = end) {
    end = nodes[at].end;
    const int32_t id = nodes[end].id;
    if (id != model->unk_id) {
      ids->items[ids->count++] = id;
      continue;
    }
    while (end < size && nodes[nodes[end].end].id == model->unk_id)
      end = nodes[end].end;
    append_unknown(model, text + at, end - at, ids);
  }
  return true;
}
