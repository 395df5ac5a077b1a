/* UTF-8: decoding one code point at a time, invalid bytes becoming U+FFFD as Python's errors="replace" does.
 */
#ifndef TL_BASE_UTF8_H
#define TL_BASE_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* Reads the code point at bytes[0] (size >= 1) and stores how many bytes it took (>= 1). Maximal invalid
 * subparts give one U+FFFD each (Unicode 3.9, best practice), which is what Python, Rust and TextDecoder do.
 */
uint32_t tl_utf8_decode(const uint8_t *bytes, size_t size, size_t *taken);

/* Writes a code point (1..4 bytes into out) and returns how many. */
size_t tl_utf8_encode(uint32_t code_point, uint8_t out[4]);

#endif
