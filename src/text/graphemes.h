/* Grapheme clusters: what a reader takes for one character (UAX #29, extended). */
#ifndef TL_TEXT_GRAPHEMES_H
#define TL_TEXT_GRAPHEMES_H

#include "text/unicode.h"

/* The part a code point plays; in the order of tools/unicode/graphemes.py. From EXTEND on, all that a cluster
 * always takes in. */
typedef enum tl_grapheme_class {
  TL_GRAPHEME_OTHER,
  TL_GRAPHEME_CR,
  TL_GRAPHEME_LF,
  TL_GRAPHEME_CONTROL,
  TL_GRAPHEME_REGIONAL, /* half of a flag */
  TL_GRAPHEME_PREPEND,
  TL_GRAPHEME_SPACING_MARK,
  TL_GRAPHEME_L, /* Hangul: leading, vowel, trailing, and syllables of two and three */
  TL_GRAPHEME_V,
  TL_GRAPHEME_T,
  TL_GRAPHEME_LV,
  TL_GRAPHEME_LVT,
  TL_GRAPHEME_PICTOGRAPHIC,
  TL_GRAPHEME_CONSONANT, /* of scripts that join consonants (InCB) */
  TL_GRAPHEME_EXTEND,
  TL_GRAPHEME_EXTEND_JOINING, /* may stand between joined consonants */
  TL_GRAPHEME_LINKER,         /* joins two consonants */
  TL_GRAPHEME_ZWJ,
} tl_grapheme_class;

extern const uint8_t tl_unicode_grapheme_blocks[];
extern const uint8_t tl_unicode_grapheme_entries[];

static inline tl_grapheme_class tl_grapheme_class_of(uint32_t code_point) {
  const uint32_t block = tl_unicode_grapheme_blocks[code_point / TL_UNICODE_BLOCK];
  return (
      tl_grapheme_class)tl_unicode_grapheme_entries[block * TL_UNICODE_BLOCK + code_point % TL_UNICODE_BLOCK];
}

/* Bytes of the cluster at text[0] (valid UTF-8, size >= 1). */
size_t tl_grapheme(const uint8_t *text, size_t size);

#endif
