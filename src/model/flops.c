/* How many floating-point operations the last batch's matrix products took, for utilisation figures. */
#include "model/encoder.h"

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

/* Query, key and value: R rows ask for T keys. Of one matrix, a third is the queries'. */
static void count_projections(tally *t, int32_t layer, double R, bool reached, bool input) {
  const tl_model *model = t->model;
  double T = model->run.T;
  int32_t query = tl_layer_span(model, layer, TL_PART_QUERY_WEIGHT);
  if (tl_config_fused(&model->config)) {
    count_dense(t, query, (R + 2.0 * T) / 3.0, reached, input);
    return;
  }
  count_dense(t, query, R, reached, input);
  count_dense(t, tl_layer_span(model, layer, TL_PART_KEY_WEIGHT), T, reached, input);
  count_dense(t, tl_layer_span(model, layer, TL_PART_VALUE_WEIGHT), T, reached, input);
}

/* The scores of a layer. */
static double pairs_of(const tl_model *model, int32_t layer) {
  const tl_pairs *pairs = &model->run.pairs;
  bool few = tl_layer_is_few(model, layer);
  if (tl_config_window(&model->config, layer) == 0)
    return few ? model->run.T : pairs->all;
  return few ? pairs->cls_near : pairs->near;
}

/* Where only [CLS] goes on, B rows ask for all T keys, and after attention there are B rows. Of a pre-norm
 * layer backward reaches the last norm alone if nothing else there is trained. */
static void count_layer(tally *t, int32_t layer, int32_t lowest) {
  const tl_model *model = t->model;
  bool input = layer > lowest;
  bool norm_alone = tl_config_pre_norm(&model->config) && !tl_layer_learns_inside(model, layer);
  bool reached = input || (layer == lowest && !norm_alone);
  double R = tl_layer_rows(model, layer);
  count_projections(t, layer, R, reached, input);
  count_attention(t, pairs_of(model, layer), reached);
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
  bool norm_trains =
      tl_model_trainable(model, model->at.head_norm) ||
      (model->at.head_norm >= 0 && tl_model_trainable(model, tl_bias_after(model, model->at.head_norm)));
  if (model->at.projection >= 0)
    count_dense(&t, model->at.projection, model->run.T, lowest < 0, lowest < 0);
  for (int32_t layer = 0; layer < L; layer++)
    count_layer(&t, layer, lowest);
  count_dense(&t, model->at.pooler, model->run.B, true, lowest < L);
  count_dense(&t, model->at.classifier, model->run.B, true, lowest < L || pooler_trains || norm_trains);
  return 2.0 * (t.forward + (with_backward ? t.backward : 0.0));
}
