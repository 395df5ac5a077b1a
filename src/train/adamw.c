/* torch.optim.AdamW over the model's blocks: groups of spans, the two moments, and how often each span was
 * updated. */
#include <math.h>
#include <string.h>

#include "base/context_internal.h"
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
  if (optimizer->held == NULL || optimizer->exp_avg == NULL || optimizer->exp_avg_sq == NULL) {
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

/* One kernel call for `size` floats from span `first` on: neighbours that share a group and a count of steps.
 */
static void update(tl_adamw *optimizer, const tl_span *first, size_t size, held_span held) {
  const tl_adamw_group *group = &optimizer->groups[held.group];
  const double step = (double)(held.steps + 1);
  const tlk_adamw_step numbers = {.lr = group->lr,
                                  .beta1 = group->beta1,
                                  .beta2 = group->beta2,
                                  .eps = group->eps,
                                  .weight_decay = group->weight_decay,
                                  .bias_correction1 = 1.0 - pow(group->beta1, step),
                                  .bias_correction2_sqrt = sqrt(1.0 - pow(group->beta2, step))};
  const size_t at = first->offset;
  tlk_adamw(tl_context_pool(optimizer->context), &numbers, tl_model_weights(optimizer->model) + at,
            tl_model_gradients(optimizer->model) + at, optimizer->exp_avg + at, optimizer->exp_avg_sq + at,
            size);
}

tl_status tl_adamw_step(tl_adamw *optimizer) {
  if (optimizer->layout != optimizer->model->layout)
    return tl_fail(
        optimizer->context, TL_ERR_ARGUMENT,
        "AdamW: the model got or merged LoRA adapters since this optimizer was made; make a new one");
  int32_t count;
  const tl_span *spans = tl_model_spans(optimizer->model, &count);
  held_span *held = optimizer->held;
  for (int32_t first = 0, end; first < count; first = end) {
    end = first + 1;
    if (held[first].group < 0 || !spans[first].trainable)
      continue;
    const held_span shared = held[first];
    size_t size = spans[first].size;
    while (end < count && spans[end].trainable && held[end].group == shared.group &&
           held[end].steps == shared.steps)
      size += spans[end++].size; /* spans follow each other without gaps */
    update(optimizer, &spans[first], size, shared);
    for (int32_t span = first; span < end; ++span)
      ++held[span].steps;
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

float *tl_adamw_exp_avg(tl_adamw *optimizer) { return optimizer->exp_avg; }

float *tl_adamw_exp_avg_sq(tl_adamw *optimizer) { return optimizer->exp_avg_sq; }
