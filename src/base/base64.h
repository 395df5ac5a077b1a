/* Base64 (RFC 4648, with padding), both ways. */
#ifndef TL_BASE_BASE64_H
#define TL_BASE_BASE64_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes that `size` characters may hold at most. */
static inline size_t tl_base64_decoded_size(size_t size) { return size / 4 * 3; }

/* Decodes text[size] into out, which has room for tl_base64_decoded_size, and stores how many bytes it held.
 * False: it is no base64. */
bool tl_base64_decode(const char *text, size_t size, uint8_t *out, size_t *out_size);

/* The four characters of up to three bytes (1 <= size <= 3). */
void tl_base64_encode(const uint8_t *bytes, size_t size, char out[4]);

#endif
