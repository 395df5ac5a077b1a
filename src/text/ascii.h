/* Whether a text is ASCII only, eight bytes at a time. */
#ifndef TL_TEXT_ASCII_H
#define TL_TEXT_ASCII_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline bool tl_is_ascii(const uint8_t *text, size_t size) {
  uint64_t seen = 0;
  size_t at = 0;
  for (; at + sizeof seen <= size; at += sizeof seen) {
    uint64_t word;
    memcpy(&word, text + at, sizeof word);
    seen |= word;
  }
  for (; at < size; ++at)
    seen |= text[at];
  return (seen & 0x8080808080808080u) == 0;
}

#endif
