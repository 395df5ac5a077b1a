/* The BPE model as tokenizer.json has it: read and written. */
#include <string.h>

#include "text/bpe.h"
#include "text/json_fields.h"

static const char where[] = "model";

static tl_status bad_merge(tl_context *context, int32_t index) {
  return tl_fail(context, TL_ERR_FORMAT,
                 "tokenizer.json: model.merges[%d] must be two tokens, as [\"a\", \"b\"] or \"a b\"",
                 (int)index);
}

/* Reads ["a", "b"], or "a b" as early versions have it. */
static tl_status read_merge(tl_context *context, const tl_json_value *json, int32_t index, tl_bpe *out) {
  const char *line = tl_json_string(json, NULL);
  if (line != NULL) {
    if (strncmp(line, "#version", sizeof "#version" - 1) == 0)
      return TL_OK;
    const char *blank = strchr(line, ' ');
    if (blank == NULL || strchr(blank + 1, ' ') != NULL)
      return bad_merge(context, index);
    return tl_bpe_add_merge(context, out, line, (size_t)(blank - line), blank + 1, strlen(blank + 1));
  }
  const tl_json_value *first = tl_json_first(json), *second = tl_json_next(first);
  const char *left = tl_json_string(first, NULL), *right = tl_json_string(second, NULL);
  if (left == NULL || right == NULL || tl_json_next(second) != NULL)
    return bad_merge(context, index);
  return tl_bpe_add_merge(context, out, left, strlen(left), right, strlen(right));
}

static tl_status read_merges(tl_context *context, const tl_json_value *json, tl_bpe *out) {
  const tl_json_value *merges;
  tl_status status = tl_field_container(context, json, where, "merges", TL_JSON_ARRAY, &merges);
  int32_t index = 0;
  for (const tl_json_value *item = status == TL_OK ? tl_json_first(merges) : NULL;
       item != NULL && status == TL_OK; item = tl_json_next(item))
    status = read_merge(context, item, index++, out);
  return status == TL_OK ? tl_merges_finish(context, &out->merges) : status;
}

tl_status tl_bpe_read(tl_context *context, const tl_json_value *json, tl_bpe *out) {
  if (tl_json_number(tl_json_get(json, "dropout"), 0) != 0)
    return tl_fail(context, TL_ERR_UNSUPPORTED,
                   "tokenizer.json: model.dropout is not supported; expected null");
  out->fuse_unk = tl_json_bool(tl_json_get(json, "fuse_unk"), false);
  out->ignore_merges = tl_json_bool(tl_json_get(json, "ignore_merges"), false);
  out->fallback.enabled = tl_json_bool(tl_json_get(json, "byte_fallback"), false);
  tl_status status = tl_vocabulary_read(context, json, where, &out->vocabulary);
  if (status == TL_OK)
    status = tl_bpe_finish_vocabulary(context, out, tl_json_string(tl_json_get(json, "unk_token"), NULL),
                                      tl_json_string(tl_json_get(json, "continuing_subword_prefix"), NULL),
                                      tl_json_string(tl_json_get(json, "end_of_word_suffix"), NULL));
  return status == TL_OK ? read_merges(context, json, out) : status;
}

static void write_text(const tl_bpe *model, const char *name, tl_bpe_text text, tl_text *out) {
  tl_text_format(out, ",\"%s\":", name);
  tl_text_json_string(out, text.present ? (const char *)model->strings.items + text.start : NULL);
}

static void write_bool(const char *name, bool value, tl_text *out) {
  tl_text_format(out, ",\"%s\":%s", name, value ? "true" : "false");
}

static void write_merges(const tl_bpe *model, tl_text *out) {
  tl_text_format(out, ",\"merges\":[");
  for (size_t rank = 0; rank < model->merges.count; ++rank) {
    const tl_merge *merge = &model->merges.items[model->merges.by_rank[rank]];
    size_t size;
    tl_text_format(out, "%s[", rank > 0 ? "," : "");
    tl_text_json_string(out, tl_vocabulary_token(&model->vocabulary, merge->left, &size));
    tl_text_append(out, ",", 1);
    tl_text_json_string(out, tl_vocabulary_token(&model->vocabulary, merge->right, &size));
    tl_text_append(out, "]", 1);
  }
  tl_text_append(out, "]", 1);
}

void tl_bpe_write(const tl_bpe *model, tl_text *out) {
  tl_text_format(out, "{\"type\":\"BPE\",\"dropout\":null");
  write_text(model, "unk_token", model->unk_token, out);
  write_text(model, "continuing_subword_prefix", model->prefix, out);
  write_text(model, "end_of_word_suffix", model->suffix, out);
  write_bool("fuse_unk", model->fuse_unk, out);
  write_bool("byte_fallback", model->fallback.enabled, out);
  write_bool("ignore_merges", model->ignore_merges, out);
  tl_text_format(out, ",\"vocab\":");
  tl_vocabulary_write(&model->vocabulary, out);
  write_merges(model, out);
  tl_text_append(out, "}", 1);
}
