/* The encoder's loop: embeddings, layers, head; and back again as deep as something is trainable. */
#include "model/encoder.h"

tlk_dropout tl_run_dropout(const tl_model *model, int32_t site, float p) {
  if (!model->run.dropout || p <= 0.0f)
    return tlk_dropout_off();
  return tlk_dropout_make(model->run.seed, model->run.step, (uint32_t)site, p);
}

int32_t tl_layer_rows(const tl_model *model, int32_t layer) {
  return layer == model->config.L - 1 ? model->run.B : model->run.T;
}

void tl_encoder_forward(tl_model *model) {
  tl_embeddings_forward(model);
  for (int32_t layer = 0; layer < model->config.L; layer++) {
    tl_attention_block_forward(model, layer);
    tl_feed_forward_forward(model, layer);
  }
  tl_head_forward(model);
}

/* The lowest layer that backward must reach: -1 for the embeddings, L if nothing below the head is trainable.
 */
static int32_t lowest_trainable(const tl_model *model) {
  int32_t end = model->at.layers + model->config.L * TL_LAYER_PARTS;
  for (int32_t span = 0; span < end; span++) {
    if (model->spans[span].trainable)
      return span < model->at.layers ? -1 : (span - model->at.layers) / TL_LAYER_PARTS;
  }
  return model->config.L;
}

void tl_encoder_backward(tl_model *model) {
  int32_t lowest = lowest_trainable(model);
  tl_head_backward(model, lowest < model->config.L);
  for (int32_t layer = model->config.L - 1; layer >= 0 && layer >= lowest; layer--) {
    bool last = layer == model->config.L - 1;
    float *dy = last ? model->workspace.d_cls : model->workspace.d_rows;
    tl_feed_forward_backward(model, layer, dy);
    tl_attention_block_backward(model, layer, dy, layer > lowest);
  }
  if (lowest < 0)
    tl_embeddings_backward(model);
}
