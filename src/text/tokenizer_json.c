/* tokenizer.json: read into a tokenizer, and written. Each component reads and writes its own part. */
#include <string.h>

#include "text/json_fields.h"
#include "text/tokenizer_internal.h"

static tl_status read_parts(tl_context *context, const tl_json_value *root, tl_tokenizer *tokenizer) {
  if (tl_json_kind_of(root) != TL_JSON_OBJECT)
    return tl_fail(context, TL_ERR_FORMAT, "tokenizer.json: expected an object at the top");
  const tl_json_value *version = tl_json_get(root, "version");
  if (version != NULL && strcmp(tl_json_string(version, ""), "1.0") != 0)
    return tl_fail(context, TL_ERR_UNSUPPORTED, "tokenizer.json: unknown version; expected \"1.0\"");
  tl_status status = tl_normalizer_read(context, tl_json_get(root, "normalizer"), &tokenizer->normalizer);
  if (status == TL_OK)
    status = tl_pre_tokenizer_read(context, tl_json_get(root, "pre_tokenizer"), &tokenizer->pre_tokenizer);
  if (status == TL_OK)
    status = tl_post_processor_read(context, tl_json_get(root, "post_processor"), &tokenizer->post_processor);
  if (status == TL_OK)
    status = tl_decoder_read(context, tl_json_get(root, "decoder"), &tokenizer->decoder);
  if (status == TL_OK)
    status = tl_token_model_read(context, tl_json_get(root, "model"), &tokenizer->model);
  if (status == TL_OK)
    status = tl_added_tokens_read(context, tl_json_get(root, "added_tokens"), &tokenizer->added);
  if (status == TL_OK)
    status = tl_added_tokens_finish(context, &tokenizer->added, tl_token_model_vocabulary(&tokenizer->model),
                                    tl_token_model_size(&tokenizer->model), &tokenizer->normalizer);
  return status;
}

/* Every id that a template can add must be a token's: a model has no row for another. */
static tl_status check_template_ids(tl_context *context, const tl_tokenizer *tokenizer) {
  const tl_ids *ids = &tokenizer->post_processor.ids;
  for (size_t i = 0; i < ids->count; ++i)
    if (tl_tokenizer_id_to_token(tokenizer, ids->items[i]) == NULL)
      return tl_fail(context, TL_ERR_MISMATCH,
                     "tokenizer.json: the post_processor adds id %d, which no token of the vocabulary has",
                     (int)ids->items[i]);
  return TL_OK;
}

tl_status tl_tokenizer_create(tl_context *context, const uint8_t *json, size_t size, tl_tokenizer **out) {
  tl_json *document = NULL;
  tl_status status = tl_json_parse(context, "tokenizer.json", json, size, &document);
  if (status != TL_OK)
    return status;
  tl_tokenizer *tokenizer = NULL;
  status = tl_tokenizer_make(context, &tokenizer);
  if (status == TL_OK)
    status = read_parts(context, tl_json_root(document), tokenizer);
  tl_json_free(document);
  if (status == TL_OK)
    status = check_template_ids(context, tokenizer);
  if (status == TL_OK)
    status = tl_tokenizer_finish(tokenizer);
  if (status != TL_OK) {
    tl_tokenizer_free(tokenizer);
    return status;
  }
  *out = tokenizer;
  return TL_OK;
}

tl_status tl_tokenizer_save(tl_tokenizer *tokenizer, const uint8_t **bytes, size_t *size) {
  tl_text *text = &tokenizer->saved;
  tl_text_free(text);
  tl_text_format(text, "{\"version\":\"1.0\",\"truncation\":null,\"padding\":null,\"added_tokens\":");
  tl_added_tokens_write(&tokenizer->added, text);
  tl_text_format(text, ",\"normalizer\":");
  tl_normalizer_write(&tokenizer->normalizer, text);
  tl_text_format(text, ",\"pre_tokenizer\":");
  tl_pre_tokenizer_write(&tokenizer->pre_tokenizer, text);
  tl_text_format(text, ",\"post_processor\":");
  tl_post_processor_write(&tokenizer->post_processor, text);
  tl_text_format(text, ",\"decoder\":");
  tl_decoder_write(&tokenizer->decoder, text);
  tl_text_format(text, ",\"model\":");
  tl_token_model_write(&tokenizer->model, text);
  tl_text_append(text, "}", 1);
  if (tl_text_finish(text) != TL_OK)
    return tl_fail_memory(tokenizer->context, "tokenizer.json", (double)text->size);
  *bytes = (const uint8_t *)text->bytes;
  *size = text->size;
  return TL_OK;
}
