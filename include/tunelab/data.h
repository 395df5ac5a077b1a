/* Rows of different lengths, the order they are drawn in, and the batches made of them.
 *
 *   tl_ragged *ids;
 *   tl_ragged_create(context, &ids);
 *   tl_ragged_append(ids, tl_encoding_ids(enc), tl_encoding_offsets(enc), tl_encoding_rows(enc));
 *   tl_sampler_epoch(generator, tl_ragged_rows(ids), true, order);
 *   tl_batch *batch;
 *   tl_batch_create(context, &batch);
 *   … for each 8 rows of the order
 *   tl_batch_collate(batch, ids, NULL, order + at, 8);       // packed end to end
 *   tl_batch_set_labels(batch, labels, 8);                   // in the order of the batch's rows
 *
 * A batch holds B sequences of T tokens in all, end to end, without padding. The padded (B, S) view that the
 * course shows (dynamic padding: S is the longest sequence of this batch) is written on request by
 * tl_batch_pad. */
#ifndef TUNELAB_DATA_H
#define TUNELAB_DATA_H

#include "tunelab/context.h"
#include "tunelab/generator.h"

/* A column of rows of int32 values: values end to end, with offsets. The caller owns it. */
typedef struct tl_ragged tl_ragged;

TL_API tl_status tl_ragged_create(tl_context *context, tl_ragged **out);
TL_API void tl_ragged_free(tl_ragged *column);
/* Appends n rows: values[offsets[0] .. offsets[n]), cut at the offsets (n + 1 of them, ascending). Copies.
 * TL_ERR_ARGUMENT for offsets that descend or are negative. */
TL_API tl_status tl_ragged_append(tl_ragged *column, const int32_t *values, const int32_t *offsets,
                                  int32_t n);
TL_API int32_t tl_ragged_rows(const tl_ragged *column);
/* Row `row`'s values, owned by the column until the next append, and its length. Out of range: NULL and 0. */
TL_API const int32_t *tl_ragged_row(const tl_ragged *column, int32_t row, int32_t *length);

/* Fills order[n] with the order of one epoch over n rows. shuffle: torch.randperm(n, generator=g), with its
 * errors, as torch's RandomSampler(generator=g) draws it; otherwise 0..n-1, and the generator may be NULL. */
TL_API tl_status tl_sampler_epoch(tl_generator *generator, int32_t n, bool shuffle, int32_t *order);

/* One batch, reused from step to step; its arrays grow as needed and are owned by it. The caller owns the
 * batch; a new one is empty. */
typedef struct tl_batch tl_batch;

typedef enum tl_field {
  TL_INPUT_IDS = 0,
  TL_ATTENTION_MASK = 1,
  TL_TOKEN_TYPE_IDS = 2,
} tl_field;

TL_API tl_status tl_batch_create(tl_context *context, tl_batch **out);
TL_API void tl_batch_free(tl_batch *batch);

/* Fills it with rows[0..n) of the columns. `types` may be NULL: all zero. Every row must have at least one
 * token, and the columns equal lengths row by row (TL_ERR_ARGUMENT otherwise). Labels are dropped. */
TL_API tl_status tl_batch_collate(tl_batch *batch, const tl_ragged *ids, const tl_ragged *types,
                                  const int32_t *rows, int32_t n);

/* Fills it from padded (B, S) arrays, row-major. attention_mask NULL: all ones; token_type_ids NULL: all
 * zeros. Tokens with mask 0 are left out, and the rest keep their column as position (as transformers counts
 * positions). Refused (TL_ERR_ARGUMENT): a mask other than 0/1, a sequence whose first column is masked.
 * Labels are dropped. */
TL_API tl_status tl_batch_pack(tl_batch *batch, int32_t B, int32_t S, const int32_t *input_ids,
                               const int32_t *attention_mask, const int32_t *token_type_ids);

/* Class labels (n must be B), or float targets (B × K row-major) for multi-label and regression. Checked
 * against the model in tl_model_forward. Copies. */
TL_API tl_status tl_batch_set_labels(tl_batch *batch, const int32_t *labels, int32_t n);
TL_API tl_status tl_batch_set_targets(tl_batch *batch, const float *targets, int32_t B, int32_t K);

TL_API int32_t tl_batch_sequences(const tl_batch *batch); /* B */
TL_API int32_t tl_batch_tokens(const tl_batch *batch);    /* T */
TL_API int32_t tl_batch_longest(const tl_batch *batch);   /* S: one past the largest position in the batch */

/* Writes the field as the padded (B, width) array into out, width >= tl_batch_longest (TL_ERR_ARGUMENT
 * otherwise); `pad_value` in the padding (for the attention mask 0 whatever is passed). */
TL_API tl_status tl_batch_pad(const tl_batch *batch, tl_field field, int32_t width, int32_t pad_value,
                              int32_t *out);

#endif
