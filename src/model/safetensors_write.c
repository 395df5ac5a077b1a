/* The header of a file that holds the weights block as it is: spans in order, without gaps, float32. */
#include <string.h>

#include "model/model_internal.h"

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
  for (int32_t i = 0; i < model->at.count; i++) {
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
