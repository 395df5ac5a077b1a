/* The encoder's loop: embeddings, layers, head; and back again as deep as something is trainable. */
#include "model/encoder.h"

#include "kernels/relative_bias.h"

tlk_dropout tl_run_dropout(const tl_model *model, int32_t site, float p) {
  if (!model->run.dropout || p <= 0.0f)
    return tlk_dropout_off();
  return tlk_dropout_make(model->run.seed, model->run.step, (uint32_t)site, p);
}

int32_t tl_layer_rows(const tl_model *model, int32_t layer) {
  return tl_layer_is_few(model, layer) ? model->run.B : model->run.T;
}

void tl_encoder_forward(tl_model *model) {
  tl_embeddings_forward(model);
  if (model->at.relative_bias >= 0)
    tlk_relative_bias_forward(model->config.H, model->workspace.reach,
                              tl_span_weights(model, model->at.relative_bias), model->workspace.bias);
  for (int32_t layer = 0; layer < model->config.L; layer++) {
    tl_attention_block_forward(model, layer);
    tl_feed_forward_forward(model, layer);
  }
  if (model->at.head_norm >= 0)
    tl_prediction_head_forward(model);
  else
    tl_head_forward(model);
}

/* The checkpointed layers share all but output_sum, from which this computes the layer's input again, and
 * from that everything else. The same kernels on the same numbers give the same bits. The topmost of these
 * layers ran last, so all but its input is still there. */
static void restore_layer(tl_model *model, int32_t layer) {
  int32_t lowest = model->workspace.extent.lowest;
  int32_t last = model->config.L - 1;
  int32_t topmost = tl_layer_is_few(model, last) ? last - 1 : last;
  if (layer > 0 && layer > lowest)
    tl_feed_forward_norm_again(model, layer - 1);
  if (layer < topmost) {
    tl_attention_block_forward(model, layer);
    tl_feed_forward_inside(model, layer);
  }
}

/* Backward of a post-norm layer. */
static void layer_backward(tl_model *model, int32_t layer, bool input) {
  float *dy = tl_layer_is_few(model, layer) ? model->workspace.d_cls : model->workspace.d_rows;
  tl_feed_forward_backward(model, layer, dy);
  tl_attention_block_backward(model, layer, dy, input);
}

void tl_encoder_backward(tl_model *model) {
  tl_gradients_settle(model);
  int32_t L = model->config.L;
  int32_t trainable = tl_model_lowest_trainable(model);
  int32_t lowest = trainable > model->run.lowest ? trainable : model->run.lowest;
  if (model->at.head_norm >= 0)
    tl_prediction_head_backward(model, lowest < L);
  else
    tl_head_backward(model, lowest < L);
  for (int32_t layer = L - 1; layer >= 0 && layer >= lowest; layer--) {
    if (model->workspace.extent.checkpointed && !tl_layer_is_few(model, layer))
      restore_layer(model, layer);
    if (tl_config_pre_norm(&model->config))
      tl_prenorm_backward(model, layer, layer > lowest);
    else
      layer_backward(model, layer, layer > lowest);
  }
  if (lowest < 0)
    tl_embeddings_backward(model);
}
