/* What a match found, in JSON: missing, unexpected, mismatched, and what is to be read. */
#include <stdio.h>
#include <string.h>

#include "model/match.h"

static void shape_text(int32_t rank, const uint64_t shape[TL_TENSOR_MAX_RANK],
                       char out[TL_MATCH_SHAPE_SIZE]) {
  int at = snprintf(out, TL_MATCH_SHAPE_SIZE, "[");
  for (int32_t i = 0; i < rank; i++)
    at += snprintf(out + at, TL_MATCH_SHAPE_SIZE - (size_t)at, "%s%llu", i > 0 ? ", " : "",
                   (unsigned long long)shape[i]);
  snprintf(out + at, TL_MATCH_SHAPE_SIZE - (size_t)at, "]");
}

void tl_match_tensor_shape(const tl_tensor *tensor, char out[TL_MATCH_SHAPE_SIZE]) {
  shape_text(tensor->rank, tensor->shape, out);
}

void tl_match_span_shape(const tl_span *span, char out[TL_MATCH_SHAPE_SIZE]) {
  uint64_t shape[TL_TENSOR_MAX_RANK] = {(uint64_t)span->shape[0], (uint64_t)span->shape[1]};
  shape_text(span->rank, shape, out);
}

/* A comma before every item but the first of a list. */
static void separate(tl_text *report, bool *first) {
  tl_text_append(report, ", ", *first ? 0 : 2);
  *first = false;
}

/* A buffer of positions that old checkpoints carry; transformers drops it without a word. */
static bool is_position_buffer(const char *name) {
  static const char buffer[] = "position_ids";
  size_t length = strlen(name);
  size_t tail = sizeof buffer - 1;
  return length >= tail && strcmp(name + length - tail, buffer) == 0 &&
         (length == tail || name[length - tail - 1] == '.');
}

static void write_missing(const tl_model *model, const int32_t *taken, tl_text *report) {
  bool first = true;
  for (int32_t i = 0; i < model->at.adapters; i++) {
    const tl_span *span = model->by_name[i];
    if (taken[span - model->spans] >= 0)
      continue;
    separate(report, &first);
    tl_text_json_string(report, span->name);
  }
}

static void write_unexpected(const tl_safetensors *file, const int32_t *spans, tl_text *report) {
  bool first = true;
  for (int32_t i = 0; i < file->count; i++) {
    const tl_tensor *tensor = file->by_name[i];
    if (spans[tensor - file->tensors] >= 0 || is_position_buffer(tensor->name))
      continue;
    char buffer[TL_MATCH_NAME_SIZE];
    separate(report, &first);
    tl_text_json_string(report, tl_match_modern_name(tensor->name, buffer));
  }
}

static void write_mismatched(const tl_model *model, const tl_safetensors *file, const int32_t *taken,
                             tl_text *report) {
  bool first = true;
  for (int32_t i = 0; i < model->at.adapters; i++) {
    const tl_span *span = model->by_name[i];
    int32_t tensor = taken[span - model->spans];
    if (tensor < 0 || tl_match_same_shape(&file->tensors[tensor], span))
      continue;
    char in_file[TL_MATCH_SHAPE_SIZE];
    char in_model[TL_MATCH_SHAPE_SIZE];
    tl_match_tensor_shape(&file->tensors[tensor], in_file);
    tl_match_span_shape(span, in_model);
    separate(report, &first);
    tl_text_format(report, "{\"name\": ");
    tl_text_json_string(report, span->name);
    tl_text_format(report, ", \"file\": %s, \"model\": %s}", in_file, in_model);
  }
}

static void write_reads(const tl_model *model, const tl_safetensors *file, const int32_t *spans,
                        tl_text *report) {
  bool first = true;
  for (int32_t i = 0; i < file->count; i++) {
    const tl_tensor *tensor = &file->tensors[i];
    if (spans[i] < 0 || !tl_match_same_shape(tensor, &model->spans[spans[i]]))
      continue;
    separate(report, &first);
    tl_text_format(report, "{\"tensor\": %d, \"name\": ", (int)i);
    tl_text_json_string(report, model->spans[spans[i]].name);
    tl_text_format(report, ", \"dtype\": \"%s\", \"begin\": %llu, \"bytes\": %llu, \"offset\": %zu}",
                   tensor->dtype->name, (unsigned long long)(file->data + tensor->begin),
                   (unsigned long long)(tensor->end - tensor->begin), model->spans[spans[i]].offset);
  }
}

tl_status tl_match_write_report(const tl_model *model, const tl_safetensors *file, const int32_t *spans,
                                const int32_t *taken, tl_text *report) {
  tl_text_format(report, "{\"missing\": [");
  write_missing(model, taken, report);
  tl_text_format(report, "], \"unexpected\": [");
  write_unexpected(file, spans, report);
  tl_text_format(report, "], \"mismatched\": [");
  write_mismatched(model, file, taken, report);
  tl_text_format(report, "], \"reads\": [");
  write_reads(model, file, spans, report);
  tl_text_format(report, "]}");
  return tl_text_finish(report);
}
