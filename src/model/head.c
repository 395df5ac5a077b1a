/* The head over the [CLS] rows: dense, tanh or ReLU, dropout, classifier. */
#include "kernels/pointwise.h"
#include "model/dense.h"
#include "model/encoder.h"

static tlk_dropout classifier_dropout(const tl_model *model) {
  return tl_run_dropout(model, TL_SITE_CLASSIFIER, model->config.classifier_dropout);
}

static size_t element_count(const tl_model *model) { return (size_t)model->run.B * (size_t)model->config.C; }

void tl_head_forward(tl_model *model) {
  tl_pool *pool = tl_context_pool(model->context);
  tl_workspace *w = &model->workspace;
  size_t n = element_count(model);
  const float *cls = w->layers[model->config.L - 1].out;
  tl_dense_forward(model, tl_dense_at(model, model->at.pooler), model->run.B, cls, w->pooled);
  if (model->config.architecture->pooling == TL_POOLING_TANH)
    tlk_tanh_forward(pool, w->pooled, w->pooled, n);
  else
    tlk_relu_forward(pool, w->pooled, w->pooled, n);
  tlk_dropout_forward(pool, classifier_dropout(model), w->pooled, w->dropped, n);
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
  if (model->config.architecture->pooling == TL_POOLING_TANH)
    tlk_tanh_backward(pool, w->pooled, dpooled, dpooled, n);
  else
    tlk_relu_backward(pool, w->pooled, dpooled, dpooled, n);
  tl_dense_backward_weights(model, pooler, B, dpooled, w->layers[model->config.L - 1].out);
  if (input)
    tl_dense_backward_input(model, pooler, B, dpooled, w->d_cls, false);
}
