/* GPT-2's byte-level alphabet: every byte as a printable character, and back. */
#ifndef TL_TEXT_BYTE_LEVEL_H
#define TL_TEXT_BYTE_LEVEL_H

#include "text/buffers.h"

/* The character that stands for a byte (below U+0800: at most two bytes of UTF-8). */
uint32_t tl_byte_level_character(uint8_t byte);

/* The byte that a character stands for, or -1. */
int32_t tl_byte_level_byte(uint32_t character);

/* Appends bytes as their characters. False: no memory. */
bool tl_byte_level_append(tl_context *context, tl_bytes *out, const uint8_t *bytes, size_t size);

/* Appends what a token's characters stand for; the token as it is if one of them stands for no byte. False:
 * no memory. */
bool tl_byte_level_decode(tl_context *context, tl_bytes *out, const uint8_t *token, size_t size);

#endif
