/* Validation before a forward, so that the kernels cannot fail. */
#include "model/batch_check.h"

#include <math.h>

#include "kernels/loss.h"

/* Fails for token t of the batch, naming its sequence. */
static tl_status fail_token(const tl_model *model, const tl_batch *batch, int32_t t, const char *what,
                            int32_t value, int32_t limit, const char *setting) {
  int32_t b = 0;
  while (batch->offsets[b + 1] <= t)
    b++;
  return tl_fail(model->context, TL_ERR_ARGUMENT, "sequence %d, token %d: %s %d is outside 0 to %d (%s)",
                 (int)b, (int)(t - batch->offsets[b]), what, (int)value, (int)limit - 1, setting);
}

tl_status tl_batch_check_tokens(const tl_model *model, const tl_batch *batch) {
  const tl_config *config = &model->config;
  if (batch->B < 1)
    return tl_fail(model->context, TL_ERR_ARGUMENT, "the batch is empty");
  int32_t positions = config->P - config->first_position;
  if (batch->S > positions)
    return tl_fail(model->context, TL_ERR_ARGUMENT,
                   "the batch's longest sequence has %d tokens, but the model has %d positions "
                   "(max_position_embeddings%s); truncate longer texts",
                   (int)batch->S, (int)positions,
                   config->first_position > 0 ? ", less those up to pad_token_id" : "");
  for (int32_t t = 0; t < batch->T; t++) {
    if (batch->ids[t] < 0 || batch->ids[t] >= config->V)
      return fail_token(model, batch, t, "id", batch->ids[t], config->V, "vocab_size");
    if (config->types > 0 && (batch->types[t] < 0 || batch->types[t] >= config->types))
      return fail_token(model, batch, t, "token type", batch->types[t], config->types, "type_vocab_size");
  }
  return TL_OK;
}

static tl_status check_classes(const tl_model *model, const tl_batch *batch) {
  if (batch->label_kind != TL_LABELS_CLASS)
    return tl_fail(model->context, TL_ERR_MISMATCH,
                   "a single_label_classification head takes one class number for each sequence, not floats");
  for (int32_t b = 0; b < batch->B; b++) {
    int32_t label = batch->labels[b];
    if (label != TLK_IGNORE_LABEL && (label < 0 || label >= model->config.K))
      return tl_fail(model->context, TL_ERR_MISMATCH,
                     "sequence %d has label %d, but the model's %d labels are 0 to %d (num_labels)", (int)b,
                     (int)label, (int)model->config.K, (int)model->config.K - 1);
  }
  return TL_OK;
}

static tl_status check_targets(const tl_model *model, const tl_batch *batch, tl_problem problem) {
  int32_t K = model->config.K;
  if (batch->label_kind != TL_LABELS_TARGETS)
    return tl_fail(model->context, TL_ERR_MISMATCH,
                   "a %s head takes %d float%s for each sequence, not class numbers",
                   tl_problem_name(problem), (int)K, K == 1 ? "" : "s");
  if (batch->K != K)
    return tl_fail(model->context, TL_ERR_MISMATCH, "the targets are %d wide, but the model has %d label%s",
                   (int)batch->K, (int)K, K == 1 ? "" : "s");
  for (int32_t b = 0; b < batch->B; b++) {
    for (int32_t k = 0; k < K; k++) {
      if (!isfinite(batch->targets[(size_t)b * (size_t)K + (size_t)k]))
        return tl_fail(model->context, TL_ERR_NUMERIC, "sequence %d: target %d is not a finite number",
                       (int)b, (int)k);
    }
  }
  return TL_OK;
}

/* transformers: one label is a regression; else integers are classes and floats are several labels at once.
 */
static tl_problem infer_problem(const tl_model *model, const tl_batch *batch) {
  if (model->config.K == 1)
    return TL_PROBLEM_REGRESSION;
  return batch->label_kind == TL_LABELS_CLASS ? TL_PROBLEM_SINGLE_LABEL : TL_PROBLEM_MULTI_LABEL;
}

tl_status tl_batch_check_labels(const tl_model *model, const tl_batch *batch, tl_problem *problem) {
  *problem = model->problem;
  if (batch->label_kind == TL_LABELS_NONE)
    return TL_OK;
  if (*problem == TL_PROBLEM_UNKNOWN)
    *problem = infer_problem(model, batch);
  return *problem == TL_PROBLEM_SINGLE_LABEL ? check_classes(model, batch)
                                             : check_targets(model, batch, *problem);
}
