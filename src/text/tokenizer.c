/* The tokenizer as a whole: made, described, asked for single tokens, freed. */
#include <string.h>

#include "text/tokenizer_internal.h"

tl_status tl_tokenizer_make(tl_context *context, tl_tokenizer **out) {
  tl_tokenizer *tokenizer = tl_memory_alloc(context, 1, sizeof *tokenizer);
  if (tokenizer == NULL)
    return tl_fail_memory(context, "a tokenizer", (double)sizeof *tokenizer);
  tokenizer->context = context;
  tl_text_init(&tokenizer->description, context);
  tl_text_init(&tokenizer->saved, context);
  const int32_t threads = tl_context_threads(context);
  tokenizer->workers = tl_memory_alloc(context, (size_t)threads, sizeof *tokenizer->workers);
  if (tokenizer->workers == NULL) {
    tl_tokenizer_free(tokenizer);
    return tl_fail_memory(context, "a tokenizer", (double)threads * (double)sizeof(tl_encode_worker));
  }
  tokenizer->workers_count = threads;
  *out = tokenizer;
  return TL_OK;
}

void tl_tokenizer_free(tl_tokenizer *tokenizer) {
  if (tokenizer == NULL)
    return;
  tl_context *context = tokenizer->context;
  for (int32_t i = 0; i < tokenizer->workers_count; ++i)
    tl_encode_worker_free(context, &tokenizer->workers[i]);
  tl_memory_free(context, tokenizer->workers);
  tl_normalizer_free(context, &tokenizer->normalizer);
  tl_pre_tokenizer_free(context, &tokenizer->pre_tokenizer);
  tl_token_model_free(context, &tokenizer->model);
  tl_added_tokens_free(context, &tokenizer->added);
  tl_post_processor_free(context, &tokenizer->post_processor);
  tl_decoder_free(context, &tokenizer->decoder);
  tl_text_free(&tokenizer->description);
  tl_text_free(&tokenizer->saved);
  tl_words_free(context, &tokenizer->decoded);
  tl_words_free(context, &tokenizer->decoding);
  tl_memory_free(context, tokenizer);
}

/* The model's tokens, and those added tokens that are not among them. */
static int64_t length(const tl_tokenizer *tokenizer) {
  const tl_vocabulary *vocabulary = tl_token_model_vocabulary(&tokenizer->model);
  int64_t count = (int64_t)tl_token_model_size(&tokenizer->model);
  for (size_t i = 0; i < tokenizer->added.count; ++i) {
    const tl_added_token *token = &tokenizer->added.tokens[i];
    const char *content = (const char *)tokenizer->added.text.items + token->content;
    count += tl_vocabulary_id(vocabulary, content, token->content_size) < 0;
  }
  return count;
}

tl_status tl_tokenizer_finish(tl_tokenizer *tokenizer) {
  /* The file does not tell which token plays which part; BERT's names do. The unknown token is the model's
   * own. */
  const struct {
    const char *part;
    const char *token;
  } parts[] = {{"pad", "[PAD]"},
               {"unk", tl_token_model_unk_token(&tokenizer->model)},
               {"cls", "[CLS]"},
               {"sep", "[SEP]"},
               {"mask", "[MASK]"}};
  enum { PARTS = sizeof parts / sizeof parts[0] };
  tl_text *text = &tokenizer->description;
  tl_text_format(text, "{\"vocab_size\":%zu,\"length\":%lld,\"model\":\"%s\",\"special_tokens\":{",
                 tl_token_model_size(&tokenizer->model), (long long)length(tokenizer),
                 tl_token_model_type(&tokenizer->model));
  int32_t ids[PARTS];
  for (int i = 0; i < PARTS; ++i) {
    const char *token = parts[i].token;
    ids[i] = token != NULL ? tl_tokenizer_token_to_id(tokenizer, (const uint8_t *)token, strlen(token)) : -1;
    tl_text_format(text, "%s\"%s_token\":", i > 0 ? "," : "", parts[i].part);
    tl_text_json_string(text, ids[i] < 0 ? NULL : parts[i].token);
  }
  tl_text_append(text, "}", 1);
  for (int i = 0; i < PARTS; ++i) {
    if (ids[i] < 0)
      tl_text_format(text, ",\"%s_token_id\":null", parts[i].part);
    else
      tl_text_format(text, ",\"%s_token_id\":%d", parts[i].part, (int)ids[i]);
  }
  tl_text_append(text, "}", 1);
  if (tl_text_finish(text) != TL_OK)
    return tl_fail_memory(tokenizer->context, "a tokenizer's description", (double)text->size);
  return TL_OK;
}

const char *tl_tokenizer_describe(const tl_tokenizer *tokenizer) { return tokenizer->description.bytes; }

const char *tl_tokenizer_id_to_token(const tl_tokenizer *tokenizer, int32_t id) {
  const tl_added_token *added = tl_added_tokens_of_id(&tokenizer->added, id);
  if (added != NULL)
    return (const char *)tokenizer->added.text.items + added->pattern;
  size_t size;
  return tl_vocabulary_token(tl_token_model_vocabulary(&tokenizer->model), id, &size);
}

int32_t tl_tokenizer_token_to_id(const tl_tokenizer *tokenizer, const uint8_t *token, size_t size) {
  const tl_added_token *added = tl_added_tokens_of_content(&tokenizer->added, (const char *)token, size);
  return added != NULL
             ? added->id
             : tl_vocabulary_id(tl_token_model_vocabulary(&tokenizer->model), (const char *)token, size);
}

tl_status tl_tokenizer_decode(tl_tokenizer *tokenizer, const int32_t *ids, int32_t n,
                              bool skip_special_tokens, bool clean_up, const uint8_t **text, size_t *size) {
  tl_context *context = tokenizer->context;
  if (n < 0 || (n > 0 && ids == NULL))
    return tl_fail(context, TL_ERR_ARGUMENT, "decode: %d ids given", (int)n);
  tl_words *out = &tokenizer->decoded;
  tl_words_clear(out);
  bool enough = true;
  for (int32_t i = 0; enough && i < n; ++i) {
    const char *token = tl_tokenizer_id_to_token(tokenizer, ids[i]);
    if (token == NULL)
      continue;
    const size_t token_size = strlen(token);
    if (skip_special_tokens) {
      const tl_added_token *added = tl_added_tokens_of_content(&tokenizer->added, token, token_size);
      if (added != NULL && added->flags.special)
        continue;
    }
    enough = tl_words_append(context, out, token, token_size);
  }
  if (!enough || !tl_decoder_run(context, &tokenizer->decoder, out, &tokenizer->decoding) ||
      !tl_bytes_reserve(context, &out->text, 1)) /* so that it is never NULL */
    return tl_fail_memory(context, "the decoded text", (double)out->text.count);
  if (clean_up && tokenizer->model.kind != TL_MODEL_BPE)
    out->text.count = tl_decoder_clean_up(out->text.items, out->text.count, false);
  *text = out->text.items;
  *size = out->text.count;
  return TL_OK;
}
