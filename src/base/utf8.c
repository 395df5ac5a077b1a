/* UTF-8 decoding with the replacement of invalid bytes, and encoding. */
#include "base/utf8.h"

enum { REPLACEMENT = 0xFFFD };

uint32_t tl_utf8_decode(const uint8_t *bytes, size_t size, size_t *taken) {
  const uint8_t lead = bytes[0];
  *taken = 1;
  if (lead < 0x80)
    return lead;
  /* The second byte's range excludes overlong forms (E0, F0), surrogates (ED) and what is past U+10FFFF (F4).
   */
  uint8_t low = 0x80, high = 0xBF;
  size_t length;
  uint32_t code_point;
  if (lead >= 0xC2 && lead <= 0xDF) {
    length = 2;
    code_point = lead & 0x1Fu;
  } else if (lead >= 0xE0 && lead <= 0xEF) {
    length = 3;
    code_point = lead & 0x0Fu;
    low = lead == 0xE0 ? 0xA0 : 0x80;
    high = lead == 0xED ? 0x9F : 0xBF;
  } else if (lead >= 0xF0 && lead <= 0xF4) {
    length = 4;
    code_point = lead & 0x07u;
    low = lead == 0xF0 ? 0x90 : 0x80;
    high = lead == 0xF4 ? 0x8F : 0xBF;
  } else {
    return REPLACEMENT;
  }
  for (size_t i = 1; i < length; ++i) {
    if (i >= size || bytes[i] < low || bytes[i] > high)
      return REPLACEMENT; /* *taken bytes so far could have begun a character: together they are one
                             replacement */
    code_point = code_point << 6 | (bytes[i] & 0x3Fu);
    low = 0x80;
    high = 0xBF;
    *taken = i + 1;
  }
  return code_point;
}

size_t tl_utf8_encode(uint32_t code_point, uint8_t out[4]) {
  if (code_point > 0x10FFFF || (code_point >= 0xD800 && code_point <= 0xDFFF))
    code_point = REPLACEMENT;
  if (code_point < 0x80) {
    out[0] = (uint8_t)code_point;
    return 1;
  }
  if (code_point < 0x800) {
    out[0] = (uint8_t)(0xC0 | code_point >> 6);
    out[1] = (uint8_t)(0x80 | (code_point & 0x3F));
    return 2;
  }
  if (code_point < 0x10000) {
    out[0] = (uint8_t)(0xE0 | code_point >> 12);
    out[1] = (uint8_t)(0x80 | (code_point >> 6 & 0x3F));
    out[2] = (uint8_t)(0x80 | (code_point & 0x3F));
    return 3;
  }
  out[0] = (uint8_t)(0xF0 | code_point >> 18);
  out[1] = (uint8_t)(0x80 | (code_point >> 12 & 0x3F));
  out[2] = (uint8_t)(0x80 | (code_point >> 6 & 0x3F));
  out[3] = (uint8_t)(0x80 | (code_point & 0x3F));
  return 4;
}

bool tl_utf8_is_valid(const uint8_t *bytes, size_t size) {
  for (size_t at = 0, taken; at < size; at += taken) {
    const uint32_t point = tl_utf8_decode(bytes + at, size - at, &taken);
    if (tl_utf8_is_invalid(point, bytes + at, taken))
      return false;
  }
  return true;
}
