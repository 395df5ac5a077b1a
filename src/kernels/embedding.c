/* Embedding lookup and its scatter-add. */
#include "kernels/embedding.h"

#include "kernels/column_sum.h"
#include "kernels/ranges.h"
#include "kernels/simd.h"

typedef struct lookup {
  const tlk_embedding *tokens;
  const float *word, *position, *type;
  float *out;
} lookup;

static void lookup_tokens(const void *arguments, size_t begin, size_t end) {
  const lookup *a = arguments;
  const tlk_embedding *tokens = a->tokens;
  const size_t C = (size_t)tokens->C;
  for (size_t t = begin; t < end; t++) {
    const float *word = a->word + (size_t)tokens->ids[t] * C;
    const float *position = tokens->positions ? a->position + (size_t)tokens->positions[t] * C : NULL;
    const float *type = tokens->types ? a->type + (size_t)tokens->types[t] * C : NULL;
    for (size_t c = 0; c < C; c += TL_LANES) {
      const size_t count = C - c < TL_LANES ? C - c : TL_LANES;
      tl_v4 sum = v4_load_part(word + c, count);
      if (type)
        sum += v4_load_part(type + c, count);
      if (position)
        sum += v4_load_part(position + c, count);
      v4_store_part(a->out + t * C + c, sum, count);
    }
  }
}

void tlk_embedding_forward(tl_pool *pool, const tlk_embedding *tokens, const float *word,
                           const float *position, const float *type, float *out) {
  const lookup a = {tokens, word, position, type, out};
  const size_t T = (size_t)tokens->T;
  tlk_run_ranges(pool, T, 1, T * (size_t)tokens->C, lookup_tokens, &a);
}

typedef struct scatter {
  const tlk_embedding *tokens;
  tlk_padding padding;
  const float *dout;
  float *dword, *dposition, *dtype;
} scatter;

/* Columns [begin, end) of all tokens, in order: two tokens may share a row, two threads never share a number.
 */
static void scatter_columns(const void *arguments, size_t begin, size_t end) {
  const scatter *a = arguments;
  const tlk_embedding *tokens = a->tokens;
  const size_t C = (size_t)tokens->C, width = end - begin;
  for (size_t t = 0; t < (size_t)tokens->T; t++) {
    const float *row = a->dout + t * C + begin;
    if (a->dword && tokens->ids[t] != a->padding.word)
      column_add(row, a->dword + (size_t)tokens->ids[t] * C + begin, width);
    if (a->dposition && tokens->positions && tokens->positions[t] != a->padding.position)
      column_add(row, a->dposition + (size_t)tokens->positions[t] * C + begin, width);
    if (a->dtype && tokens->types)
      column_add(row, a->dtype + (size_t)tokens->types[t] * C + begin, width);
  }
}

void tlk_embedding_backward(tl_pool *pool, const tlk_embedding *tokens, tlk_padding padding,
                            const float *dout, float *dword, float *dposition, float *dtype) {
  const scatter a = {tokens, padding, dout, dword, dposition, dtype};
  const size_t C = (size_t)tokens->C;
  tlk_run_ranges(pool, C, TLK_ELEMENT_GRAIN, (size_t)tokens->T * C, scatter_columns, &a);
}
