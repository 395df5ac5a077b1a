/* The embeddings: up to three tables summed, layer norm, dropout; with some, a dense layer to the hidden
 * size. */
#include "kernels/embedding.h"
#include "kernels/layer_norm.h"
#include "model/dense.h"
#include "model/encoder.h"

static tlk_embedding lookup(const tl_model *model) {
  const tl_workspace *w = &model->workspace;
  return (tlk_embedding){
      .T = model->run.T,
      .C = model->config.E,
      .ids = w->ids,
      .positions = model->at.position >= 0 ? w->positions : NULL,
      .types = model->at.type >= 0 ? w->types : NULL,
  };
}

static size_t element_count(const tl_model *model) { return (size_t)model->run.T * (size_t)model->config.E; }

void tl_embeddings_forward(tl_model *model) {
  tl_pool *pool = tl_context_pool(model->context);
  tl_workspace *w = &model->workspace;
  const tl_span_index *at = &model->at;
  tlk_embedding tokens = lookup(model);
  tlk_embedding_forward(pool, &tokens, tl_span_weights(model, at->word), tl_span_weights(model, at->position),
                        tl_span_weights(model, at->type), w->embedding_sum);
  float *x = w->embedded != NULL ? w->embedded : w->layers[0].x;
  tlk_layer_norm_forward(pool, model->run.T, model->config.E, w->embedding_sum, NULL, tlk_dropout_off(),
                         tl_span_weights(model, at->embedding_norm),
                         tl_span_weights(model, tl_bias_after(model, at->embedding_norm)),
                         model->config.layer_norm_eps, NULL, x, w->embedding_mean, w->embedding_rstd);
  tlk_dropout dropout = tl_run_dropout(model, TL_SITE_EMBEDDINGS, model->config.hidden_dropout);
  if (tlk_dropout_on(dropout))
    tlk_dropout_forward(pool, dropout, x, x, element_count(model));
  if (w->embedded != NULL)
    tl_dense_forward(model, tl_dense_at(model, at->projection), model->run.T, w->embedded, w->layers[0].x);
}

/* The rows of a trainable table that the run's tokens look up get a gradient. */
static void touch(tl_model *model, int32_t table, const int32_t *rows, int32_t left_out) {
  if (tl_model_trainable(model, table))
    tl_gradients_touch(model, table, rows, model->run.T, left_out);
}

/* From d_rows, the gradient of the first layer's input, to that of what follows layer norm and dropout. */
static float *project_backward(tl_model *model) {
  tl_workspace *w = &model->workspace;
  if (w->embedded == NULL)
    return w->d_rows;
  tl_dense projection = tl_dense_at(model, model->at.projection);
  tl_dense_backward_weights(model, projection, model->run.T, w->d_rows, w->embedded);
  tl_dense_backward_input(model, projection, model->run.T, w->d_rows, w->d_wide, false);
  return w->d_wide;
}

void tl_embeddings_backward(tl_model *model) {
  tl_pool *pool = tl_context_pool(model->context);
  tl_workspace *w = &model->workspace;
  const tl_span_index *at = &model->at;
  float *d = project_backward(model);
  tlk_dropout dropout = tl_run_dropout(model, TL_SITE_EMBEDDINGS, model->config.hidden_dropout);
  if (tlk_dropout_on(dropout))
    tlk_dropout_backward(pool, dropout, d, d, element_count(model));
  tlk_layer_norm_backward(pool, model->run.T, model->config.E, w->embedding_sum, w->embedding_mean,
                          w->embedding_rstd, tl_span_weights(model, at->embedding_norm), tlk_dropout_off(), d,
                          d, NULL, tl_span_gradient(model, at->embedding_norm),
                          tl_span_gradient(model, tl_bias_after(model, at->embedding_norm)));
  tlk_embedding tokens = lookup(model);
  tlk_padding padding = {.word = model->config.pad, .position = tl_config_position_padding(&model->config)};
  touch(model, at->word, tokens.ids, padding.word);
  touch(model, at->position, tokens.positions, padding.position);
  touch(model, at->type, tokens.types, -1);
  tlk_embedding_backward(pool, &tokens, padding, d, tl_span_gradient(model, at->word),
                         tl_span_gradient(model, at->position), tl_span_gradient(model, at->type));
}
