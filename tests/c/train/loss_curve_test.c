/* Twenty steps of AdamW with decay groups, clipping and the linear schedule against PyTorch's, on every
 * golden model: model and optimizer together, as a training loop uses them. Dropout is off. */
#include "model/lora_fixture.h"
#include "tunelab/train.h"

/* A tenth of what the project promises for losses; measured is a hundredth. */
static const double LOSS_TOLERANCE = 1e-4;
static const double NORM_TOLERANCE = 1e-3; /* relative */
static const double LOGITS_TOLERANCE = 1e-3;

typedef struct settings {
  double rate, max_norm;
  int64_t warmup, steps;
  int32_t batch;
} settings;

static double number(const tl_json_value *object, const char *name) {
  return tl_json_number(tl_json_get(object, name), (double)NAN);
}

/* transformers' groups: 0 decays; 1, the biases and layer norms, does not. */
static tl_adamw *make_optimizer(tl_context *context, tl_model *model, const tl_json_value *golden) {
  tl_adamw *optimizer = NULL;
  if (tl_adamw_create(context, model, &optimizer) != TL_OK)
    return NULL;
  tl_adamw_group group = {
      .lr = number(golden, "learning_rate"),
      .beta1 = number(golden, "adam_beta1"),
      .beta2 = number(golden, "adam_beta2"),
      .eps = number(golden, "adam_epsilon"),
      .weight_decay = number(golden, "weight_decay"),
  };
  CHECK_EQ_INT(tl_adamw_set_group(optimizer, 0, &group), TL_OK);
  group.weight_decay = 0.0;
  CHECK_EQ_INT(tl_adamw_set_group(optimizer, 1, &group), TL_OK);
  for (int32_t span = 0; span < model->at.count; span++)
    CHECK_EQ_INT(tl_adamw_assign(optimizer, span, model->spans[span].decay ? 0 : 1), TL_OK);
  return optimizer;
}

/* One step on the batch; false if a call fails. */
static bool take_step(tl_model *model, const tl_batch *batch, tl_adamw *optimizer, const settings *s,
                      int64_t step, float *norm) {
  double rate = s->rate * tl_schedule_linear(step, s->warmup, s->steps);
  return tl_model_forward(model, batch) == TL_OK && tl_model_backward(model, 1.0f) == TL_OK &&
         tl_clip_grad_norm(model, (float)s->max_norm, norm) == TL_OK &&
         tl_adamw_set_lr(optimizer, 0, rate) == TL_OK && tl_adamw_set_lr(optimizer, 1, rate) == TL_OK &&
         tl_adamw_step(optimizer) == TL_OK && (tl_model_zero_grad(model), true);
}

static void follow_curve(const golden_case *c, tl_adamw *optimizer, const tl_json_value *root) {
  const tl_json_value *told = tl_json_get(root, "settings");
  settings s = {
      .rate = number(told, "learning_rate"),
      .max_norm = number(told, "max_grad_norm"),
      .warmup = (int64_t)number(told, "warmup_steps"),
      .steps = (int64_t)number(told, "steps"),
      .batch = (int32_t)number(told, "batch_size"),
  };
  const tl_json_value *curve = tl_json_get(root, "curve");
  const tl_json_value *loss = tl_json_first(tl_json_get(curve, "loss"));
  const tl_json_value *expected_norm = tl_json_first(tl_json_get(curve, "grad_norm"));
  CHECK_EQ_INT(tl_json_count(tl_json_get(curve, "loss")), s.steps);
  for (int64_t step = 0; step < s.steps && loss != NULL && expected_norm != NULL; step++) {
    float norm = NAN;
    REQUIRE(fill_batch(c->batch, &c->tensors, (int32_t)(step * s.batch % GOLDEN_ROWS), s.batch, true));
    REQUIRE(take_step(c->model, c->batch, optimizer, &s, step, &norm));
    double expected = tl_json_number(expected_norm, (double)NAN);
    CHECK_NEAR(tl_model_loss(c->model), tl_json_number(loss, (double)NAN), LOSS_TOLERANCE);
    CHECK_NEAR(norm, expected, NORM_TOLERANCE * expected);
    loss = tl_json_next(loss);
    expected_norm = tl_json_next(expected_norm);
  }
}

static void check_opened(golden_case *c) {
  const tl_json_value *root = tl_json_root(c->json);
  tl_adamw *optimizer = make_optimizer(c->context, c->model, tl_json_get(root, "settings"));
  REQUIRE(optimizer != NULL);
  follow_curve(c, optimizer, root);
  check_golden_logits(c, "trained_logits", LOGITS_TOLERANCE, LOGITS_TOLERANCE);
  tl_adamw_free(optimizer);
}

static void check_case(const char *folder) {
  golden_case c;
  REQUIRE(golden_case_open(folder, &c));
  check_opened(&c);
  golden_case_close(&c);
}

static void check_lora_case(const char *folder) {
  golden_case c;
  int64_t next;
  REQUIRE(golden_case_open(folder, &c) && golden_add_lora(&c, &next) && golden_start_lora(&c));
  check_opened(&c);
  golden_case_close(&c);
}

TEST(berts_loss_follows_torch_on_pairs) { check_case("models/bert_pairs"); }
TEST(berts_loss_follows_torch_on_several_labels) { check_case("models/bert_multi_label"); }
TEST(berts_loss_follows_torch_on_a_regression) { check_case("models/bert_regression"); }
TEST(berts_loss_follows_torch_with_tanh_gelu) { check_case("models/bert_gelu_new"); }
TEST(berts_loss_follows_torch_with_relu) { check_case("models/bert_relu"); }
TEST(berts_loss_follows_torch_at_full_length) { check_case("models/bert_full_length"); }
TEST(berts_loss_follows_torch_with_an_attended_pad_token) { check_case("models/bert_attended_pad"); }
TEST(berts_loss_follows_torch_from_float16) { check_case("models/bert_float16"); }
TEST(berts_loss_follows_torch_from_bfloat16) { check_case("models/bert_bfloat16"); }
TEST(distilberts_loss_follows_torch) { check_case("models/distilbert_single"); }
TEST(distilberts_loss_follows_torch_on_several_labels) { check_case("models/distilbert_multi_label"); }
TEST(distilberts_loss_follows_torch_on_a_regression) { check_case("models/distilbert_regression"); }
TEST(robertas_loss_follows_torch_on_pairs) { check_case("models/roberta_pairs"); }
TEST(robertas_loss_follows_torch_on_several_labels) { check_case("models/roberta_multi_label"); }
TEST(robertas_loss_follows_torch_with_an_attended_pad_token) { check_case("models/roberta_attended_pad"); }
TEST(robertas_loss_follows_torch_with_masked_tokens_inside) { check_case("models/roberta_hidden_tokens"); }
TEST(robertas_loss_follows_torch_from_float16) { check_case("models/roberta_float16"); }
TEST(xlm_robertas_loss_follows_torch_on_a_regression) { check_case("models/xlm_roberta_regression"); }
TEST(camemberts_loss_follows_torch_at_full_length) { check_case("models/camembert_full_length"); }
TEST(mpnets_loss_follows_torch_on_pairs) { check_case("models/mpnet_pairs"); }
TEST(mpnets_loss_follows_torch_on_long_texts) { check_case("models/mpnet_long"); }
TEST(mpnets_loss_follows_torch_with_masked_tokens_inside) { check_case("models/mpnet_hidden_tokens"); }
TEST(mpnets_loss_follows_torch_on_a_regression) { check_case("models/mpnet_regression"); }
TEST(mpnets_loss_follows_torch_on_several_labels) { check_case("models/mpnet_multi_label"); }
TEST(electras_loss_follows_torch_on_pairs) { check_case("models/electra_pairs"); }
TEST(electras_loss_follows_torch_with_wide_embeddings) { check_case("models/electra_wide_embeddings"); }
TEST(electras_loss_follows_torch_on_a_regression) { check_case("models/electra_regression"); }
TEST(electras_loss_follows_torch_on_several_labels) { check_case("models/electra_multi_label"); }
TEST(alberts_loss_follows_torch_on_pairs) { check_case("models/albert_pairs"); }
TEST(alberts_loss_follows_torch_with_groups_of_layers) { check_case("models/albert_groups"); }
TEST(alberts_loss_follows_torch_on_a_regression) { check_case("models/albert_regression"); }
TEST(electras_adapters_follow_peft) { check_lora_case("lora/electra_default"); }
TEST(alberts_adapters_which_layers_share_follow_peft) { check_lora_case("lora/albert_all"); }
TEST(modernberts_loss_follows_torch_on_pairs) { check_case("models/modernbert_pairs"); }
TEST(modernberts_loss_follows_torch_with_mean_pooling) { check_case("models/modernbert_mean"); }
TEST(modernberts_loss_follows_torch_with_all_biases) { check_case("models/modernbert_biases"); }
TEST(modernberts_loss_follows_torch_with_a_window_last) { check_case("models/modernbert_local_last"); }
TEST(modernberts_loss_follows_torch_on_long_texts) { check_case("models/modernbert_long"); }
TEST(modernberts_loss_follows_torch_from_bfloat16) { check_case("models/modernbert_bfloat16"); }
TEST(robertas_adapters_follow_peft) { check_lora_case("lora/roberta_default"); }
TEST(berts_adapters_follow_peft) { check_lora_case("lora/bert_default"); }
TEST(berts_adapters_in_one_layer_follow_peft) { check_lora_case("lora/bert_upper_layer"); }
TEST(distilberts_adapters_follow_peft) { check_lora_case("lora/distilbert"); }
TEST(distilberts_adapters_on_all_projections_follow_peft) { check_lora_case("lora/distilbert_all"); }
TEST(mpnets_adapters_follow_peft) { check_lora_case("lora/mpnet"); }
TEST(modernberts_adapters_follow_peft) { check_lora_case("lora/modernbert"); }
