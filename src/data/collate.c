/* Filling a batch: from rows of ragged columns, or from the padded arrays that the course shows. */
#include <string.h>

#include "base/context_internal.h"
#include "data/batch_internal.h"

/* The arrays hold new sequences: what is known of the old ones, their labels, goes. */
static void set_counts(tl_batch *batch, int32_t B, int32_t T, int32_t S) {
  batch->B = B;
  batch->T = T;
  batch->S = S;
  batch->label_kind = TL_LABELS_NONE;
}

/* Checks one row's two columns and adds its length to *tokens. */
static tl_status check_row(const tl_batch *batch, const tl_ragged *ids, const tl_ragged *types, int32_t row,
                           int32_t *tokens) {
  if (row < 0 || row >= tl_ragged_rows(ids))
    return tl_fail(batch->context, TL_ERR_ARGUMENT, "row %d is outside the column's %d rows", (int)row,
                   (int)tl_ragged_rows(ids));
  int32_t length = 0;
  tl_ragged_row(ids, row, &length);
  if (length == 0)
    return tl_fail(batch->context, TL_ERR_ARGUMENT, "row %d has no tokens; a sequence needs at least one",
                   (int)row);
  if (types != NULL) {
    int32_t type_length = 0;
    tl_ragged_row(types, row, &type_length);
    if (type_length != length)
      return tl_fail(batch->context, TL_ERR_ARGUMENT, "row %d has %d input_ids but %d token_type_ids",
                     (int)row, (int)length, (int)type_length);
  }
  if (length > INT32_MAX - *tokens)
    return tl_fail(batch->context, TL_ERR_ARGUMENT, "the batch passes %d tokens; take fewer rows", INT32_MAX);
  *tokens += length;
  return TL_OK;
}

tl_status tl_batch_collate(tl_batch *batch, const tl_ragged *ids, const tl_ragged *types, const int32_t *rows,
                           int32_t n) {
  if (n < 1)
    return tl_fail(batch->context, TL_ERR_ARGUMENT, "a batch needs at least one row, got %d", (int)n);
  int32_t tokens = 0;
  for (int32_t i = 0; i < n; i++) {
    tl_status status = check_row(batch, ids, types, rows[i], &tokens);
    if (status != TL_OK)
      return status;
  }
  tl_status status = tl_batch_make_room(batch, n, tokens, 0);
  if (status != TL_OK)
    return status;

  int32_t at = 0;
  int32_t longest = 0;
  batch->offsets[0] = 0;
  batch->hidden = 0;
  for (int32_t i = 0; i < n; i++) {
    int32_t length = 0;
    const int32_t *row = tl_ragged_row(ids, rows[i], &length);
    size_t bytes = (size_t)length * sizeof *row;
    memcpy(batch->ids + at, row, bytes);
    if (types != NULL)
      memcpy(batch->types + at, tl_ragged_row(types, rows[i], &length), bytes);
    else
      memset(batch->types + at, 0, bytes);
    for (int32_t position = 0; position < length; position++)
      batch->positions[at + position] = position;
    at += length;
    batch->offsets[i + 1] = at;
    if (length > longest)
      longest = length;
  }
  set_counts(batch, n, tokens, longest);
  return TL_OK;
}

/* Checks the mask of B × S and counts the tokens it keeps, and those it hides before a row's last kept one.
 */
static tl_status count_tokens(const tl_batch *batch, int32_t B, int32_t S, const int32_t *mask,
                              int32_t *tokens, int32_t *hidden) {
  *tokens = *hidden = 0;
  for (int32_t b = 0; b < B; b++) {
    const int32_t *row = mask + (size_t)b * (size_t)S;
    int32_t masked = 0;
    if (row[0] == 0)
      return tl_fail(batch->context, TL_ERR_ARGUMENT,
                     "sequence %d is masked in its first column, which the head reads; pad on the right",
                     (int)b);
    for (int32_t s = 0; s < S; s++) {
      if (row[s] != 0 && row[s] != 1)
        return tl_fail(batch->context, TL_ERR_ARGUMENT,
                       "attention_mask[%d][%d] is %d; a mask holds zeros and ones only", (int)b, (int)s,
                       (int)row[s]);
      *tokens += row[s];
      *hidden += row[s] * masked;
      masked = row[s] == 0 ? masked + 1 : 0;
    }
  }
  return TL_OK;
}

/* Notes the masked columns [from, to) of a row, which stand before kept token `before`. */
static void add_hidden(tl_batch *batch, const int32_t *row, int32_t from, int32_t to, int32_t before) {
  for (int32_t s = from; s < to; s++) {
    batch->hidden_ids[batch->hidden] = row[s];
    batch->hidden_before[batch->hidden++] = before;
  }
}

tl_status tl_batch_pack(tl_batch *batch, int32_t B, int32_t S, const int32_t *input_ids,
                        const int32_t *attention_mask, const int32_t *token_type_ids) {
  if (B < 1 || S < 1)
    return tl_fail(batch->context, TL_ERR_ARGUMENT,
                   "a batch needs at least one row and one column, got %d × %d", (int)B, (int)S);
  if (B > INT32_MAX / S)
    return tl_fail(batch->context, TL_ERR_ARGUMENT, "the batch passes %d tokens; take fewer rows", INT32_MAX);
  int32_t tokens = B * S, hidden = 0;
  tl_status status = TL_OK;
  if (attention_mask != NULL)
    status = count_tokens(batch, B, S, attention_mask, &tokens, &hidden);
  if (status == TL_OK)
    status = tl_batch_make_room(batch, B, tokens, hidden);
  if (status != TL_OK)
    return status;

  int32_t at = 0;
  int32_t longest = 0;
  batch->offsets[0] = 0;
  batch->hidden = 0;
  for (int32_t b = 0; b < B; b++) {
    size_t row = (size_t)b * (size_t)S;
    int32_t next = 0; /* the column behind the last kept one */
    for (int32_t s = 0; s < S; s++) {
      size_t cell = row + (size_t)s;
      if (attention_mask != NULL && attention_mask[cell] == 0)
        continue;
      add_hidden(batch, input_ids + row, next, s, at);
      batch->ids[at] = input_ids[cell];
      batch->types[at] = token_type_ids != NULL ? token_type_ids[cell] : 0;
      batch->positions[at] = s;
      next = s + 1;
      at++;
    }
    batch->offsets[b + 1] = at;
    longest = next > longest ? next : longest;
  }
  set_counts(batch, B, tokens, longest);
  return TL_OK;
}
