/* The encoder's first step: out[t] = word[id] + type[type] + position[position], as far as there are such
 * tables, and the scatter-add that
 * undoes it. */
#ifndef TL_KERNELS_EMBEDDING_H
#define TL_KERNELS_EMBEDDING_H

#include <stdint.h>

#include "base/pool.h"

/* What each of T tokens looks up: rows of the three tables. Ids must be in range (the caller checks). types
 * may be NULL: then there is no table of types (DistilBERT); so may positions (ModernBERT). */
typedef struct tlk_embedding {
  int32_t T;
  int32_t C;
  const int32_t *ids;
  const int32_t *positions;
  const int32_t *types;
} tlk_embedding;

/* out (T × C), summed in transformers' order. A table is not read if what
 * it is looked up by is NULL. */
void tlk_embedding_forward(tl_pool *pool, const tlk_embedding *tokens, const float *word,
                           const float *position, const float *type, float *out);

/* The tables' rows that get no gradient, as torch.nn.Embedding(padding_idx) defines; -1: no such row. */
typedef struct tlk_padding {
  int32_t word;
  int32_t position;
} tlk_padding;

/* Adds dout's rows (T × C) to the tables' gradients, tokens in order. A gradient that is NULL is left out.
 */
void tlk_embedding_backward(tl_pool *pool, const tlk_embedding *tokens, tlk_padding padding,
                            const float *dout, float *dword, float *dposition, float *dtype);

#endif
