/* What is known about the gradients without reading them, kept true: zeroing, touching rows, scaling late. */
#include "model/gradients.h"

#include "kernels/pointwise.h"
#include "kernels/row_set.h"
#include "model/model_internal.h"

bool tl_gradients_create(tl_model *model) {
  tl_gradients *g = &model->gradients;
  g->scale = 1.0f;
  bool complete = true;
  for (int32_t table = 0; table < tl_table_count(model); table++) {
    size_t words = row_set_words((size_t)model->spans[table].shape[0]);
    g->touched[table] = tl_memory_alloc(model->context, words, sizeof *g->touched[table]);
    complete = complete && g->touched[table] != NULL;
  }
  g->block = tl_memory_alloc(model->context, model->parameters, sizeof *g->block);
  return complete && g->block != NULL;
}

void tl_gradients_free(tl_model *model) {
  for (int32_t table = 0; table < TL_TABLES; table++)
    tl_memory_free(model->context, model->gradients.touched[table]);
  tl_memory_free(model->context, model->gradients.block);
}

const uint32_t *tl_gradients_touched(const tl_model *model, int32_t span) {
  return span < tl_table_count(model) ? model->gradients.touched[span] : NULL;
}

/* Where a table's row lies in the block. */
static float *row_at(const tl_model *model, int32_t table, size_t row) {
  const tl_span *span = &model->spans[table];
  return model->gradients.block + span->offset + row * (size_t)span->shape[1];
}

void tl_gradients_zero(tl_model *model) {
  tl_gradients *g = &model->gradients;
  size_t tables = model->spans[tl_table_count(model)].offset;
  for (int32_t table = 0; table < tl_table_count(model); table++)
    row_set_clear(g->touched[table], (size_t)model->spans[table].shape[0]);
  tlk_zero(tl_context_pool(model->context), g->block + tables, model->parameters - tables);
  g->scale = 1.0f;
  g->given_out = false;
}

/* Puts zeros where the block means zeros. */
static void clean_table(tl_model *model, int32_t table) {
  size_t columns = (size_t)model->spans[table].shape[1];
  for (size_t row = 0; row < (size_t)model->spans[table].shape[0]; row++)
    if (!row_set_has(model->gradients.touched[table], row))
      memset(row_at(model, table, row), 0, columns * sizeof(float));
}

void tl_gradients_zero_span(tl_model *model, int32_t span) {
  const tl_span *chosen = &model->spans[span];
  tlk_zero(tl_context_pool(model->context), model->gradients.block + chosen->offset, chosen->size);
  if (span < tl_table_count(model) && !model->gradients.given_out)
    row_set_clear(model->gradients.touched[span], (size_t)chosen->shape[0]);
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
    tlk_scale(pool, factor, model->gradients.block + chosen->offset, chosen->size);
    return;
  }
  for (size_t row = 0; row < (size_t)chosen->shape[0]; row++)
    if (row_set_has(touched, row))
      tlk_scale(pool, factor, row_at(model, span, row), (size_t)chosen->shape[1]);
}

static void scale_block(tl_model *model, float factor) {
  for (int32_t span = 0; span < model->at.count; span++)
    if (model->spans[span].trainable)
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
  for (int32_t table = 0; table < tl_table_count(model); table++) {
    clean_table(model, table);
    row_set_fill(model->gradients.touched[table], (size_t)model->spans[table].shape[0]);
  }
  model->gradients.given_out = true;
  return model->gradients.block;
}

const float *tl_model_gradient(tl_model *model, int32_t span) {
  if (span < 0 || span >= model->at.count)
    return NULL;
  tl_gradients_settle(model);
  if (span < tl_table_count(model))
    clean_table(model, span);
  return model->gradients.block + model->spans[span].offset;
}
