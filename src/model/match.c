/* Pairs a file's tensors with the model's spans by name, and loads them. */
#include "model/match.h"

#include <stdio.h>
#include <string.h>

#include "model/safetensors_internal.h"

enum { NO_SPAN = -1 };

/* Writes the name with another ending into the buffer; false if it has not that ending, or does not fit. */
static bool replace_ending(const char *name, const char *ending, const char *by,
                           char buffer[TL_MATCH_NAME_SIZE]) {
  size_t length = strlen(name);
  size_t tail = strlen(ending);
  if (length < tail || length >= TL_MATCH_NAME_SIZE - tail || strcmp(name + length - tail, ending) != 0)
    return false;
  snprintf(buffer, TL_MATCH_NAME_SIZE, "%.*s%s", (int)(length - tail), name, by);
  return true;
}

const char *tl_match_modern_name(const char *name, char buffer[TL_MATCH_NAME_SIZE]) {
  bool replaced = replace_ending(name, "LayerNorm.gamma", "LayerNorm.weight", buffer) ||
                  replace_ending(name, "LayerNorm.beta", "LayerNorm.bias", buffer);
  return replaced ? buffer : name;
}

/* The span of a tensor's name as it stands, or with the base model's prefix before it. */
static int32_t find_span(const tl_model *model, const char *name, bool with_prefix) {
  char buffer[TL_MATCH_NAME_SIZE];
  const char *modern = tl_match_modern_name(name, buffer);
  if (!with_prefix)
    return tl_model_find_span(model, modern);
  char prefixed[TL_MATCH_NAME_SIZE]; /* a name that is cut here is no span's */
  snprintf(prefixed, sizeof prefixed, "%s%s", model->config.architecture->base_prefix, modern);
  return tl_model_find_span(model, prefixed);
}

bool tl_match_same_shape(const tl_tensor *tensor, const tl_span *span) {
  if (tensor->rank != span->rank)
    return false;
  for (int32_t i = 0; i < span->rank; i++) {
    if (tensor->shape[i] != (uint64_t)span->shape[i])
      return false;
  }
  return true;
}

/* Whether the tensor can be the span's: its shape, or TL_ERR_MISMATCH; its dtype, or TL_ERR_UNSUPPORTED. */
static tl_status check_pair(const tl_model *model, const tl_tensor *tensor, const tl_span *span,
                            tl_match_mode mode) {
  if (!tl_match_same_shape(tensor, span)) {
    if (span->head && mode == TL_MATCH_REINIT_HEAD)
      return TL_OK;
    char in_file[TL_MATCH_SHAPE_SIZE];
    char in_model[TL_MATCH_SHAPE_SIZE];
    tl_match_tensor_shape(tensor, in_file);
    tl_match_span_shape(span, in_model);
    return tl_fail(model->context, TL_ERR_MISMATCH, "size mismatch for %s: the file has %s, the model %s%s",
                   span->name, in_file, in_model,
                   span->head ? "; ignore_mismatched_sizes initialises it anew"
                              : "; config and weights disagree");
  }
  if (tensor->dtype->to_float == NULL)
    return tl_fail(model->context, TL_ERR_UNSUPPORTED,
                   "%s is stored as %s; weights are read from F32, F16, BF16 and F64", tensor->name,
                   tensor->dtype->name);
  return TL_OK;
}

/* Pairs every tensor whose name is a span's; `taken[span]` becomes its tensor. Of two tensors for one span
 * the one with the whole name is taken. */
static void pair_names(const tl_model *model, const tl_safetensors *file, int32_t *spans, int32_t *taken) {
  for (int32_t pass = 0; pass < 2; pass++) {
    for (int32_t i = 0; i < file->count; i++) {
      if (pass == 1 && spans[i] != NO_SPAN)
        continue;
      int32_t span = find_span(model, file->tensors[i].name, pass == 1);
      bool free_span = span >= 0 && taken[span] == NO_SPAN;
      spans[i] = free_span ? span : NO_SPAN;
      if (free_span)
        taken[span] = i;
    }
  }
}

/* The pairs with their checks, and the report; nothing of the model changes. */
static tl_status pair_and_report(tl_model *model, const tl_safetensors *file, tl_match_mode mode,
                                 int32_t *spans, int32_t *taken, tl_text *report) {
  for (int32_t i = 0; i < file->count; i++)
    spans[i] = NO_SPAN;
  for (int32_t i = 0; i < model->at.adapters; i++)
    taken[i] = NO_SPAN;
  pair_names(model, file, spans, taken);
  for (int32_t i = 0; i < file->count; i++) {
    if (spans[i] == NO_SPAN)
      continue;
    tl_status status = check_pair(model, &file->tensors[i], &model->spans[spans[i]], mode);
    if (status != TL_OK)
      return status;
  }
  return tl_match_write_report(model, file, spans, taken, report);
}

/* Makes the checked pairs the model's. */
static void adopt(tl_model *model, const tl_safetensors *file, int32_t *spans, const int32_t *taken) {
  for (int32_t i = 0; i < model->at.adapters; i++) {
    tl_span *span = &model->spans[i];
    span->missing = taken[i] == NO_SPAN || !tl_match_same_shape(&file->tensors[taken[i]], span);
    if (span->missing && taken[i] != NO_SPAN)
      spans[taken[i]] = NO_SPAN; /* of another shape: not loaded */
  }
  tl_memory_free(model->context, model->match.spans);
  model->match = (tl_match){.file = file, .spans = spans, .count = file->count};
}

/* The whole of a match, with room for the pairs given. On TL_OK the model owns `spans`. */
static tl_status match_into(tl_model *model, const tl_safetensors *file, tl_match_mode mode, int32_t *spans,
                            int32_t *taken) {
  tl_text report;
  tl_text_init(&report, model->context);
  tl_status status = pair_and_report(model, file, mode, spans, taken, &report);
  if (status != TL_OK) {
    tl_text_free(&report);
    return status;
  }
  adopt(model, file, spans, taken);
  tl_text_free(&model->match_report);
  model->match_report = report;
  return TL_OK;
}

tl_status tl_model_match(tl_model *model, const tl_safetensors *file, tl_match_mode mode) {
  tl_context *context = model->context;
  size_t tensors = (size_t)file->count;
  size_t count = (size_t)model->at.adapters;
  int32_t *spans = tl_memory_alloc(context, tensors, sizeof *spans);
  int32_t *taken = tl_memory_alloc(context, count, sizeof *taken);
  if (spans == NULL || taken == NULL) {
    tl_memory_free(context, spans);
    tl_memory_free(context, taken);
    return tl_fail_memory(context, "pairing weights", (double)(tensors + count) * (double)sizeof *spans);
  }
  tl_status status = match_into(model, file, mode, spans, taken);
  if (status != TL_OK)
    tl_memory_free(context, spans);
  tl_memory_free(context, taken);
  return status;
}

const char *tl_model_match_report(const tl_model *model) { return model->match_report.bytes; }

tl_status tl_model_load(tl_model *model, const tl_safetensors *file, int32_t tensor, uint64_t at,
                        const uint8_t *bytes, size_t n) {
  const tl_match *match = &model->match;
  if (match->file != file || match->count != file->count)
    return tl_fail(model->context, TL_ERR_ARGUMENT, "the file is not the one that was last matched");
  if (tensor < 0 || tensor >= match->count || match->spans[tensor] == NO_SPAN)
    return tl_fail(model->context, TL_ERR_ARGUMENT, "tensor %d is not one that the model reads", (int)tensor);
  const tl_tensor *source = &file->tensors[tensor];
  const tl_span *span = &model->spans[match->spans[tensor]];
  uint64_t total = source->end - source->begin;
  size_t item = (size_t)source->dtype->bytes;
  if (total != span->size * item)
    return tl_fail(model->context, TL_ERR_ARGUMENT, "the file is not the one that was last matched");
  if (at > total || n > total - at || at % item != 0 || n % item != 0)
    return tl_fail(model->context, TL_ERR_ARGUMENT,
                   "bytes %llu to %llu of %s: it has %llu, and pieces hold whole %s numbers",
                   (unsigned long long)at, (unsigned long long)at + n, source->name,
                   (unsigned long long)total, source->dtype->name);
  source->dtype->to_float(bytes, n / item, model->weights + span->offset + (size_t)(at / item));
  return TL_OK;
}
