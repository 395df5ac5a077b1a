/* The gradients' block laid out for the trainable spans, and what is known about it without reading it, kept
 * true: zeroing, touching rows, scaling late. */
#include "model/gradients.h"

#include "kernels/pointwise.h"
#include "kernels/row_set.h"
#include "model/model_internal.h"

tl_status tl_gradients_create(tl_model *model) {
  tl_gradients *g = &model->gradients;
  g->scale = 1.0f;
  for (int32_t table = 0; table < tl_table_count(model); table++) {
    size_t words = row_set_words((size_t)model->spans[table].shape[0]);
    g->touched[table] = tl_memory_alloc(model->context, words, sizeof *g->touched[table]);
    if (g->touched[table] == NULL)
      return tl_fail_memory(model->context, "the embeddings' rows",
                            (double)words * (double)sizeof *g->touched[table]);
  }
  return TL_OK;
}

void tl_gradients_free(tl_model *model) {
  for (int32_t table = 0; table < TL_TABLES; table++)
    tl_memory_free(model->context, model->gradients.touched[table]);
  tl_memory_free(model->context, model->gradients.block);
}

size_t tl_trainable_floats(const tl_model *model) {
  size_t floats = 0;
  for (int32_t span = 0; span < model->at.count; span++)
    floats += model->spans[span].trainable ? model->spans[span].size : 0;
  return floats;
}

/* Copies what the spans have to their places in the new block. */
static void move_spans(tl_model *model, float *block) {
  tl_gradients *g = &model->gradients;
  size_t at = 0;
  for (int32_t i = 0; i < model->at.count; i++) {
    tl_span *span = &model->spans[i];
    if (i == tl_table_count(model))
      g->tables = at;
    if (!span->trainable)
      continue;
    if (span->has_gradient)
      memcpy(block + at, g->block + span->gradient, span->size * sizeof *block);
    span->has_gradient = true;
    span->gradient = at;
    at += span->size;
  }
  g->floats = at;
}

tl_status tl_gradients_lay_out(tl_model *model) {
  tl_gradients *g = &model->gradients;
  if (g->current)
    return TL_OK;
  size_t floats = tl_trainable_floats(model);
  float *block = tl_memory_alloc(model->context, floats, sizeof *block);
  if (block == NULL)
    return tl_fail_memory(model->context, "the gradients", (double)floats * (double)sizeof *block);
  move_spans(model, block);
  tl_memory_free(model->context, g->block);
  g->block = block;
  g->current = true;
  g->given_out = false;
  return TL_OK;
}

const uint32_t *tl_gradients_touched(const tl_model *model, int32_t span) {
  return span < tl_table_count(model) ? model->gradients.touched[span] : NULL;
}

/* Where a table's row lies in the block. */
static float *row_at(const tl_model *model, int32_t table, size_t row) {
  const tl_span *span = &model->spans[table];
  return model->gradients.block + span->gradient + row * (size_t)span->shape[1];
}

static void forget_rows(tl_model *model, int32_t table) {
  row_set_clear(model->gradients.touched[table], (size_t)model->spans[table].shape[0]);
}

void tl_gradients_zero(tl_model *model) {
  tl_gradients *g = &model->gradients;
  for (int32_t table = 0; table < tl_table_count(model); table++)
    forget_rows(model, table);
  if (g->block != NULL)
    tlk_zero(tl_context_pool(model->context), g->block + g->tables, g->floats - g->tables);
  g->scale = 1.0f;
  g->given_out = false;
}

void tl_gradients_drop_span(tl_model *model, int32_t span) {
  if (span < tl_table_count(model))
    forget_rows(model, span);
  model->spans[span].has_gradient = false;
}

void tl_gradients_drop(tl_model *model) {
  tl_gradients *g = &model->gradients;
  for (int32_t span = 0; span < model->at.count; span++)
    tl_gradients_drop_span(model, span);
  tl_memory_free(model->context, g->block);
  g->block = NULL;
  g->current = false;
  g->scale = 1.0f;
}

/* Puts zeros where the block means zeros. */
static void clean_table(tl_model *model, int32_t table) {
  size_t columns = (size_t)model->spans[table].shape[1];
  for (size_t row = 0; row < (size_t)model->spans[table].shape[0]; row++)
    if (!row_set_has(model->gradients.touched[table], row))
      memset(row_at(model, table, row), 0, columns * sizeof(float));
}

void tl_gradients_touch(tl_model *model, int32_t table, const int32_t *rows, int32_t n, int32_t left_out) {
  uint32_t *touched = model->gradients.touched[table];
  size_t columns = (size_t)model->spans[table].shape[1];
  for (int32_t i = 0; i < n; i++) {
    size_t row = (size_t)rows[i];
    if (rows[i] == left_out || row_set_has(touched, row))
      continue;
    memset(row_at(model, table, row), 0, columns * sizeof(float));
    row_set_add(touched, row);
  }
}

/* Multiplies a span's gradient in the block. */
static void scale_span(tl_model *model, int32_t span, float factor) {
  tl_pool *pool = tl_context_pool(model->context);
  const tl_span *chosen = &model->spans[span];
  const uint32_t *touched = tl_gradients_touched(model, span);
  if (touched == NULL) {
    tlk_scale(pool, factor, model->gradients.block + chosen->gradient, chosen->size);
    return;
  }
  for (size_t row = 0; row < (size_t)chosen->shape[0]; row++)
    if (row_set_has(touched, row))
      tlk_scale(pool, factor, row_at(model, span, row), (size_t)chosen->shape[1]);
}

static void scale_block(tl_model *model, float factor) {
  for (int32_t span = 0; span < model->at.count; span++)
    if (model->spans[span].has_gradient)
      scale_span(model, span, factor);
}

void tl_gradients_scale(tl_model *model, float factor) {
  if (model->gradients.given_out) {
    scale_block(model, factor);
    return;
  }
  tl_gradients_settle(model); /* two factors in one would be rounded otherwise than one after the other */
  model->gradients.scale = factor;
}

void tl_gradients_settle(tl_model *model) {
  if (model->gradients.scale != 1.0f)
    scale_block(model, model->gradients.scale);
  model->gradients.scale = 1.0f;
}

float *tl_model_gradients(tl_model *model) {
  tl_gradients_settle(model);
  if (tl_gradients_lay_out(model) != TL_OK)
    return NULL;
  for (int32_t table = 0; table < tl_table_count(model); table++) {
    if (!model->spans[table].has_gradient)
      continue;
    clean_table(model, table);
    row_set_fill(model->gradients.touched[table], (size_t)model->spans[table].shape[0]);
  }
  model->gradients.given_out = true;
  return model->gradients.block;
}

const float *tl_model_gradient(tl_model *model, int32_t span) {
  if (span < 0 || span >= model->at.count || !model->spans[span].has_gradient)
    return NULL;
  tl_gradients_settle(model);
  if (span < tl_table_count(model))
    clean_table(model, span);
  return model->gradients.block + model->spans[span].gradient;
}
