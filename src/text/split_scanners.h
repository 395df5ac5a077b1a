/* The regular expressions of published encoders as scanners: each takes the match that begins at a text's
 * first character. */
#ifndef TL_TEXT_SPLIT_SCANNERS_H
#define TL_TEXT_SPLIT_SCANNERS_H

#include "text/unicode.h"

/* Bytes of the match at text[0] (valid UTF-8, size >= 1); these expressions match everywhere.
 *
 * GPT-2: 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+ */
size_t tl_scan_gpt2(const uint8_t *text, size_t size);

/* GPT-4: (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,digits}| ?[^\s\p{L}\p{N}]+[\r\n]*|
 * \s*[\r\n]+|\s+(?!\S)|\s+ */
size_t tl_scan_cl100k(const uint8_t *text, size_t size, size_t digits);

/* Bytes of the characters at text[0 ..) that have one of the flags `with` and none of `without`, at most
 * `limit` of them. `with` 0: any. */
size_t tl_scan_run(const uint8_t *text, size_t size, uint16_t with, uint16_t without, size_t limit);

#endif
