/* Base64; see base64.h. */
#include "base/base64.h"

#include <string.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* The number that a character stands for, or -1. */
static int32_t value_of(char character) {
  const char *found = character != '\0' ? strchr(alphabet, character) : NULL;
  return found != NULL ? (int32_t)(found - alphabet) : -1;
}

bool tl_base64_decode(const char *text, size_t size, uint8_t *out, size_t *out_size) {
  if (size % 4 != 0)
    return false;
  size_t count = 0;
  for (size_t at = 0; at < size; at += 4) {
    size_t padding = 0;
    if (at + 4 == size)
      padding = text[at + 3] != '=' ? 0 : text[at + 2] != '=' ? 1 : 2;
    uint32_t bits = 0;
    for (size_t i = 0; i < 4; ++i) {
      const int32_t value = i < 4 - padding ? value_of(text[at + i]) : 0;
      if (value < 0)
        return false;
      bits = bits << 6 | (uint32_t)value;
    }
    if ((bits & ((1u << 8 * padding) - 1)) != 0) /* bits that no byte takes */
      return false;
    for (size_t i = 0; i < 3 - padding; ++i)
      out[count++] = (uint8_t)(bits >> (16 - 8 * i));
  }
  *out_size = count;
  return true;
}

void tl_base64_encode(const uint8_t *bytes, size_t size, char out[4]) {
  uint32_t bits = 0;
  for (size_t i = 0; i < 3; ++i)
    bits = bits << 8 | (i < size ? bytes[i] : 0u);
  for (size_t i = 0; i < 4; ++i)
    out[i] = (char)(i <= size ? alphabet[bits >> (18 - 6 * i) & 63] : '=');
}
