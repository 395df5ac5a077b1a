/* torch.optim.AdamW over the model's blocks: groups of spans, the two moments, and how often each span was
 * updated. */
#include <math.h>

#include "base/context_internal.h"
#include "kernels/row_set.h"
#include "kernels/update.h"
#include "train/adamw_internal.h"

static const tl_adamw_group torch_defaults = {
    .lr = 1e-3, .beta1 = 0.9, .beta2 = 0.999, .eps = 1e-8, .weight_decay = 0.01};

tl_status tl_adamw_create(tl_context *context, tl_model *model, tl_adamw **out) {
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
  tl_status status = TL_OK;
  if (optimizer->held == NULL)
    status = tl_fail_memory(context, "the optimizer's spans", (double)sizeof *optimizer->held * span_count);
  if (status == TL_OK)
    status = tl_moments_create(optimizer);
  if (status == TL_OK)
    status = tl_moments_lay_out(optimizer);
  if (status != TL_OK) {
    tl_adamw_free(optimizer);
    return status;
  }
  *out = optimizer;
  return TL_OK;
}

void tl_adamw_free(tl_adamw *optimizer) {
  if (optimizer == NULL)
    return;
  tl_moments_free(optimizer);
  tl_memory_free(optimizer->context, optimizer->held);
  tl_memory_free(optimizer->context, optimizer);
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
static tlk_adamw_step numbers_of(const tl_adamw *optimizer, const held_span *held) {
  const tl_adamw_group *group = &optimizer->groups[held->group];
  const double step = (double)(held->steps + 1);
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
  const held_span *held = &optimizer->held[first];
  const tlk_adamw_step numbers = numbers_of(optimizer, held);
  const tlk_adamw_blocks blocks = {.weights = model->weights + span->offset,
                                   .gradients = model->gradients.block + span->gradient,
                                   .exp_avg = optimizer->exp_avg + held->moments,
                                   .exp_avg_sq = optimizer->exp_avg_sq + held->moments};
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
  tl_status status = tl_gradients_lay_out(optimizer->model);
  if (status == TL_OK)
    status = tl_moments_lay_out(optimizer);
  if (status != TL_OK)
    return status;
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
