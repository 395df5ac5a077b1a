/* A run of a batch: checks, then forward with its loss, then backward; and what can be asked about it. */
#include <string.h>

#include "kernels/loss.h"
#include "kernels/pointwise.h"
#include "model/batch_check.h"
#include "model/encoder.h"
#include "model/positions.h"

/* Copies the batch's tokens: backward reads them again. */
static void copy_tokens(tl_model *model, const tl_batch *batch) {
  tl_workspace *w = &model->workspace;
  size_t bytes = (size_t)batch->T * sizeof(int32_t);
  memcpy(w->ids, batch->ids, bytes);
  memcpy(w->types, batch->types, bytes);
  tl_positions_fill(&model->config, batch, w->positions);
  if (w->columns != NULL)
    memcpy(w->columns, batch->positions, bytes);
  memcpy(w->offsets, batch->offsets, ((size_t)batch->B + 1) * sizeof(int32_t));
  for (int32_t b = 0; b <= batch->B; b++)
    w->cls_offsets[b] = b;
}

/* The loss of the logits, and its gradient in dlogits. */
static float compute_loss(const tl_model *model, const tl_batch *batch) {
  float *dlogits = model->workspace.dlogits;
  size_t n = (size_t)batch->B * (size_t)model->config.K;
  switch (model->problem) {
  case TL_PROBLEM_SINGLE_LABEL:
    return tlk_cross_entropy(batch->B, model->config.K, model->logits, batch->labels, dlogits);
  case TL_PROBLEM_MULTI_LABEL:
    return tlk_bce_with_logits(model->logits, batch->targets, n, dlogits);
  default:
    return tlk_mse(model->logits, batch->targets, n, dlogits);
  }
}

tl_status tl_model_forward(tl_model *model, const tl_batch *batch) {
  tl_problem problem;
  tl_status status = tl_batch_check_tokens(model, batch);
  if (status == TL_OK)
    status = tl_batch_check_labels(model, batch, &problem);
  if (status != TL_OK)
    return status;
  tl_extent extent = tl_model_extent(model, batch->B, batch->T, batch->S, model->grad_enabled);
  status = tl_model_reserve_extent(model, extent);
  if (status != TL_OK)
    return status;

  copy_tokens(model, batch);
  model->problem = problem;
  model->run = (tl_run){
      .B = batch->B,
      .T = batch->T,
      .pairs = tl_pairs_count(batch, model->config.window),
      .lowest = extent.lowest,
      .dropout = model->training,
      .seed = model->dropout_seed,
      .step = model->dropout_steps,
      .has_loss = batch->label_kind != TL_LABELS_NONE,
      .can_backward = model->grad_enabled,
  };
  if (model->training)
    model->dropout_steps++;
  tl_encoder_forward(model);
  if (model->run.has_loss)
    model->run.loss = compute_loss(model, batch);
  return TL_OK;
}

/* Whether a backward may follow the last forward, and a place for its gradients. */
static tl_status prepare_backward(tl_model *model) {
  if (model->run.B == 0)
    return tl_fail(model->context, TL_ERR_ARGUMENT, "backward needs a forward before it");
  if (!model->run.can_backward)
    return tl_fail(model->context, TL_ERR_ARGUMENT,
                   "backward runs once after a forward with gradients enabled; call forward again");
  return tl_gradients_lay_out(model);
}

tl_status tl_model_backward(tl_model *model, float scale) {
  tl_status status = prepare_backward(model);
  if (status != TL_OK)
    return status;
  if (!model->run.has_loss)
    return tl_fail(model->context, TL_ERR_ARGUMENT,
                   "backward needs a loss, but the last batch had no labels");
  model->run.can_backward = false;
  tlk_scale(tl_context_pool(model->context), scale, model->workspace.dlogits,
            (size_t)model->run.B * (size_t)model->config.K);
  tl_encoder_backward(model);
  return TL_OK;
}

tl_status tl_model_backward_from(tl_model *model, const float *dlogits) {
  tl_status status = prepare_backward(model);
  if (status != TL_OK)
    return status;
  model->run.can_backward = false;
  memcpy(model->workspace.dlogits, dlogits, (size_t)model->run.B * (size_t)model->config.K * sizeof *dlogits);
  tl_encoder_backward(model);
  return TL_OK;
}

const float *tl_model_logits(const tl_model *model) { return model->run.B > 0 ? model->logits : NULL; }
bool tl_model_has_loss(const tl_model *model) { return model->run.has_loss; }
float tl_model_loss(const tl_model *model) { return model->run.loss; }
