/* How many floating-point operations the last batch's matrix products took, for utilisation figures. */
#include "model/model_internal.h"

/* Multiply-adds of a forward and its backward. */
typedef struct tally {
  const tl_model *model;
  double forward;
  double backward;
} tally;

/* LoRA beside a dense layer: two products of rank r, and in backward one for each gradient that is needed. */
static void count_adapter(tally *t, int32_t adapter, double rows, bool reached, bool input) {
  const tl_span *a = &t->model->spans[adapter], *b = a + 1;
  double down = rows * (double)a->size, up = rows * (double)b->size;
  t->forward += down + up;
  if (!reached)
    return;
  t->backward += b->trainable ? up : 0.0;
  t->backward += a->trainable || input ? up : 0.0;
  t->backward += a->trainable ? down : 0.0;
  t->backward += input ? down : 0.0;
}

/* A dense layer over `rows` rows: one product for y, one for the gradient of its weight if that is trained,
 * and one for that of its input if somebody below needs it. */
static void count_dense(tally *t, int32_t weight, double rows, bool reached, bool input) {
  const tl_span *span = &t->model->spans[weight];
  double product = rows * (double)span->size;
  t->forward += product;
  if (reached && span->trainable)
    t->backward += product;
  if (reached && input)
    t->backward += product;
  if (span->adapter >= 0)
    count_adapter(t, span->adapter, rows, reached, input);
}

/* Attention's q·k and p·v for `pairs` pairs of a query and a key; each has a gradient for either operand. */
static void count_attention(tally *t, double pairs, bool reached) {
  double products = 2.0 * pairs * t->model->config.C;
  t->forward += products;
  if (reached)
    t->backward += 2.0 * products;
}

/* In the last layer B rows ask for all T keys, and after attention there are B rows. */
static void count_layer(tally *t, int32_t layer, int32_t lowest) {
  const tl_model *model = t->model;
  bool last = layer == model->config.L - 1, reached = layer >= lowest, input = layer > lowest;
  double T = model->run.T, R = last ? model->run.B : T;
  count_dense(t, tl_layer_span(model, layer, TL_PART_QUERY_WEIGHT), R, reached, input);
  count_dense(t, tl_layer_span(model, layer, TL_PART_KEY_WEIGHT), T, reached, input);
  count_dense(t, tl_layer_span(model, layer, TL_PART_VALUE_WEIGHT), T, reached, input);
  count_attention(t, last ? T : model->run.pairs, reached);
  count_dense(t, tl_layer_span(model, layer, TL_PART_ATTENTION_WEIGHT), R, reached, true);
  count_dense(t, tl_layer_span(model, layer, TL_PART_INTERMEDIATE_WEIGHT), R, reached, true);
  count_dense(t, tl_layer_span(model, layer, TL_PART_OUTPUT_WEIGHT), R, reached, true);
}

double tl_model_flops(const tl_model *model, bool with_backward) {
  if (model->run.B == 0)
    return 0.0;
  tally t = {.model = model};
  int32_t L = model->config.L, lowest = tl_model_lowest_trainable(model);
  const tl_span *pooler = &model->spans[model->at.pooler];
  bool pooler_trains = pooler->trainable || tl_model_trainable(model, tl_bias_after(model, model->at.pooler));
  if (model->at.projection >= 0)
    count_dense(&t, model->at.projection, model->run.T, lowest < 0, lowest < 0);
  for (int32_t layer = 0; layer < L; layer++)
    count_layer(&t, layer, lowest);
  count_dense(&t, model->at.pooler, model->run.B, true, lowest < L);
  count_dense(&t, model->at.classifier, model->run.B, true, lowest < L || pooler_trains);
  return 2.0 * (t.forward + (with_backward ? t.backward : 0.0));
}
