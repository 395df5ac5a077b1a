/* Turning queries and keys by their positions: layers that see all have one table, those with a window
 * another.
 */
#include "model/rotary.h"

#include "model/encoder.h"

void tl_rotary_fill(tl_model *model) {
  const tl_config *config = &model->config;
  tl_workspace *w = &model->workspace;
  if (w->full_angles == NULL)
    return;
  tlk_rope_table(w->extent.S, config->D, config->full_theta, w->full_angles);
  tlk_rope_table(w->extent.S, config->D, config->window_theta, w->window_angles);
}

static tlk_rope rope_of(const tl_model *model, int32_t layer) {
  const tl_workspace *w = &model->workspace;
  return (tlk_rope){
      .T = model->run.T,
      .H = model->config.H,
      .D = model->config.D,
      .positions = w->columns,
      .table = tl_config_window(&model->config, layer) > 0 ? w->window_angles : w->full_angles,
  };
}

void tl_rotary_forward(tl_model *model, int32_t layer) {
  const tl_layer_state *state = &model->workspace.layers[layer];
  if (model->workspace.full_angles == NULL)
    return;
  tl_pool *pool = tl_context_pool(model->context);
  tlk_rope rope = rope_of(model, layer);
  if (!tl_layer_is_few(model, layer))
    tlk_rope_forward(pool, &rope, state->q, state->ldq);
  tlk_rope_forward(pool, &rope, state->k, state->ldkv);
}

void tl_rotary_backward(tl_model *model, int32_t layer, float *dq, float *dk) {
  const tl_layer_state *state = &model->workspace.layers[layer];
  if (model->workspace.full_angles == NULL)
    return;
  tl_pool *pool = tl_context_pool(model->context);
  tlk_rope rope = rope_of(model, layer);
  if (!tl_layer_is_few(model, layer))
    tlk_rope_backward(pool, &rope, dq, state->ldq);
  tlk_rope_backward(pool, &rope, dk, state->ldkv);
}
