/* BERT's pre-tokenizer: splits at white space, and around every punctuation mark. */
#include "text/pre_tokenizer.h"

#include <string.h>

#include "base/utf8.h"
#include "text/json_fields.h"

void tl_pre_tokenizer_make(tl_pre_tokenizer_kind kind, tl_pre_tokenizer *out) {
  out->kind = kind;
  for (uint32_t character = 0; character < TL_UNICODE_BLOCK; ++character)
    out->ascii[character] = tl_unicode_flags(character);
}

tl_status tl_pre_tokenizer_read(tl_context *context, const tl_json_value *json, tl_pre_tokenizer *out) {
  const tl_json_kind kind = tl_json_kind_of(json);
  if (kind == TL_JSON_ABSENT || kind == TL_JSON_NULL) {
    tl_pre_tokenizer_make(TL_PRE_TOKENIZER_NONE, out);
    return TL_OK;
  }
  const char *type = NULL;
  const tl_status status = tl_component_type(context, json, "pre_tokenizer", &type);
  if (status != TL_OK)
    return status;
  if (strcmp(type, "BertPreTokenizer") != 0)
    return tl_component_unknown(context, "pre_tokenizer", type, "BertPreTokenizer");
  tl_pre_tokenizer_make(TL_PRE_TOKENIZER_BERT, out);
  return TL_OK;
}

void tl_pre_tokenizer_write(const tl_pre_tokenizer *pre_tokenizer, tl_text *out) {
  if (pre_tokenizer->kind == TL_PRE_TOKENIZER_NONE)
    tl_text_json_string(out, NULL);
  else
    tl_text_format(out, "{\"type\":\"BertPreTokenizer\"}");
}

/* The flags of the character at text[0], and its bytes. */
static inline uint8_t flags_at(const tl_pre_tokenizer *pre_tokenizer, const uint8_t *text, size_t size,
                               size_t *taken) {
  if (text[0] < TL_UNICODE_BLOCK) {
    *taken = 1;
    return pre_tokenizer->ascii[text[0]];
  }
  return tl_unicode_flags(tl_utf8_decode(text, size, taken));
}

bool tl_pre_tokenizer_next(const tl_pre_tokenizer *pre_tokenizer, const uint8_t *text, size_t size,
                           size_t *at, size_t *begin) {
  size_t end = *at;
  if (pre_tokenizer->kind == TL_PRE_TOKENIZER_NONE) {
    *begin = end;
    *at = size;
    return end < size;
  }
  size_t taken = 0;
  uint8_t flags = TL_CHAR_WHITE_SPACE;
  for (; end < size; end += taken) {
    flags = flags_at(pre_tokenizer, text + end, size - end, &taken);
    if ((flags & TL_CHAR_WHITE_SPACE) == 0)
      break;
  }
  if (end == size)
    return false;
  *begin = end;
  end += taken;
  if ((flags & TL_CHAR_PUNCTUATION) == 0) {
    for (; end < size; end += taken) {
      flags = flags_at(pre_tokenizer, text + end, size - end, &taken);
      if ((flags & (TL_CHAR_WHITE_SPACE | TL_CHAR_PUNCTUATION)) != 0)
        break;
    }
  }
  *at = end;
  return true;
}
