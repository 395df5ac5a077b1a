/* UTF-8: decoding one code point at a time, invalid bytes becoming U+FFFD as Python's errors="replace" does.
 */
#ifndef TL_BASE_UTF8_H
#define TL_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Reads the code point at bytes[0] (size >= 1) and stores how many bytes it took (>= 1). Maximal invalid
 * subparts give one U+FFFD each (Unicode 3.9, best practice), which is what Python, Rust and TextDecoder do.
 */
uint32_t tl_utf8_decode(const uint8_t *bytes, size_t size, size_t *taken);

/* Whether the code point that tl_utf8_decode read at bytes[0] stands for invalid bytes. */
static inline bool tl_utf8_is_invalid(uint32_t code_point, const uint8_t *bytes, size_t taken) {
  return code_point == 0xFFFD && (bytes[0] != 0xEF || taken != 3);
}

/* Whether all bytes are valid UTF-8. */
bool tl_utf8_is_valid(const uint8_t *bytes, size_t size);

/* Writes a code point (1..4 bytes into out) and returns how many. */
size_t tl_utf8_encode(uint32_t code_point, uint8_t out[4]);

#endif
