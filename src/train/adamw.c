/* torch.optim.AdamW over the model's blocks: groups of spans, the two moments, and how often each span was
 * updated. */
#include <math.h>

#include "base/context_internal.h"
#include "kernels/row_set.h"
#include "kernels/update.h"
#include "model/model_internal.h"
#include "tunelab/train.h"

/* What the optimizer knows of a span. torch counts steps for each parameter, so that one unfrozen late starts
 * its bias correction then. */
typedef struct held_span {
  int32_t group; /* -1: not held */
  int64_t steps;
} held_span;

struct tl_adamw {
  tl_context *context;
  tl_model *model;
  tl_adamw_group groups[TL_ADAMW_MAX_GROUPS];
  int32_t span_count;
  uint32_t layout; /* the model's when the moments were made */
  held_span *held;
  float *exp_avg;
  float *exp_avg_sq;
  uint32_t *moved[TL_TABLES]; /* for each embedding table the rows whose moments may be other than zero */
};

static const tl_adamw_group torch_defaults = {
    .lr = 1e-3, .beta1 = 0.9, .beta2 = 0.999, .eps = 1e-8, .weight_decay = 0.01};

tl_status tl_adamw_create(tl_context *context, tl_model *model, tl_adamw **out) {
  const size_t parameters = tl_model_parameter_count(model);
  const int32_t span_count = tl_model_span_count(model);
  tl_adamw *optimizer = tl_memory_alloc(context, 1, sizeof *optimizer);
  if (optimizer == NULL)
    return tl_fail_memory(context, "an optimizer", (double)sizeof *optimizer);
  optimizer->context = context;
  optimizer->model = model;
  optimizer->span_count = span_count;
  optimizer->layout = model->layout;
  for (int32_t i = 0; i < TL_ADAMW_MAX_GROUPS; ++i)
    optimizer->groups[i] = torch_defaults;
  optimizer->held = tl_memory_alloc(context, (size_t)span_count, sizeof *optimizer->held);
  optimizer->exp_avg = tl_memory_alloc(context, parameters, sizeof(float));
  optimizer->exp_avg_sq = tl_memory_alloc(context, parameters, sizeof(float));
  bool complete = optimizer->held != NULL && optimizer->exp_avg != NULL && optimizer->exp_avg_sq != NULL;
  for (int32_t table = 0; table < tl_table_count(model); ++table) {
    const size_t words = row_set_words((size_t)model->spans[table].shape[0]);
    optimizer->moved[table] = tl_memory_alloc(context, words, sizeof *optimizer->moved[table]);
    complete = complete && optimizer->moved[table] != NULL;
  }
  if (!complete) {
    tl_adamw_free(optimizer);
    return tl_fail_memory(context, "the optimizer's two moments", 2.0 * sizeof(float) * (double)parameters);
  }
  *out = optimizer;
  return TL_OK;
}

void tl_adamw_free(tl_adamw *optimizer) {
  if (optimizer == NULL)
    return;
  tl_context *context = optimizer->context;
  tl_memory_free(context, optimizer->held);
  tl_memory_free(context, optimizer->exp_avg);
  tl_memory_free(context, optimizer->exp_avg_sq);
  for (int32_t table = 0; table < TL_TABLES; ++table)
    tl_memory_free(context, optimizer->moved[table]);
  tl_memory_free(context, optimizer);
}

static tl_status check_group(const tl_adamw *optimizer, int32_t group) {
  if (group >= 0 && group < TL_ADAMW_MAX_GROUPS)
    return TL_OK;
  return tl_fail(optimizer->context, TL_ERR_ARGUMENT, "AdamW: group must be in 0..%d, but is %d",
                 TL_ADAMW_MAX_GROUPS - 1, group);
}

static tl_status check_span(const tl_adamw *optimizer, int32_t span) {
  if (span >= 0 && span < optimizer->span_count)
    return TL_OK;
  return tl_fail(optimizer->context, TL_ERR_ARGUMENT, "AdamW: span must be in 0..%d, but is %d",
                 optimizer->span_count - 1, span);
}

/* Written so that NaN fails. */
static tl_status check_not_negative(const tl_adamw *optimizer, const char *name, double value) {
  if (value >= 0.0 && isfinite(value))
    return TL_OK;
  return tl_fail(optimizer->context, TL_ERR_ARGUMENT, "AdamW: %s must be 0 or more, but is %g", name, value);
}

static tl_status check_beta(const tl_adamw *optimizer, const char *name, double value) {
  if (value >= 0.0 && value < 1.0)
    return TL_OK;
  return tl_fail(optimizer->context, TL_ERR_ARGUMENT, "AdamW: %s must be at least 0 and below 1, but is %g",
                 name, value);
}

tl_status tl_adamw_set_group(tl_adamw *optimizer, int32_t group, const tl_adamw_group *values) {
  tl_status status = check_group(optimizer, group);
  if (status == TL_OK)
    status = check_not_negative(optimizer, "lr", values->lr);
  if (status == TL_OK)
    status = check_beta(optimizer, "beta1", values->beta1);
  if (status == TL_OK)
    status = check_beta(optimizer, "beta2", values->beta2);
  if (status == TL_OK)
    status = check_not_negative(optimizer, "eps", values->eps);
  if (status == TL_OK)
    status = check_not_negative(optimizer, "weight_decay", values->weight_decay);
  if (status == TL_OK)
    optimizer->groups[group] = *values;
  return status;
}

tl_status tl_adamw_set_lr(tl_adamw *optimizer, int32_t group, double lr) {
  tl_status status = check_group(optimizer, group);
  if (status == TL_OK)
    status = check_not_negative(optimizer, "lr", lr);
  if (status == TL_OK)
    optimizer->groups[group].lr = lr;
  return status;
}

tl_status tl_adamw_assign(tl_adamw *optimizer, int32_t span, int32_t group) {
  tl_status status = check_span(optimizer, span);
  if (status == TL_OK && group != -1)
    status = check_group(optimizer, group);
  if (status == TL_OK)
    optimizer->held[span].group = group;
  return status;
}

/* The numbers of a span's next update. */
static tlk_adamw_step numbers_of(const tl_adamw *optimizer, held_span held) {
  const tl_adamw_group *group = &optimizer->groups[held.group];
  const double step = (double)(held.steps + 1);
  return (tlk_adamw_step){.lr = group->lr,
                          .beta1 = group->beta1,
                          .beta2 = group->beta2,
                          .eps = group->eps,
                          .weight_decay = group->weight_decay,
                          .bias_correction1 = 1.0 - pow(group->beta1, step),
                          .bias_correction2_sqrt = sqrt(1.0 - pow(group->beta2, step)),
                          .gradient_scale = optimizer->model->gradients.scale};
}

/* One kernel call for spans first … end - 1: neighbours that share a group and a count of steps, or one
 * table.
 */
static void update(tl_adamw *optimizer, int32_t first, int32_t end) {
  tl_model *model = optimizer->model;
  tl_pool *pool = tl_context_pool(optimizer->context);
  const tl_span *span = &model->spans[first], *last = &model->spans[end - 1];
  const tlk_adamw_step numbers = numbers_of(optimizer, optimizer->held[first]);
  const tlk_adamw_blocks blocks = {.weights = model->weights + span->offset,
                                   .gradients = model->gradients.block + span->offset,
                                   .exp_avg = optimizer->exp_avg + span->offset,
                                   .exp_avg_sq = optimizer->exp_avg_sq + span->offset};
  const uint32_t *touched = tl_gradients_touched(model, first);
  if (touched == NULL) {
    tlk_adamw(pool, &numbers, blocks, last->offset + last->size - span->offset);
    return;
  }
  const size_t rows = (size_t)span->shape[0];
  row_set_unite(optimizer->moved[first], touched, rows);
  tlk_adamw_rows(pool, &numbers, blocks, rows, (size_t)span->shape[1], touched, optimizer->moved[first]);
}

/* Where the run of spans from `first` on ends that are updated together. */
static int32_t end_of_run(const tl_adamw *optimizer, int32_t first) {
  const tl_model *model = optimizer->model;
  const held_span *held = optimizer->held;
  int32_t end = first + 1;
  if (first >= tl_table_count(model))
    while (end < optimizer->span_count && model->spans[end].trainable &&
           held[end].group == held[first].group && held[end].steps == held[first].steps)
      ++end;
  return end;
}

tl_status tl_adamw_step(tl_adamw *optimizer) {
  if (optimizer->layout != optimizer->model->layout)
    return tl_fail(
        optimizer->context, TL_ERR_ARGUMENT,
        "AdamW: the model got or merged LoRA adapters since this optimizer was made; make a new one");
  for (int32_t first = 0, end; first < optimizer->span_count; first = end) {
    end = first + 1;
    if (optimizer->held[first].group < 0 || !optimizer->model->spans[first].trainable)
      continue;
    end = end_of_run(optimizer, first);
    update(optimizer, first, end);
    for (int32_t span = first; span < end; ++span)
      ++optimizer->held[span].steps;
  }
  return TL_OK;
}

int64_t tl_adamw_steps(const tl_adamw *optimizer, int32_t span) {
  return span >= 0 && span < optimizer->span_count ? optimizer->held[span].steps : 0;
}

tl_status tl_adamw_set_steps(tl_adamw *optimizer, int32_t span, int64_t steps) {
  const tl_status status = check_span(optimizer, span);
  if (status != TL_OK)
    return status;
  if (steps < 0)
    return tl_fail(optimizer->context, TL_ERR_ARGUMENT, "AdamW: steps must be 0 or more, but is %lld",
                   (long long)steps);
  optimizer->held[span].steps = steps;
  return TL_OK;
}

/* Whoever is given a moment may write to it, in any row. */
static void count_all_as_moved(tl_adamw *optimizer) {
  for (int32_t table = 0; table < tl_table_count(optimizer->model); ++table)
    row_set_fill(optimizer->moved[table], (size_t)optimizer->model->spans[table].shape[0]);
}

float *tl_adamw_exp_avg(tl_adamw *optimizer) {
  count_all_as_moved(optimizer);
  return optimizer->exp_avg;
}

float *tl_adamw_exp_avg_sq(tl_adamw *optimizer) {
  count_all_as_moved(optimizer);
  return optimizer->exp_avg_sq;
}
