/* Embedding lookup and its scatter-add as the formulas read. */
#include "kernels/scalar/scalar_twins.h"

void tlk_embedding_forward_scalar(const tlk_embedding *tokens, const float *word, const float *position,
                                  const float *type, float *out) {
  const size_t C = (size_t)tokens->C;
  for (size_t t = 0; t < (size_t)tokens->T; t++)
    for (size_t c = 0; c < C; c++) {
      float sum = word[(size_t)tokens->ids[t] * C + c];
      if (tokens->types)
        sum += type[(size_t)tokens->types[t] * C + c];
      if (tokens->positions)
        sum += position[(size_t)tokens->positions[t] * C + c];
      out[t * C + c] = sum;
    }
}

/* Adds row t of dout to row rows[t] of the table's gradient, for all tokens in order. */
static void scatter_add(const tlk_embedding *tokens, const int32_t *rows, int32_t left_out, const float *dout,
                        float *dtable) {
  const size_t C = (size_t)tokens->C;
  for (size_t t = 0; t < (size_t)tokens->T; t++)
    for (size_t c = 0; c < C; c++)
      if (rows[t] != left_out)
        dtable[(size_t)rows[t] * C + c] += dout[t * C + c];
}

void tlk_embedding_backward_scalar(const tlk_embedding *tokens, tlk_padding padding, const float *dout,
                                   float *dword, float *dposition, float *dtype) {
  if (dword)
    scatter_add(tokens, tokens->ids, padding.word, dout, dword);
  if (dposition && tokens->positions)
    scatter_add(tokens, tokens->positions, padding.position, dout, dposition);
  if (dtype && tokens->types)
    scatter_add(tokens, tokens->types, -1, dout, dtype);
}
