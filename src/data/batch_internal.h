/* The fields of a batch, as the collator fills them and the model reads them. */
#ifndef TL_DATA_BATCH_INTERNAL_H
#define TL_DATA_BATCH_INTERNAL_H

#include "tunelab/data.h"

typedef enum tl_label_kind {
  TL_LABELS_NONE = 0,
  TL_LABELS_CLASS = 1,   /* `labels`: B class numbers */
  TL_LABELS_TARGETS = 2, /* `targets`: B × K floats */
} tl_label_kind;

struct tl_batch {
  tl_context *context;
  int32_t B; /* sequences */
  int32_t T; /* tokens of all sequences, end to end */
  int32_t S; /* one past the largest position */

  int32_t *offsets;   /* (B + 1): sequence b's tokens are [offsets[b], offsets[b + 1]) */
  int32_t *ids;       /* (T) */
  int32_t *types;     /* (T) */
  int32_t *positions; /* (T): the token's column in the padded view */

  /* Masked tokens with a kept one behind them. Models whose positions count tokens count these too. */
  int32_t hidden;
  int32_t *hidden_ids;    /* (hidden) */
  int32_t *hidden_before; /* (hidden): the index of the next kept token, ascending */

  tl_label_kind label_kind;
  int32_t K;       /* width of `targets` */
  int32_t *labels; /* (B) */
  float *targets;  /* (B, K) */

  /* What the arrays above can hold, in items. */
  size_t offsets_capacity;
  size_t ids_capacity;
  size_t types_capacity;
  size_t positions_capacity;
  size_t hidden_ids_capacity;
  size_t hidden_before_capacity;
  size_t labels_capacity;
  size_t targets_capacity;
};

/* Makes room for B sequences of T tokens, and hidden ones among them; contents and counts stay. */
tl_status tl_batch_make_room(tl_batch *batch, int32_t B, int32_t T, int32_t hidden);

#endif
