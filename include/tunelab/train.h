/* Training: AdamW with parameter groups, gradient clipping, schedules, metrics.
 *
 *   tl_adamw *optimizer;
 *   tl_adamw_create(context, model, &optimizer);
 *   tl_adamw_set_group(optimizer, 0, &(tl_adamw_group){.lr = 5e-5, .beta1 = 0.9, .beta2 = 0.999, .eps = 1e-8, .weight_decay = 0.01});
 *   … each step: forward, backward, then
 *   tl_clip_grad_norm(model, 1.0, &norm);
 *   tl_adamw_set_lr(optimizer, 0, 5e-5 * tl_schedule_linear(step, warmup, total));
 *   tl_adamw_step(optimizer);
 *   tl_model_zero_grad(model);
 */
#ifndef TUNELAB_TRAIN_H
#define TUNELAB_TRAIN_H

#include "tunelab/context.h"
#include "tunelab/model.h"

/* torch.optim.AdamW (decoupled weight decay, bias correction), state in two blocks shaped as the weights. */
typedef struct tl_adamw tl_adamw;

typedef struct tl_adamw_group {
  double lr;
  double beta1;
  double beta2;
  double eps;
  double weight_decay;
} tl_adamw_group;

enum { TL_ADAMW_MAX_GROUPS = 64 };

/* Makes an optimizer over all spans in group 0 with torch's defaults (lr 1e-3, betas 0.9 0.999, eps 1e-8, weight decay 0.01).
 * Keeps a pointer to the model, which must outlive it. */
TL_API tl_status tl_adamw_create(tl_context *context, tl_model *model, tl_adamw **out);
TL_API void tl_adamw_free(tl_adamw *optimizer);

/* Sets group `group`'s numbers (0 <= group < TL_ADAMW_MAX_GROUPS); TL_ERR_ARGUMENT for values torch refuses. */
TL_API tl_status tl_adamw_set_group(tl_adamw *optimizer, int32_t group, const tl_adamw_group *values);
TL_API tl_status tl_adamw_set_lr(tl_adamw *optimizer, int32_t group, double lr);
/* Puts a span into a group; group -1: the optimizer does not hold it. */
TL_API tl_status tl_adamw_assign(tl_adamw *optimizer, int32_t span, int32_t group);

/* One update of every span that is held and trainable. */
TL_API tl_status tl_adamw_step(tl_adamw *optimizer);

/* The state, for checkpoints: updates made so far, and the two moments (blocks like the weights; owned by the optimizer). */
TL_API int64_t tl_adamw_steps(const tl_adamw *optimizer);
TL_API void tl_adamw_set_steps(tl_adamw *optimizer, int64_t steps);
TL_API float *tl_adamw_exp_avg(tl_adamw *optimizer);
TL_API float *tl_adamw_exp_avg_sq(tl_adamw *optimizer);

/* torch.nn.utils.clip_grad_norm_ over all trainable spans: *norm is the 2-norm before clipping; gradients are scaled by
 * max_norm / (norm + 1e-6) where that is below 1. max_norm 0 or less: the norm only (transformers' max_grad_norm = 0). */
TL_API tl_status tl_clip_grad_norm(tl_model *model, float max_norm, float *norm);

/* get_linear_schedule_with_warmup's multiplier at `step` updates done. */
TL_API double tl_schedule_linear(int64_t step, int64_t warmup_steps, int64_t total_steps);

/* evaluate's accuracy: the share of equal pairs; n >= 1. */
TL_API tl_status tl_metric_accuracy(tl_context *context, const int32_t *predictions, const int32_t *references, int32_t n,
                                    double *out);

typedef enum tl_average { TL_AVERAGE_BINARY = 0, TL_AVERAGE_MACRO = 1, TL_AVERAGE_MICRO = 2, TL_AVERAGE_WEIGHTED = 3 } tl_average;

/* scikit-learn's f1_score (zero_division=0), as evaluate's f1 calls it. pos_label is read for BINARY only. Labels >= 0. */
TL_API tl_status tl_metric_f1(tl_context *context, const int32_t *predictions, const int32_t *references, int32_t n,
                              tl_average average, int32_t pos_label, double *out);

#endif
