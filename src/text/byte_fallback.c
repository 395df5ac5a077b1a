/* Tokens of single bytes; see byte_fallback.h. */
#include "text/byte_fallback.h"

#include <string.h>

enum { TOKEN = sizeof "<0x0A>" - 1 };

void tl_byte_fallback_find(const tl_vocabulary *vocabulary, tl_byte_fallback *out) {
  static const char digits[] = "0123456789ABCDEF";
  for (size_t byte = 0; byte < sizeof out->ids / sizeof out->ids[0]; ++byte) {
    const char token[TOKEN] = {'<', '0', 'x', digits[byte / 16], digits[byte % 16], '>'};
    out->ids[byte] = tl_vocabulary_id(vocabulary, token, TOKEN);
  }
}

bool tl_byte_fallback_covers(const tl_byte_fallback *fallback, const uint8_t *text, size_t size) {
  if (!fallback->enabled)
    return false;
  for (size_t i = 0; i < size; ++i)
    if (fallback->ids[text[i]] < 0)
      return false;
  return true;
}

static int32_t digit(uint8_t character) {
  if (character >= '0' && character <= '9')
    return character - '0';
  const uint8_t lower = character | 0x20;
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

int32_t tl_byte_fallback_byte(const uint8_t *token, size_t size) {
  if (size != TOKEN || memcmp(token, "<0x", 3) != 0 || token[TOKEN - 1] != '>')
    return -1;
  const int32_t high = digit(token[3]), low = digit(token[4]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}
