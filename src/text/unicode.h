/* What the tokenizer knows of each code point: flags, combining class, lowercase, decompositions,
 * compositions.
 *
 * The tables are generated (tools/unicode/generate.py) and equal, code point by code point, what Hugging
 * Face's `tokenizers` does; it mixes Unicode versions, and so do they. */
#ifndef TL_TEXT_UNICODE_H
#define TL_TEXT_UNICODE_H

#include <stddef.h>
#include <stdint.h>

enum {
  TL_UNICODE_BLOCK =
      128, /* code points a block of the two-level tables; also the number of ASCII characters */
  TL_UNICODE_END = 0x110000, /* one past the last code point */
  TL_UNICODE_LONGEST = 18,   /* code points of the longest mapping (NFKD of U+FDFA) */
};

typedef enum tl_unicode_flag {
  TL_CHAR_WHITE_SPACE = 1,
  TL_CHAR_OTHER = 2,       /* control, format, private use: what BERT's clean_text drops */
  TL_CHAR_PUNCTUATION = 4, /* ASCII punctuation and the categories P* */
  TL_CHAR_NONSPACING = 8,  /* Mn as BertNormalizer knows it; only what NFD leaves as it is */
  TL_CHAR_COMBINING = 16,  /* M* as the StripAccents normalizer knows it */
  TL_CHAR_WORD = 32,       /* \w of the crate regex */
  TL_CHAR_LETTER = 64,     /* \p{L} of Oniguruma */
  TL_CHAR_NUMBER = 128,    /* \p{N} of Oniguruma */
  TL_CHAR_NUMERIC = 256,   /* Rust's char::is_numeric */
} tl_unicode_flag;

typedef struct tl_unicode_composition {
  uint32_t first;
  uint32_t second;
  uint32_t composed;
} tl_unicode_composition;

extern const uint8_t tl_unicode_class_blocks[];
extern const uint8_t tl_unicode_class_entries[];
extern const uint16_t tl_unicode_class_flags[];
extern const uint8_t tl_unicode_class_combining[];

extern const uint16_t tl_unicode_pool[];
extern const uint8_t tl_unicode_lower_blocks[];
extern const uint16_t tl_unicode_lower_entries[];
extern const uint32_t tl_unicode_lower_blocks_count;
extern const uint8_t tl_unicode_canonical_blocks[];
extern const uint16_t tl_unicode_canonical_entries[];
extern const uint32_t tl_unicode_canonical_blocks_count;
extern const uint8_t tl_unicode_compatible_blocks[];
extern const uint16_t tl_unicode_compatible_entries[];
extern const uint32_t tl_unicode_compatible_blocks_count;

extern const tl_unicode_composition tl_unicode_compositions[];
extern const uint32_t tl_unicode_compositions_count;

/* A code point's row in tl_unicode_class_flags and tl_unicode_class_combining. code_point < TL_UNICODE_END.
 */
static inline uint8_t tl_unicode_class(uint32_t code_point) {
  const uint32_t block = tl_unicode_class_blocks[code_point / TL_UNICODE_BLOCK];
  return tl_unicode_class_entries[block * TL_UNICODE_BLOCK + code_point % TL_UNICODE_BLOCK];
}

static inline uint16_t tl_unicode_flags(uint32_t code_point) {
  return tl_unicode_class_flags[tl_unicode_class(code_point)];
}

/* The canonical combining class; 0 for a starter. */
static inline uint8_t tl_unicode_combining(uint32_t code_point) {
  return tl_unicode_class_combining[tl_unicode_class(code_point)];
}

/* Each writes what the code point becomes into out[TL_UNICODE_LONGEST] and returns how many code points that
 * is: Rust's char::to_lowercase, and the full canonical or compatibility decomposition. */
size_t tl_unicode_lower(uint32_t code_point, uint32_t *out);
size_t tl_unicode_decompose(uint32_t code_point, uint32_t *out);
size_t tl_unicode_decompose_compatible(uint32_t code_point, uint32_t *out);

/* The code point that NFC joins the two to, or 0. */
uint32_t tl_unicode_compose(uint32_t first, uint32_t second);

#endif
