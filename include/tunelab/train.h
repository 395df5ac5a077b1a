/* Training: AdamW with parameter groups, gradient clipping, schedules, metrics.
 *
 *   tl_adamw *optimizer;
 *   tl_adamw_create(context, model, &optimizer);
 *   const tl_adamw_group numbers = {
 *       .lr = 5e-5, .beta1 = 0.9, .beta2 = 0.999, .eps = 1e-8, .weight_decay = 0.01};
 *   tl_adamw_set_group(optimizer, 0, &numbers);
 *   … each step: forward, backward, then
 *   float norm;
 *   tl_clip_grad_norm(model, 1.0f, &norm);
 *   tl_adamw_set_lr(optimizer, 0, 5e-5 * tl_schedule_linear(step, warmup, total));
 *   tl_adamw_step(optimizer);
 *   tl_model_zero_grad(model);
 */
#ifndef TUNELAB_TRAIN_H
#define TUNELAB_TRAIN_H

#include "tunelab/context.h"
#include "tunelab/model.h"

/* torch.optim.AdamW (decoupled weight decay, bias correction), state in two moments of every parameter that
 * trains. A row of an embedding that never had a gradient costs nothing, or with weight decay just that. */
typedef struct tl_adamw tl_adamw;

typedef struct tl_adamw_group {
  double lr;
  double beta1;
  double beta2;
  double eps;
  double weight_decay;
} tl_adamw_group;

enum { TL_ADAMW_MAX_GROUPS = 64 };

/* Makes an optimizer over all spans in group 0 with torch's defaults (lr 1e-3, betas 0.9 0.999, eps 1e-8,
 * weight decay 0.01). Keeps a pointer to the model, which must outlive it. TL_ERR_MEMORY tells the bytes of
 * the two moments, which the spans trainable now get. */
TL_API tl_status tl_adamw_create(tl_context *context, tl_model *model, tl_adamw **out);
TL_API void tl_adamw_free(tl_adamw *optimizer);

/* Sets group `group`'s numbers (0 <= group < TL_ADAMW_MAX_GROUPS); TL_ERR_ARGUMENT for values torch refuses
 * (a negative or NaN number, a beta of 1 or more) and for infinite ones. */
TL_API tl_status tl_adamw_set_group(tl_adamw *optimizer, int32_t group, const tl_adamw_group *values);
TL_API tl_status tl_adamw_set_lr(tl_adamw *optimizer, int32_t group, double lr);
/* Puts a span into a group; group -1: the optimizer does not hold it. */
TL_API tl_status tl_adamw_assign(tl_adamw *optimizer, int32_t span, int32_t group);

/* One update of every span that is held and trainable. A gradient that no backward has touched counts as
 * zero. TL_ERR_ARGUMENT if LoRA adapters were added or merged (lora.h) since the optimizer was made;
 * TL_ERR_MEMORY only at the first step after spans were frozen or unfrozen, and nothing is updated then. */
TL_API tl_status tl_adamw_step(tl_adamw *optimizer);

/* The state, for checkpoints: how often each span was updated (torch counts for each parameter: one that is
 * unfrozen late starts at 0 then), and the two moments, as many floats as the span has, to be read and
 * written until the optimizer moves them (at the first step after spans were frozen or unfrozen); owned by
 * it. Spans that are neither trainable nor were ever updated have none: NULL. From the first call for one of
 * an embedding on, all its rows are updated. A span out of range has 0 steps and no moments; setting refuses
 * it, and a negative count. */
TL_API int64_t tl_adamw_steps(const tl_adamw *optimizer, int32_t span);
TL_API tl_status tl_adamw_set_steps(tl_adamw *optimizer, int32_t span, int64_t steps);
TL_API float *tl_adamw_exp_avg(tl_adamw *optimizer, int32_t span);
TL_API float *tl_adamw_exp_avg_sq(tl_adamw *optimizer, int32_t span);

/* torch.nn.utils.clip_grad_norm_ over all trainable spans: *norm is the 2-norm before clipping; gradients are
 * scaled by max_norm / (norm + 1e-6) where that is below 1 (by tl_adamw_step as it goes, or when somebody
 * looks at them). max_norm 0 or less: the norm only (transformers' max_grad_norm = 0). TL_ERR_NUMERIC naming
 * the span if a gradient is NaN or infinite; nothing is scaled then, so that the weights, not yet updated,
 * can still be saved. (torch would go on and turn every weight into NaN.)
 */
TL_API tl_status tl_clip_grad_norm(tl_model *model, float max_norm, float *norm);

/* get_linear_schedule_with_warmup's multiplier at `step` updates done. */
TL_API double tl_schedule_linear(int64_t step, int64_t warmup_steps, int64_t total_steps);

/* evaluate's accuracy: the share of equal pairs; n >= 1. */
TL_API tl_status tl_metric_accuracy(tl_context *context, const int32_t *predictions,
                                    const int32_t *references, int32_t n, double *out);

typedef enum tl_average {
  TL_AVERAGE_BINARY = 0,   /* the F1 of pos_label */
  TL_AVERAGE_MACRO = 1,    /* the mean of the classes' */
  TL_AVERAGE_MICRO = 2,    /* of all rows' counts together */
  TL_AVERAGE_WEIGHTED = 3, /* the mean of the classes', weighted by their number of references */
} tl_average;

/* scikit-learn's f1_score (zero_division=0), as evaluate's f1 calls it; n >= 1. pos_label is read for BINARY
 * only; as there, more than two classes or a pos_label that is neither of two are TL_ERR_ARGUMENT. Classes
 * are 0 .. 2^20 - 1. */
TL_API tl_status tl_metric_f1(tl_context *context, const int32_t *predictions, const int32_t *references,
                              int32_t n, tl_average average, int32_t pos_label, double *out);

#endif
