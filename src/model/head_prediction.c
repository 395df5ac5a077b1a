/* ModernBERT's head over [CLS] or the mean of the tokens: dense, activation, layer norm, dropout, classifier.
 */
#include <string.h>

#include "kernels/layer_norm.h"
#include "kernels/pointwise.h"
#include "model/activate.h"
#include "model/dense.h"
#include "model/encoder.h"
#include "model/sequence_rows.h"

static tlk_dropout classifier_dropout(const tl_model *model) {
  return tl_run_dropout(model, TL_SITE_CLASSIFIER, model->config.classifier_dropout);
}

static size_t element_count(const tl_model *model) { return (size_t)model->run.B * (size_t)model->config.C; }

/* One row for each sequence: what the last layer computed, or taken from all tokens' rows. */
static const float *head_input(tl_model *model) {
  const tl_workspace *w = &model->workspace;
  int32_t last = model->config.L - 1;
  const float *out = w->layers[last].out;
  if (tl_layer_is_few(model, last))
    return out;
  if (model->config.mean_pooling)
    tl_mean_rows(model, out, w->features);
  else
    tl_gather_cls(model, out, w->features);
  return w->features;
}

void tl_prediction_head_forward(tl_model *model) {
  tl_pool *pool = tl_context_pool(model->context);
  tl_workspace *w = &model->workspace;
  int32_t B = model->run.B, norm = model->at.head_norm;
  size_t n = element_count(model);
  const float *input = head_input(model);
  tl_dense_forward(model, tl_dense_at(model, model->at.pooler), B, input, w->pooled);
  tl_activate(pool, model->config.head_activation, w->pooled, w->head_sum, n);
  tlk_layer_norm_forward(pool, B, model->config.C, w->head_sum, NULL, tlk_dropout_off(),
                         tl_span_weights(model, norm), tl_span_weights(model, tl_bias_after(model, norm)),
                         model->config.layer_norm_eps, NULL, w->dropped, w->head_mean, w->head_rstd);
  tlk_dropout_forward(pool, classifier_dropout(model), w->dropped, w->dropped, n);
  tl_dense_forward(model, tl_dense_at(model, model->at.classifier), B, w->dropped, model->logits);
}

/* The gradient of the sequences' rows, in d_cls, to that of all tokens', in d_rows. */
static void spread(tl_model *model) {
  tl_workspace *w = &model->workspace;
  if (tl_layer_is_few(model, model->config.L - 1))
    return;
  if (model->config.mean_pooling) {
    tl_mean_rows_backward(model, w->d_cls, w->d_rows);
    return;
  }
  memset(w->d_rows, 0, (size_t)model->run.T * (size_t)model->config.C * sizeof(float));
  tl_scatter_cls(model, w->d_cls, w->d_rows);
}

/* Whether anything of the head below the classifier is trained. */
static bool head_learns(const tl_model *model) {
  for (int32_t span = model->at.pooler; span < model->at.classifier; span++) {
    if (tl_model_trainable(model, span))
      return true;
  }
  return false;
}

void tl_prediction_head_backward(tl_model *model, bool input) {
  tl_pool *pool = tl_context_pool(model->context);
  tl_workspace *w = &model->workspace;
  int32_t B = model->run.B, norm = model->at.head_norm;
  size_t n = element_count(model);
  const float *features =
      tl_layer_is_few(model, model->config.L - 1) ? w->layers[model->config.L - 1].out : w->features;
  float *d = w->d_branch;
  tl_dense pooler = tl_dense_at(model, model->at.pooler);
  tl_dense classifier = tl_dense_at(model, model->at.classifier);
  tl_dense_backward_weights(model, classifier, B, w->dlogits, w->dropped);
  if (!input && !head_learns(model))
    return;
  tl_dense_backward_input(model, classifier, B, w->dlogits, d, false);
  tlk_dropout_backward(pool, classifier_dropout(model), d, d, n);
  tlk_layer_norm_backward(pool, B, model->config.C, w->head_sum, w->head_mean, w->head_rstd,
                          tl_span_weights(model, norm), tlk_dropout_off(), d, d, NULL,
                          tl_span_gradient(model, norm), tl_span_gradient(model, tl_bias_after(model, norm)));
  tl_activate_backward(pool, model->config.head_activation, w->pooled, d, n);
  tl_dense_backward_weights(model, pooler, B, d, features);
  if (!input)
    return;
  tl_dense_backward_input(model, pooler, B, d, w->d_cls, false);
  spread(model);
}
