/* The gradients: one block, and what is known about it without reading it. It holds the trainable spans
 * alone, end to end, from when a backward first needs it. Clipping is a factor that is multiplied in when
 * somebody reads; a row of an embedding that no token asked for is a bit, not C zeros.
 *
 * While the block is given out (tl_model_gradients), its owner may read and write any of it at any time: all
 * of this is then done at once, and every row counts as touched. Until the next zeroing. */
#ifndef TL_MODEL_GRADIENTS_H
#define TL_MODEL_GRADIENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tunelab/model.h"

/* The embeddings' tables: word, position, type, which are the first spans. */
enum { TL_TABLES = 3 };

typedef struct tl_gradients {
  float *block;  /* NULL before it is laid out */
  size_t floats; /* of the block */
  size_t tables; /* of these, of embedding tables, which lie first */
  bool current;  /* its spans are those trainable now */
  float scale;   /* the gradients are block × scale */
  bool given_out;
  /* For each table the rows that were added to since zeroing (kernels/row_set.h); what the block holds in
   * other rows means nothing: their gradient is zero. NULL for a table that the model does not have. */
  uint32_t *touched[TL_TABLES];
} tl_gradients;

/* Allocates the sets. */
tl_status tl_gradients_create(tl_model *model);
void tl_gradients_free(tl_model *model);

/* The floats of all trainable spans. */
size_t tl_trainable_floats(const tl_model *model);

/* Makes the block that of the spans trainable now; those that stay keep their gradients, new ones are zero.
 * Does nothing if it is. TL_ERR_MEMORY leaves all as it was. */
tl_status tl_gradients_lay_out(tl_model *model);

/* Gives the block back: all gradients are zero, and have no place until it is laid out again. */
void tl_gradients_drop(tl_model *model);

/* All gradients are zero. */
void tl_gradients_zero(tl_model *model);

/* A span's gradient is zero and has no place any more. */
void tl_gradients_drop_span(tl_model *model, int32_t span);

/* Before something is added to the rows rows[0 … n-1] of a table's gradient (but `left_out`): makes zeros of
 * those that nothing was added to. */
void tl_gradients_touch(tl_model *model, int32_t table, const int32_t *rows, int32_t n, int32_t left_out);

/* The rows of a table that may be other than zero; NULL for a span that is no table. */
const uint32_t *tl_gradients_touched(const tl_model *model, int32_t span);

/* Multiplies all trainable gradients by a factor: now, or when somebody reads. */
void tl_gradients_scale(tl_model *model, float factor);

/* Multiplies a factor that was put off into the block. */
void tl_gradients_settle(tl_model *model);

#endif
