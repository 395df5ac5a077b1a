/* The optimizer's memory: two moments for every span that trains, and none for the others. */
#include <string.h>

#include "base/context_internal.h"
#include "kernels/row_set.h"
#include "train/adamw_internal.h"

tl_status tl_moments_create(tl_adamw *optimizer) {
  const tl_model *model = optimizer->model;
  for (int32_t table = 0; table < tl_table_count(model); ++table) {
    const size_t words = row_set_words((size_t)model->spans[table].shape[0]);
    optimizer->moved[table] = tl_memory_alloc(optimizer->context, words, sizeof *optimizer->moved[table]);
    if (optimizer->moved[table] == NULL)
      return tl_fail_memory(optimizer->context, "the embeddings' rows",
                            (double)words * (double)sizeof *optimizer->moved[table]);
  }
  return TL_OK;
}

void tl_moments_free(tl_adamw *optimizer) {
  tl_memory_free(optimizer->context, optimizer->exp_avg);
  tl_memory_free(optimizer->context, optimizer->exp_avg_sq);
  for (int32_t table = 0; table < TL_TABLES; ++table)
    tl_memory_free(optimizer->context, optimizer->moved[table]);
}

/* Whether a span's moments are or will be other than zero. */
static bool wants_moments(const tl_adamw *optimizer, int32_t span) {
  return optimizer->model->spans[span].trainable || optimizer->held[span].steps > 0;
}

static bool is_current(const tl_adamw *optimizer) {
  for (int32_t span = 0; span < optimizer->span_count; ++span)
    if (wants_moments(optimizer, span) != optimizer->held[span].has_moments)
      return false;
  return optimizer->exp_avg != NULL;
}

/* Copies what the spans have to their places in the new blocks. */
static void move_spans(tl_adamw *optimizer, float *exp_avg, float *exp_avg_sq) {
  size_t at = 0;
  for (int32_t span = 0; span < optimizer->span_count; ++span) {
    held_span *held = &optimizer->held[span];
    const bool had = held->has_moments;
    const size_t size = optimizer->model->spans[span].size;
    held->has_moments = wants_moments(optimizer, span);
    if (!held->has_moments)
      continue;
    if (had) {
      memcpy(exp_avg + at, optimizer->exp_avg + held->moments, size * sizeof *exp_avg);
      memcpy(exp_avg_sq + at, optimizer->exp_avg_sq + held->moments, size * sizeof *exp_avg_sq);
    }
    held->moments = at;
    at += size;
  }
}

tl_status tl_moments_lay_out(tl_adamw *optimizer) {
  if (is_current(optimizer))
    return TL_OK;
  tl_context *context = optimizer->context;
  size_t floats = 0;
  for (int32_t span = 0; span < optimizer->span_count; ++span)
    floats += wants_moments(optimizer, span) ? optimizer->model->spans[span].size : 0;
  float *exp_avg = tl_memory_alloc(context, floats, sizeof *exp_avg);
  float *exp_avg_sq = tl_memory_alloc(context, floats, sizeof *exp_avg_sq);
  if (exp_avg == NULL || exp_avg_sq == NULL) {
    tl_memory_free(context, exp_avg);
    tl_memory_free(context, exp_avg_sq);
    return tl_fail_memory(context, "the optimizer's two moments", 2.0 * sizeof(float) * (double)floats);
  }
  move_spans(optimizer, exp_avg, exp_avg_sq);
  tl_memory_free(context, optimizer->exp_avg);
  tl_memory_free(context, optimizer->exp_avg_sq);
  optimizer->exp_avg = exp_avg;
  optimizer->exp_avg_sq = exp_avg_sq;
  return TL_OK;
}

/* A span's place in a block of moments, for whoever may write to it in any row; NULL if it has none. */
static float *give_out(tl_adamw *optimizer, int32_t span, float *block) {
  if (span < 0 || span >= optimizer->span_count || !optimizer->held[span].has_moments)
    return NULL;
  if (span < tl_table_count(optimizer->model))
    row_set_fill(optimizer->moved[span], (size_t)optimizer->model->spans[span].shape[0]);
  return block + optimizer->held[span].moments;
}

float *tl_adamw_exp_avg(tl_adamw *optimizer, int32_t span) {
  return give_out(optimizer, span, optimizer->exp_avg);
}

float *tl_adamw_exp_avg_sq(tl_adamw *optimizer, int32_t span) {
  return give_out(optimizer, span, optimizer->exp_avg_sq);
}
