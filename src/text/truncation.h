/* Truncation: how many tokens of a text, or of each text of a pair, are kept. */
#ifndef TL_TEXT_TRUNCATION_H
#define TL_TEXT_TRUNCATION_H

#include "tunelab/tokenizer.h"

typedef enum tl_truncation_result {
  TL_TRUNCATED,           /* it fits now (or did before) */
  TL_TRUNCATION_NO_PAIR,  /* only_second without a second text */
  TL_TRUNCATION_TOO_SHORT /* the text to be cut is not long enough: not one token of it would stay */
} tl_truncation_result;

/* Cuts *a and *b (numbers of tokens; b NULL for a single text) to max_length in all, the special tokens
 * already taken off. The algorithm is that of `tokenizers`: longest_first gives a pair that must be cut on
 * both sides max_length / 2 tokens to the shorter text (to the first if they are equal) and the rest to the
 * other. */
tl_truncation_result tl_truncate(tl_truncation truncation, size_t max_length, size_t *a, size_t *b);

#endif
