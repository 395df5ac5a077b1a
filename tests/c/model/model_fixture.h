/* What the model's tests share: a Hugging Face folder loaded into a model, and golden tensors by name. */
#ifndef TL_TEST_MODEL_FIXTURE_H
#define TL_TEST_MODEL_FIXTURE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/golden_json.h"
#include "harness.h"
#include "model/model_internal.h"
#include "model/safetensors_internal.h"

/* A safetensors file as a whole in memory. */
typedef struct tensor_file {
  uint8_t *bytes;
  size_t size;
  tl_safetensors *header;
} tensor_file;

static inline bool tensor_file_open(tl_context *context, const char *path, tensor_file *out) {
  *out = (tensor_file){0};
  out->bytes = read_whole_file(path, &out->size);
  uint64_t header = 0;
  tl_status status = out->bytes == NULL ? TL_ERR_FORMAT
                                        : tl_safetensors_header_size(context, out->bytes, out->size, &header);
  if (status == TL_OK)
    status = tl_safetensors_open(context, out->bytes, (size_t)header + 8, out->size, &out->header);
  if (status != TL_OK)
    printf("  %s: %s\n", path, tl_context_error(context));
  return status == TL_OK;
}

static inline void tensor_file_close(tensor_file *file) {
  tl_safetensors_free(file->header);
  free(file->bytes);
  *file = (tensor_file){0};
}

/* A tensor by name; NULL if there is none. */
static inline const tl_tensor *tensor_find(const tensor_file *file, const char *name) {
  for (int32_t i = 0; i < file->header->count; i++) {
    if (strcmp(file->header->tensors[i].name, name) == 0)
      return &file->header->tensors[i];
  }
  return NULL;
}

static inline size_t tensor_elements(const tl_tensor *tensor) {
  return (size_t)(tensor->end - tensor->begin) / (size_t)tensor->dtype->bytes;
}

/* A copy of the tensor's 4-byte elements, to be freed; NULL if there is no such tensor. */
static inline void *tensor_copy(const tensor_file *file, const char *name) {
  const tl_tensor *tensor = tensor_find(file, name);
  if (tensor == NULL || tensor->dtype->bytes != 4)
    return NULL;
  size_t bytes = (size_t)(tensor->end - tensor->begin);
  void *copy = malloc(bytes + 1);
  if (copy != NULL)
    memcpy(copy, file->bytes + file->header->data + tensor->begin, bytes);
  return copy;
}

/* A model of a config text. */
static inline tl_model *model_of(tl_context *context, const char *config) {
  tl_model *model = NULL;
  if (tl_model_create(context, (const uint8_t *)config, strlen(config), &model) != TL_OK)
    printf("  %s\n", tl_context_error(context));
  return model;
}

/* Feeds every matched tensor to tl_model_load in pieces of at most `piece` elements. */
static inline bool load_tensors(tl_model *model, const tensor_file *file, size_t piece) {
  for (int32_t i = 0; i < file->header->count; i++) {
    const tl_tensor *tensor = &file->header->tensors[i];
    if (model->match.spans[i] < 0)
      continue;
    uint64_t total = tensor->end - tensor->begin;
    uint64_t step = piece * (uint64_t)tensor->dtype->bytes;
    for (uint64_t at = 0; at < total; at += step) {
      size_t n = (size_t)(total - at < step ? total - at : step);
      const uint8_t *bytes = file->bytes + file->header->data + tensor->begin + at;
      if (tl_model_load(model, file->header, i, at, bytes, n) != TL_OK)
        return false;
    }
  }
  return true;
}

/* goldens/<folder> as a model with its weights; NULL (with the reason printed) if that fails. */
static inline tl_model *model_from_folder(tl_context *context, const char *folder, tensor_file *weights) {
  char path[1024];
  snprintf(path, sizeof path, "%s/%s/config.json", TL_TEST_DATA, folder);
  size_t size = 0;
  uint8_t *config = read_whole_file(path, &size);
  tl_model *model = NULL;
  if (config == NULL || tl_model_create(context, config, size, &model) != TL_OK)
    printf("  %s: %s\n", path, tl_context_error(context));
  free(config);
  snprintf(path, sizeof path, "%s/%s/model.safetensors", TL_TEST_DATA, folder);
  bool loaded = model != NULL && tensor_file_open(context, path, weights) &&
                tl_model_match(model, weights->header, TL_MATCH_STRICT) == TL_OK &&
                load_tensors(model, weights, 1000);
  if (!loaded) {
    printf("  %s: %s\n", path, tl_context_error(context));
    tl_model_free(model);
    return NULL;
  }
  return model;
}

/* Rows first to first + B - 1 of a case's padded inputs as a batch, with their labels of whatever kind the
 * case has. */
static inline bool fill_batch(tl_batch *batch, const tensor_file *file, int32_t first, int32_t B,
                              bool labels) {
  const tl_tensor *ids = tensor_find(file, "input_ids");
  int32_t S = (int32_t)ids->shape[1];
  size_t skip = (size_t)first * (size_t)S;
  int32_t *input_ids = tensor_copy(file, "input_ids");
  int32_t *mask = tensor_copy(file, "attention_mask");
  int32_t *types = tensor_copy(file, "token_type_ids"); /* DistilBERT has none */
  tl_status status =
      tl_batch_pack(batch, B, S, input_ids + skip, mask + skip, types != NULL ? types + skip : NULL);
  free(input_ids);
  free(mask);
  free(types);
  if (status != TL_OK || !labels)
    return status == TL_OK;
  const tl_tensor *truth = tensor_find(file, "labels");
  int32_t K = truth->rank == 2 ? (int32_t)truth->shape[1] : 1;
  void *values = tensor_copy(file, "labels");
  if (strcmp(truth->dtype->name, "F32") == 0)
    status = tl_batch_set_targets(batch, (const float *)values + (size_t)first * (size_t)K, B, K);
  else
    status = tl_batch_set_labels(batch, (const int32_t *)values + first, B);
  free(values);
  return status == TL_OK;
}

/* Fills a model's weights with reproducible noise large enough that every gradient is: matrices ±0.3, biases
 * and layer norms' deviations ±0.2. */
static inline void fill_weights(tl_model *model, uint32_t seed) {
  uint32_t state = seed * 2654435761u + 1u;
  for (int32_t i = 0; i < model->at.count; i++) {
    const tl_span *span = &model->spans[i];
    float *weights = model->weights + span->offset;
    float scale = span->role == TL_ROLE_MATRIX ? 0.3f : 0.2f;
    for (size_t j = 0; j < span->size; j++) {
      state = state * 1664525u + 1013904223u;
      float noise = ((float)(state >> 8) / 8388608.0f - 1.0f) * scale;
      weights[j] = span->role == TL_ROLE_NORM_WEIGHT ? 1.0f + noise : noise;
    }
  }
}

/* All spans' gradients at the weights' offsets, a frozen one's as zeros; to be freed. */
static inline float *copy_gradients(tl_model *model) {
  float *all = calloc(model->parameters, sizeof *all);
  for (int32_t i = 0; all != NULL && i < model->at.count; i++) {
    const float *gradient = tl_model_gradient(model, i);
    if (gradient != NULL)
      memcpy(all + model->spans[i].offset, gradient, model->spans[i].size * sizeof *all);
  }
  return all;
}

/* The kinds of encoders that tiny_encoder makes, each with something that the others do not have: an
 * architecture, and if a word follows it, what ModernBERT's head reads. */
static const char *const tiny_kinds[] = {"bert",  "roberta",    "electra",        "albert",
                                         "mpnet", "modernbert", "modernbert mean"};
enum { TINY_KINDS = sizeof tiny_kinds / sizeof *tiny_kinds };

/* Whether a kind's positions begin behind its [PAD], which then is 1. */
static inline bool begins_after_pad(const char *kind) {
  return strcmp(kind, "roberta") == 0 || strcmp(kind, "mpnet") == 0;
}

/* The settings of a kind that tell it from BERT: its name, its [PAD], what its head reads. */
static inline void write_kind(const char *kind, char *out, size_t size) {
  const char *word = strchr(kind, ' ');
  int length = (int)(word != NULL ? (size_t)(word - kind) : strlen(kind));
  snprintf(out, size, "\"model_type\": \"%.*s\", \"pad_token_id\": %d, \"classifier_pooling\": \"%s\"",
           length, kind, begins_after_pad(kind), word != NULL ? word + 1 : "cls");
}

/* A small encoder of a kind; dropouts as given. ELECTRA's and ALBERT's embeddings are narrower than their
 * layers, ALBERT's layers are in two groups, and all of ModernBERT's but every third see one token either
 * way.
 */
static inline tl_model *tiny_encoder(tl_context *context, const char *kind, int32_t layers, int32_t labels,
                                     double dropout) {
  char config[1024], named[128];
  write_kind(kind, named, sizeof named);
  snprintf(config, sizeof config,
           "{%s, \"vocab_size\": 20, \"hidden_size\": 12, \"num_hidden_layers\": %d, "
           "\"num_attention_heads\": 3, \"intermediate_size\": 20, \"max_position_embeddings\": %d, "
           "\"type_vocab_size\": 2, \"num_labels\": %d, \"hidden_dropout_prob\": %g, "
           "\"attention_probs_dropout_prob\": %g, \"embedding_size\": 8, \"num_hidden_groups\": %d, "
           "\"classifier_dropout_prob\": %g, \"local_attention\": 2, \"embedding_dropout\": %g, "
           "\"attention_dropout\": %g, \"mlp_dropout\": %g, \"classifier_dropout\": %g}",
           named, (int)layers, begins_after_pad(kind) ? 12 : 10, (int)labels, dropout, dropout,
           layers > 1 ? 2 : 1, dropout, dropout, dropout, dropout, dropout);
  tl_model *model = model_of(context, config);
  if (model != NULL)
    fill_weights(model, 7);
  return model;
}

/* A small BERT for tests that need no golden; dropouts as given. */
static inline tl_model *tiny_bert(tl_context *context, int32_t layers, int32_t labels, double dropout) {
  return tiny_encoder(context, "bert", layers, labels, dropout);
}

/* Four sequences of 6, 1, 4 and 3 tokens for tiny_encoder, BERT's [PAD] among the tokens of one, with class
 * labels 0 and 1. */
enum { TINY_B = 4, TINY_S = 6 };
static inline bool tiny_batch(tl_batch *batch) {
  static const int32_t ids[TINY_B * TINY_S] = {2, 7,  9, 0, 11, 3, 2, 0, 0, 0, 0, 0,
                                               2, 19, 5, 3, 0,  0, 2, 8, 3, 0, 0, 0};
  static const int32_t mask[TINY_B * TINY_S] = {1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0,
                                                1, 1, 1, 1, 0, 0, 1, 1, 1, 0, 0, 0};
  static const int32_t types[TINY_B * TINY_S] = {0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0,
                                                 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0};
  static const int32_t labels[TINY_B] = {0, 1, 1, 0};
  return tl_batch_pack(batch, TINY_B, TINY_S, ids, mask, types) == TL_OK &&
         tl_batch_set_labels(batch, labels, TINY_B) == TL_OK;
}

#endif
