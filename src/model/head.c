/* The head over the [CLS] rows: dense, activation, dropout, classifier; with some, dropout before it too. */
#include "kernels/pointwise.h"
#include "model/dense.h"
#include "model/encoder.h"

static tlk_dropout classifier_dropout(const tl_model *model) {
  return tl_run_dropout(model, TL_SITE_CLASSIFIER, model->config.classifier_dropout);
}

static tlk_dropout input_dropout(const tl_model *model) {
  return tl_run_dropout(model, TL_SITE_HEAD_INPUT, model->config.classifier_dropout);
}

static size_t element_count(const tl_model *model) { return (size_t)model->run.B * (size_t)model->config.C; }

/* What the dense layer reads. */
static const float *head_input(const tl_model *model) {
  const tl_workspace *w = &model->workspace;
  return w->features != NULL ? w->features : w->layers[model->config.L - 1].out;
}

/* pooled = dense(input), and where the activation leaves its result: in pooled, or beside it where backward
 * needs what it read. */
static float *activate(tl_model *model) {
  tl_pool *pool = tl_context_pool(model->context);
  tl_workspace *w = &model->workspace;
  size_t n = element_count(model);
  switch (model->config.architecture->pooling) {
  case TL_POOLING_TANH:
    tlk_tanh_forward(pool, w->pooled, w->pooled, n);
    return w->pooled;
  case TL_POOLING_RELU:
    tlk_relu_forward(pool, w->pooled, w->pooled, n);
    return w->pooled;
  case TL_POOLING_GELU:
    tlk_gelu_forward(pool, w->pooled, w->dropped, n);
    return w->dropped;
  }
  return w->pooled;
}

static void activate_backward(tl_model *model, float *dpooled) {
  tl_pool *pool = tl_context_pool(model->context);
  const float *pooled = model->workspace.pooled;
  size_t n = element_count(model);
  switch (model->config.architecture->pooling) {
  case TL_POOLING_TANH:
    tlk_tanh_backward(pool, pooled, dpooled, dpooled, n);
    break;
  case TL_POOLING_RELU:
    tlk_relu_backward(pool, pooled, dpooled, dpooled, n);
    break;
  case TL_POOLING_GELU:
    tlk_gelu_backward(pool, pooled, dpooled, dpooled, n);
    break;
  }
}

void tl_head_forward(tl_model *model) {
  tl_pool *pool = tl_context_pool(model->context);
  tl_workspace *w = &model->workspace;
  size_t n = element_count(model);
  if (w->features != NULL)
    tlk_dropout_forward(pool, input_dropout(model), w->layers[model->config.L - 1].out, w->features, n);
  tl_dense_forward(model, tl_dense_at(model, model->at.pooler), model->run.B, head_input(model), w->pooled);
  tlk_dropout_forward(pool, classifier_dropout(model), activate(model), w->dropped, n);
  tl_dense_forward(model, tl_dense_at(model, model->at.classifier), model->run.B, w->dropped, model->logits);
}

void tl_head_backward(tl_model *model, bool input) {
  tl_pool *pool = tl_context_pool(model->context);
  tl_workspace *w = &model->workspace;
  size_t n = element_count(model);
  int32_t B = model->run.B;
  tl_dense pooler = tl_dense_at(model, model->at.pooler);
  tl_dense classifier = tl_dense_at(model, model->at.classifier);
  tl_dense_backward_weights(model, classifier, B, w->dlogits, w->dropped);
  if (!input && !tl_model_trainable(model, pooler.weight) && !tl_model_trainable(model, pooler.bias))
    return;
  float *dpooled = w->d_branch;
  tl_dense_backward_input(model, classifier, B, w->dlogits, dpooled, false);
  tlk_dropout_backward(pool, classifier_dropout(model), dpooled, dpooled, n);
  activate_backward(model, dpooled);
  tl_dense_backward_weights(model, pooler, B, dpooled, head_input(model));
  if (!input)
    return;
  tl_dense_backward_input(model, pooler, B, dpooled, w->d_cls, false);
  if (w->features != NULL)
    tlk_dropout_backward(pool, input_dropout(model), w->d_cls, w->d_cls, n);
}
