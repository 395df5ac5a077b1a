/* Byte fallback: what a vocabulary does not have, byte by byte as "<0x0A>". */
#ifndef TL_TEXT_BYTE_FALLBACK_H
#define TL_TEXT_BYTE_FALLBACK_H

#include "text/vocabulary.h"

typedef struct tl_byte_fallback {
  bool enabled;
  int32_t ids[256]; /* of each byte's token; -1: it has none */
} tl_byte_fallback;

/* Looks the bytes' tokens up in a finished vocabulary. */
void tl_byte_fallback_find(const tl_vocabulary *vocabulary, tl_byte_fallback *out);

/* Whether it is enabled and every byte of the text has a token. */
bool tl_byte_fallback_covers(const tl_byte_fallback *fallback, const uint8_t *text, size_t size);

/* The byte that a token stands for, or -1. */
int32_t tl_byte_fallback_byte(const uint8_t *token, size_t size);

#endif
