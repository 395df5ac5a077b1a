/* A file of the weights: the header, and the block as it is, spans in order, without gaps, float32; but
 * matrices with adapters merged on the way out. */
#include <string.h>

#include "model/lora.h"

static void append_span(tl_text *text, const tl_span *span) {
  size_t begin = span->offset * sizeof(float);
  tl_text_json_string(text, span->name);
  tl_text_format(text, ":{\"dtype\":\"F32\",\"shape\":[%d", (int)span->shape[0]);
  if (span->rank == 2)
    tl_text_format(text, ",%d", (int)span->shape[1]);
  tl_text_format(text, "],\"data_offsets\":[%zu,%zu]}", begin, begin + span->size * sizeof(float));
}

tl_status tl_model_save_header(tl_model *model, const uint8_t **bytes, size_t *size) {
  enum { LENGTH = 8, ALIGNMENT = 8 }; /* the length's bytes; what the data's start is aligned to */
  static const char unknown_length[LENGTH + 1] = "        ";
  tl_text text;
  tl_text_init(&text, model->context);
  tl_text_append(&text, unknown_length, LENGTH);
  tl_text_format(&text, "{\"__metadata__\":{\"format\":\"pt\"}");
  for (int32_t i = 0; i < model->at.adapters; i++) {
    tl_text_append(&text, ",", 1);
    append_span(&text, &model->spans[i]);
  }
  tl_text_append(&text, "}", 1);
  while (text.size % ALIGNMENT != 0 && !text.broken)
    tl_text_append(&text, " ", 1);
  tl_status status = tl_text_finish(&text);
  if (status != TL_OK) {
    tl_text_free(&text);
    return status;
  }
  uint64_t length = text.size - LENGTH;
  for (int i = 0; i < LENGTH; i++)
    text.bytes[i] = (char)(length >> (8 * i) & 0xff);
  tl_text_free(&model->save_header);
  model->save_header = text;
  *bytes = (const uint8_t *)text.bytes;
  *size = text.size;
  return TL_OK;
}

size_t tl_model_save_size(const tl_model *model) {
  const tl_span *last = &model->spans[model->at.adapters - 1];
  return last->offset + last->size;
}

tl_status tl_model_save_data(const tl_model *model, size_t at, size_t n, float *out) {
  size_t size = tl_model_save_size(model);
  if (at > size || n > size - at)
    return tl_fail(model->context, TL_ERR_ARGUMENT, "floats %zu to %zu of the model's file: it has %zu", at,
                   at + n, size);
  memcpy(out, model->weights + at, n * sizeof *out);
  for (int32_t i = 0; i < model->at.adapters; i++) {
    const tl_span *span = &model->spans[i];
    size_t begin = span->offset > at ? span->offset : at;
    size_t end = span->offset + span->size < at + n ? span->offset + span->size : at + n;
    if (span->adapter >= 0 && begin < end)
      tl_lora_merged(model, i, begin - span->offset, end - span->offset, out + (begin - at));
  }
  return TL_OK;
}
