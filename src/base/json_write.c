/* Writing JSON: a growing text with appends that remember failure, so that callers check once at the end. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/utf8.h"

void tl_text_init(tl_text *text, tl_context *context) { *text = (tl_text){.context = context}; }

void tl_text_free(tl_text *text) {
  tl_memory_free(text->context, text->bytes);
  tl_text_init(text, text->context);
}

/* Makes room for `more` bytes and the NUL; false (and broken) if that cannot be. */
static bool make_room(tl_text *text, size_t more) {
  size_t needed;
  if (text->broken)
    return false;
  if (__builtin_add_overflow(text->size, more, &needed) || __builtin_add_overflow(needed, 1, &needed)) {
    text->broken = true;
    return false;
  }
  void *bytes = text->bytes;
  if (tl_memory_grow(text->context, &bytes, &text->capacity, needed, 1, "a text") != TL_OK) {
    text->broken = true;
    return false;
  }
  text->bytes = bytes;
  return true;
}

void tl_text_append(tl_text *text, const char *bytes, size_t size) {
  if (!make_room(text, size))
    return;
  if (size > 0)
    memcpy(text->bytes + text->size, bytes, size);
  text->size += size;
  text->bytes[text->size] = '\0';
}

void tl_text_format(tl_text *text, const char *format, ...) {
  va_list arguments, again;
  va_start(arguments, format);
  va_copy(again, arguments);
  const int length = vsnprintf(NULL, 0, format, arguments);
  va_end(arguments);
  if (length < 0) {
    text->broken = true;
  } else if (make_room(text, (size_t)length)) {
    vsnprintf(text->bytes + text->size, (size_t)length + 1, format, again);
    text->size += (size_t)length;
  }
  va_end(again);
}

/* The two-character escape of a code point, or 0. */
static char short_escape(uint32_t code_point) {
  switch (code_point) {
  case '"':
  case '\\':
    return (char)code_point;
  case '\b':
    return 'b';
  case '\f':
    return 'f';
  case '\n':
    return 'n';
  case '\r':
    return 'r';
  case '\t':
    return 't';
  default:
    return 0;
  }
}

void tl_text_json_string(tl_text *text, const char *string) {
  if (string == NULL) {
    tl_text_append(text, "null", 4);
    return;
  }
  const uint8_t *bytes = (const uint8_t *)string;
  const size_t size = strlen(string);
  tl_text_append(text, "\"", 1);
  for (size_t at = 0; at < size;) {
    size_t taken;
    const uint32_t code_point = tl_utf8_decode(bytes + at, size - at, &taken);
    const char escape = short_escape(code_point);
    if (escape != 0) {
      const char escaped[2] = {'\\', escape};
      tl_text_append(text, escaped, sizeof escaped);
    } else if (code_point < 0x20) {
      tl_text_format(text, "\\u%04x", (unsigned)code_point);
    } else {
      uint8_t encoded[4];
      tl_text_append(text, (const char *)encoded, tl_utf8_encode(code_point, encoded));
    }
    at += taken;
  }
  tl_text_append(text, "\"", 1);
}

void tl_text_json_number(tl_text *text, double number) {
  if (!isfinite(number)) {
    tl_text_append(text, "null", 4); /* JSON has no other word for it */
    return;
  }
  char digits[32];
  for (int precision = 15; precision <= 17; ++precision) { /* 17 digits always read back */
    snprintf(digits, sizeof digits, "%.*g", precision, number);
    if (strtod(digits, NULL) == number)
      break;
  }
  tl_text_append(text, digits, strlen(digits));
}

tl_status tl_text_finish(tl_text *text) {
  tl_text_append(text, "", 0);
  return text->broken ? TL_ERR_MEMORY : TL_OK;
}
