/* Choosing among the kinds of models, and remembering the words that cost work. */
#include "text/token_model.h"

#include <string.h>

#include "text/json_fields.h"

static const struct {
  const char *type;
  tl_token_model_kind kind;
  const char *field; /* only this kind has it: files of early versions name no type */
} kinds[] = {
    {"BPE", TL_MODEL_BPE, "merges"},
    {"WordPiece", TL_MODEL_WORDPIECE, "max_input_chars_per_word"},
    {"Unigram", TL_MODEL_UNIGRAM, "unk_id"},
};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

static tl_status find_kind(tl_context *context, const tl_json_value *json, tl_token_model_kind *out) {
  const bool untyped = tl_json_kind_of(json) == TL_JSON_OBJECT && tl_json_get(json, "type") == NULL;
  for (int i = 0; untyped && i < KINDS; ++i) {
    if (tl_json_get(json, kinds[i].field) != NULL) {
      *out = kinds[i].kind;
      return TL_OK;
    }
  }
  const char *type = NULL;
  const tl_status status = tl_component_type(context, json, "model", &type);
  if (status != TL_OK)
    return status;
  for (int i = 0; i < KINDS; ++i) {
    if (strcmp(type, kinds[i].type) == 0) {
      *out = kinds[i].kind;
      return TL_OK;
    }
  }
  return tl_component_unknown(context, "model", type, "WordPiece, BPE, Unigram");
}

tl_status tl_token_model_read(tl_context *context, const tl_json_value *json, tl_token_model *out) {
  const tl_status status = find_kind(context, json, &out->kind);
  if (status != TL_OK)
    return status;
  switch (out->kind) {
  case TL_MODEL_WORDPIECE:
    return tl_wordpiece_read(context, json, &out->wordpiece);
  case TL_MODEL_BPE:
    return tl_bpe_read(context, json, &out->bpe);
  case TL_MODEL_UNIGRAM:
    return tl_unigram_read(context, json, &out->unigram);
  }
  return status;
}

void tl_token_model_write(const tl_token_model *model, tl_text *out) {
  switch (model->kind) {
  case TL_MODEL_WORDPIECE:
    tl_wordpiece_write(&model->wordpiece, out);
    break;
  case TL_MODEL_BPE:
    tl_bpe_write(&model->bpe, out);
    break;
  case TL_MODEL_UNIGRAM:
    tl_unigram_write(&model->unigram, out);
    break;
  }
}

void tl_token_model_free(tl_context *context, tl_token_model *model) {
  switch (model->kind) {
  case TL_MODEL_WORDPIECE:
    tl_wordpiece_free(context, &model->wordpiece);
    break;
  case TL_MODEL_BPE:
    tl_bpe_free(context, &model->bpe);
    break;
  case TL_MODEL_UNIGRAM:
    tl_unigram_free(context, &model->unigram);
    break;
  }
}

const char *tl_token_model_type(const tl_token_model *model) {
  for (int i = 0; i < KINDS; ++i)
    if (kinds[i].kind == model->kind)
      return kinds[i].type;
  return "";
}

const tl_vocabulary *tl_token_model_vocabulary(const tl_token_model *model) {
  switch (model->kind) {
  case TL_MODEL_BPE:
    return &model->bpe.vocabulary;
  case TL_MODEL_UNIGRAM:
    return &model->unigram.vocabulary;
  case TL_MODEL_WORDPIECE:
    break;
  }
  return &model->wordpiece.vocabulary;
}

size_t tl_token_model_size(const tl_token_model *model) {
  return model->kind == TL_MODEL_UNIGRAM ? model->unigram.count : tl_token_model_vocabulary(model)->count;
}

const char *tl_token_model_unk_token(const tl_token_model *model) {
  switch (model->kind) {
  case TL_MODEL_BPE:
    return model->bpe.unk_token.present ? (const char *)model->bpe.strings.items + model->bpe.unk_token.start
                                        : NULL;
  case TL_MODEL_UNIGRAM: {
    size_t size;
    return tl_vocabulary_token(&model->unigram.vocabulary, model->unigram.unk_id, &size);
  }
  case TL_MODEL_WORDPIECE:
    break;
  }
  return tl_wordpiece_unk_token(&model->wordpiece);
}

/* A model whose words are worth remembering. */
static bool encode_anew(tl_context *context, const tl_token_model *model, tl_token_model_scratch *scratch,
                        const uint8_t *word, size_t size, tl_ids *ids) {
  return model->kind == TL_MODEL_BPE
             ? tl_bpe_encode(context, &model->bpe, &scratch->bpe, word, size, ids)
             : tl_unigram_encode(context, &model->unigram, &scratch->unigram, word, size, ids);
}

bool tl_token_model_encode(tl_context *context, const tl_token_model *model, tl_token_model_scratch *scratch,
                           const uint8_t *word, size_t size, tl_ids *ids) {
  if (model->kind == TL_MODEL_WORDPIECE) /* its trie is as fast as a cache */
    return tl_wordpiece_encode(context, &model->wordpiece, word, size, ids);
  if (!tl_ids_reserve(context, ids, TL_CACHED_IDS))
    return false;
  if (tl_word_cache_get(&scratch->cache, word, size, ids))
    return true;
  const size_t before = ids->count;
  return encode_anew(context, model, scratch, word, size, ids) &&
         tl_word_cache_put(context, &scratch->cache, word, size, ids->items + before, ids->count - before);
}

void tl_token_model_scratch_free(tl_context *context, tl_token_model_scratch *scratch) {
  tl_word_cache_free(context, &scratch->cache);
  tl_bpe_scratch_free(context, &scratch->bpe);
  tl_unigram_scratch_free(context, &scratch->unigram);
}
