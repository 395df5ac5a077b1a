/* Activation checkpointing changes memory and time, not a bit of a result; and the plan counts it. */
#include "model_fixture.h"

enum { LAYERS = 5, STEPS = 3, B = 4, S = 10 };

typedef struct settings {
  const char *model_type;
  int32_t layers;
  int32_t threads;
  int32_t frozen; /* the lowest layers, and the embeddings with them */
  double dropout;
  bool checkpointed;
} settings;

/* A model of the settings. DistilBERT has ReLU here, which works in place. */
static tl_model *make_model(tl_context *context, const settings *s) {
  if (strcmp(s->model_type, "distilbert") != 0)
    return tiny_encoder(context, s->model_type, s->layers, 2, s->dropout);
  char config[768];
  snprintf(
      config, sizeof config,
      "{\"model_type\": \"distilbert\", \"vocab_size\": 20, \"dim\": 12, \"n_layers\": %d, \"n_heads\": 3, "
      "\"hidden_dim\": 20, \"max_position_embeddings\": 10, \"activation\": \"relu\", "
      "\"dropout\": %g, \"attention_dropout\": %g}",
      (int)s->layers, s->dropout, s->dropout);
  tl_model *model = model_of(context, config);
  if (model != NULL)
    fill_weights(model, 7);
  return model;
}

static tl_model *make_frozen(tl_context *context, const settings *s) {
  tl_model *model = make_model(context, s);
  if (model == NULL)
    return NULL;
  int32_t frozen = s->frozen > 0 ? tl_layer_span(model, s->frozen, TL_PART_QUERY_WEIGHT) : 0;
  for (int32_t span = 0; span < frozen; span++) {
    if (tl_model_set_trainable(model, span, false) != TL_OK)
      return NULL;
  }
  tl_model_set_activation_checkpointing(model, s->checkpointed);
  return model;
}

/* The n-th batch: pairs of unequal lengths, other tokens and one more token in each sequence every time. */
static bool fill(tl_batch *batch, int32_t n) {
  int32_t ids[B * S], mask[B * S], types[B * S], labels[B];
  for (int32_t i = 0; i < B * S; i++) {
    int32_t length = 2 + 2 * (i / S) + n % 3;
    ids[i] = (i * 7 + n * 5 + 3) % 20;
    mask[i] = i % S < length;
    types[i] = i % S >= length / 2;
    labels[i / S] = (i / S + n) % 2;
  }
  return tl_batch_pack(batch, B, S, ids, mask, types) == TL_OK &&
         tl_batch_set_labels(batch, labels, B) == TL_OK;
}

/* Updates by plain descent of two accumulated batches each, an evaluation in between; the weights at the end,
 * to be freed, and how many there are. */
static float *train(const settings *s, size_t *count) {
  tl_context *context = tl_context_create(s->threads);
  tl_model *model = make_frozen(context, s);
  tl_batch *batch = NULL;
  bool ok = model != NULL && tl_batch_create(context, &batch) == TL_OK;
  float *copy = NULL;
  if (ok)
    tl_model_seed_dropout(model, 3);
  for (int32_t step = 0; step < STEPS && ok; step++) {
    tl_model_zero_grad(model);
    tl_model_set_training(model, true);
    for (int32_t part = 0; part < 2 && ok; part++)
      ok = fill(batch, 2 * step + part) && tl_model_forward(model, batch) == TL_OK &&
           tl_model_backward(model, 0.5f) == TL_OK;
    float *gradients = copy_gradients(model);
    for (size_t i = 0; gradients != NULL && i < model->parameters; i++)
      model->weights[i] -= 0.1f * gradients[i];
    ok = ok && gradients != NULL;
    free(gradients);
    tl_model_set_training(model, false);
    tl_model_set_grad_enabled(model, false);
    ok = ok && tl_model_forward(model, batch) == TL_OK;
    tl_model_set_grad_enabled(model, true);
  }
  if (ok && (copy = malloc(model->parameters * sizeof(float))) != NULL) {
    *count = model->parameters;
    memcpy(copy, tl_model_weights(model), *count * sizeof(float));
  }
  tl_batch_free(batch);
  tl_model_free(model);
  tl_context_free(context);
  return copy;
}

static void check_same(settings s) {
  size_t count = 0, same = 0;
  s.checkpointed = false;
  float *plain = train(&s, &count);
  s.checkpointed = true;
  float *checkpointed = train(&s, &same);
  REQUIRE(plain != NULL && checkpointed != NULL && count == same);
  if (!CHECK_EQ_BYTES(checkpointed, plain, count * sizeof(float)))
    printf("    %s, %d layers, %d threads, %d frozen, dropout %g\n", s.model_type, (int)s.layers,
           (int)s.threads, (int)s.frozen, s.dropout);
  free(plain);
  free(checkpointed);
}

TEST(checkpointed_training_gives_the_same_weights_bit_by_bit) {
  for (int32_t threads = 1; threads <= 2; threads++) {
    for (int32_t kind = 0; kind < TINY_KINDS; kind++)
      check_same(
          (settings){.model_type = tiny_kinds[kind], .layers = LAYERS, .threads = threads, .dropout = 0.2});
    check_same((settings){.model_type = "distilbert", .layers = LAYERS, .threads = threads, .dropout = 0.2});
  }
  check_same((settings){.model_type = "bert", .layers = LAYERS, .threads = 1});
}

TEST(checkpointing_above_any_number_of_frozen_layers_changes_no_bit) {
  static const char *const kinds[] = {"bert", "albert", "modernbert", "modernbert mean"};
  for (int32_t frozen = 1; frozen < LAYERS; frozen++) {
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
      check_same((settings){
          .model_type = kinds[i], .layers = LAYERS, .threads = 2, .frozen = frozen, .dropout = 0.2});
  }
}

TEST(a_model_of_few_layers_can_be_checkpointed_too) {
  for (int32_t layers = 1; layers <= 3; layers++) {
    for (int32_t kind = 0; kind < TINY_KINDS; kind++)
      check_same((settings){.model_type = tiny_kinds[kind], .layers = layers, .threads = 1, .dropout = 0.2});
  }
}

TEST(a_model_says_whether_it_is_checkpointed) {
  tl_context *context = tl_context_create(1);
  tl_model *model = tiny_bert(context, 3, 2, 0.1);
  REQUIRE(model != NULL);
  CHECK(!tl_model_activation_checkpointing(model));
  tl_model_set_activation_checkpointing(model, true);
  CHECK(tl_model_activation_checkpointing(model));
  tl_model_free(model);
  tl_context_free(context);
}

TEST(switching_checkpointing_drops_the_last_forward) {
  tl_context *context = tl_context_create(1);
  tl_model *model = tiny_bert(context, 3, 2, 0.1);
  tl_batch *batch = NULL;
  REQUIRE(model != NULL && tl_batch_create(context, &batch) == TL_OK && tiny_batch(batch));
  REQUIRE(tl_model_forward(model, batch) == TL_OK);
  tl_model_set_activation_checkpointing(model, true);
  CHECK_EQ_INT(tl_model_backward(model, 1.0f), TL_ERR_ARGUMENT);
  CHECK_EQ_INT(tl_model_forward(model, batch), TL_OK);
  CHECK_EQ_INT(tl_model_backward(model, 1.0f), TL_OK);
  tl_batch_free(batch);
  tl_model_free(model);
  tl_context_free(context);
}

/* The workspace of a config's training step, planned without a block of that size: a plan needs the config
 * alone. */
static double workspace_of(const char *json, int32_t sequences, int32_t length, bool checkpointed,
                           size_t *parameters) {
  tl_context *context = tl_context_create(2);
  tl_config config;
  double bytes = 0.0;
  if (tl_config_read(context, (const uint8_t *)json, strlen(json), &config) == TL_OK) {
    tl_span_index at;
    *parameters = tl_spans_build(&config, NULL, &at);
    tl_extent extent = {
        .B = sequences, .T = sequences * length, .S = length, .lowest = -1, .checkpointed = checkpointed};
    bytes = (double)tl_workspace_bytes(&config, extent, 2);
  }
  tl_context_free(context);
  return bytes;
}

static const char BERT_BASE[] = "{\"model_type\": \"bert\", \"vocab_size\": 30522, \"hidden_size\": 768, "
                                "\"num_hidden_layers\": 12, \"num_attention_heads\": 12, "
                                "\"intermediate_size\": 3072, \"max_position_embeddings\": 512, "
                                "\"type_vocab_size\": 2}";

/* Weights, gradients and two moments are 16 bytes a parameter. */
TEST(bert_base_trains_on_8_sequences_of_512_tokens_well_within_4_gb_if_checkpointed) {
  size_t parameters = 0;
  double plain = workspace_of(BERT_BASE, 8, 512, false, &parameters);
  double checkpointed = workspace_of(BERT_BASE, 8, 512, true, &parameters);
  double blocks = 16.0 * (double)parameters;
  CHECK(parameters == 109483778);
  CHECK(checkpointed > 0.0 && blocks + checkpointed < 2.5e9);
  CHECK(checkpointed < 0.25 * plain);
}

/* Beside layer 0's full state, each further layer costs one (T, C) matrix and two numbers a token. */
TEST(a_checkpointed_layer_costs_one_matrix) {
  tl_context *context = tl_context_create(1);
  double bytes[2];
  enum { TOKENS = 160 }; /* of 16, so that no rounding to cache lines disturbs the sum */
  for (int32_t i = 0; i < 2; i++) {
    tl_model *model = tiny_bert(context, 4 + i, 2, 0.1);
    REQUIRE(model != NULL);
    tl_model_set_activation_checkpointing(model, true);
    bytes[i] = (double)tl_workspace_bytes(&model->config, tl_model_extent(model, 16, TOKENS, 10, true), 1);
    tl_model_free(model);
  }
  CHECK_NEAR(bytes[1] - bytes[0], TOKENS * (12 + 2) * (double)sizeof(float), 0.0);
  tl_context_free(context);
}
