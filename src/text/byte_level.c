/* The byte-level alphabet (GPT-2's bytes_to_unicode): printable Latin-1 stands for itself, the other 68 bytes
 * are numbered from U+0100 on. */
#include "text/byte_level.h"

#include "base/utf8.h"

enum {
  FIRST = 0x100,                     /* the character of the first byte that is not printable */
  BELOW_EXCLAMATION = '!',           /* bytes 0x00 .. 0x20: the first 33 of them */
  AFTER_TILDE = 0x7F,                /* bytes 0x7F .. 0xA0: the next 34 */
  FIRST_LATIN = 0xA1,                /* "¡" */
  SOFT_HYPHEN = 0xAD,                /* the last one */
  TILDES = FIRST_LATIN - AFTER_TILDE /* how many the second run has */
};

uint32_t tl_byte_level_character(uint8_t byte) {
  if (byte < BELOW_EXCLAMATION)
    return FIRST + (uint32_t)byte;
  if (byte >= AFTER_TILDE && byte < FIRST_LATIN)
    return FIRST + BELOW_EXCLAMATION + (uint32_t)(byte - AFTER_TILDE);
  if (byte == SOFT_HYPHEN)
    return FIRST + BELOW_EXCLAMATION + TILDES;
  return byte;
}

int32_t tl_byte_level_byte(uint32_t character) {
  if (character < FIRST)
    return tl_byte_level_character((uint8_t)character) == character ? (int32_t)character : -1;
  const uint32_t number = character - FIRST;
  if (number < BELOW_EXCLAMATION)
    return (int32_t)number;
  if (number < BELOW_EXCLAMATION + TILDES)
    return (int32_t)(number - BELOW_EXCLAMATION + AFTER_TILDE);
  return number == BELOW_EXCLAMATION + TILDES ? SOFT_HYPHEN : -1;
}

bool tl_byte_level_append(tl_context *context, tl_bytes *out, const uint8_t *bytes, size_t size) {
  if (size > SIZE_MAX / 2 || !tl_bytes_reserve(context, out, 2 * size))
    return false;
  uint8_t *at = out->items + out->count;
  for (size_t i = 0; i < size; ++i) {
    const uint8_t byte = bytes[i];
    if (byte > ' ' && byte < AFTER_TILDE)
      *at++ = byte;
    else
      at += tl_utf8_encode(tl_byte_level_character(byte), at);
  }
  out->count = (size_t)(at - out->items);
  return true;
}

bool tl_byte_level_decode(tl_context *context, tl_bytes *out, const uint8_t *token, size_t size) {
  const size_t before = out->count;
  if (!tl_bytes_reserve(context, out, size))
    return false;
  for (size_t at = 0, taken; at < size; at += taken) {
    const int32_t byte = tl_byte_level_byte(tl_utf8_decode(token + at, size - at, &taken));
    if (byte < 0) {
      out->count = before;
      return tl_bytes_append(context, out, token, size);
    }
    out->items[out->count++] = (uint8_t)byte;
  }
  return true;
}
