/* The memory plan tells what is really allocated, no step allocates, and a job that does not fit is refused
 * in time. */
#include "model_fixture.h"
#include "tunelab/train.h"

/* What the context counts for each block beside its content. */
enum { BLOCK_OVERHEAD = 64 };

typedef struct fixture {
  tl_context *context;
  tl_model *model;
  tl_batch *batch;
} fixture;

static bool open_fixture_of(fixture *f, const char *model_type, int32_t threads) {
  f->context = tl_context_create(threads);
  f->model = tiny_encoder(f->context, model_type, 3, 2, 0.1);
  f->batch = NULL;
  return f->model != NULL && tl_batch_create(f->context, &f->batch) == TL_OK && tiny_batch(f->batch);
}

static bool open_fixture(fixture *f, int32_t threads) { return open_fixture_of(f, "bert", threads); }

static void close_fixture(fixture *f) {
  tl_batch_free(f->batch);
  tl_model_free(f->model);
  CHECK_NEAR(tl_context_bytes(f->context), 0.0, 0.0);
  tl_context_free(f->context);
}

/* The plan's share that is neither weights nor (training) gradients and moments. */
static double planned_workspace(const tl_model *model, int32_t B, int32_t T, int32_t S, bool training) {
  double blocks = training ? 4.0 : 1.0;
  return tl_model_plan_bytes(model, B, T, S, training) -
         blocks * (double)model->parameters * (double)sizeof(float);
}

static void check_plan(const char *model_type, int32_t threads, bool training) {
  fixture f;
  REQUIRE(open_fixture_of(&f, model_type, threads));
  tl_model_set_grad_enabled(f.model, training);
  double before = tl_context_bytes(f.context);
  double planned = planned_workspace(f.model, TINY_B, 14, TINY_S, training);
  CHECK_NEAR(tl_model_activation_bytes(f.model, TINY_B, 14, TINY_S, training), planned, 0.0);
  REQUIRE(tl_model_reserve(f.model, TINY_B, 14, TINY_S) == TL_OK);
  double gradients = training ? (double)f.model->parameters * (double)sizeof(float) : 0.0;
  int blocks = training ? 3 : 2; /* the workspace, the logits, the gradients */
  CHECK_NEAR(tl_context_bytes(f.context) - before, planned + gradients + blocks * BLOCK_OVERHEAD, 0.0);
  close_fixture(&f);
}

TEST(what_is_planned_is_what_is_allocated) {
  for (int32_t kind = 0; kind < TINY_KINDS; kind++) {
    check_plan(tiny_kinds[kind], 1, true);
    check_plan(tiny_kinds[kind], 1, false);
    check_plan(tiny_kinds[kind], 3, true);
  }
}

TEST(a_new_model_holds_its_weights) {
  tl_context *context = tl_context_create(1);
  double before = tl_context_bytes(context);
  tl_model *model = tiny_bert(context, 3, 2, 0.1);
  REQUIRE(model != NULL);
  double held = tl_context_bytes(context) - before;
  double weights = (double)tl_model_parameter_count(model) * (double)sizeof(float);
  /* Beside them stands the table of spans and the like: some hundred bytes for each tensor. */
  CHECK(held >= weights && held - weights < 512.0 * (double)tl_model_span_count(model));
  tl_model_free(model);
  tl_context_free(context);
}

TEST(gradients_and_moments_are_planned_for_what_trains) {
  tl_context *context = tl_context_create(1);
  tl_model *model = tiny_bert(context, 3, 2, 0.1);
  REQUIRE(model != NULL);
  double before = planned_workspace(model, 4, 20, 5, true);
  for (int32_t span = model->at.pooler; span < model->at.classifier; span++)
    CHECK_EQ_INT(tl_model_set_trainable(model, span, false), TL_OK);
  double pooler = 12 * 12 + 12;
  CHECK_NEAR(planned_workspace(model, 4, 20, 5, true), before - 12.0 * pooler, 0.0);
  tl_model_free(model);
  tl_context_free(context);
}

static void check_steps(const char *model_type) {
  fixture f;
  REQUIRE(open_fixture_of(&f, model_type, 2));
  REQUIRE(tl_model_reserve(f.model, TINY_B, 14, TINY_S) == TL_OK);
  double held = tl_context_bytes(f.context);
  double peak = tl_context_peak_bytes(f.context);
  tl_model_set_training(f.model, true);
  for (int32_t step = 0; step < 3; step++) {
    CHECK_EQ_INT(tl_model_forward(f.model, f.batch), TL_OK);
    CHECK_EQ_INT(tl_model_backward(f.model, 1.0f), TL_OK);
  }
  tl_model_set_grad_enabled(f.model, false);
  CHECK_EQ_INT(tl_model_forward(f.model, f.batch), TL_OK);
  CHECK_NEAR(tl_context_bytes(f.context), held, 0.0);
  CHECK_NEAR(tl_context_peak_bytes(f.context), peak, 0.0);
  close_fixture(&f);
}

TEST(steps_after_the_reserve_allocate_nothing) {
  for (int32_t kind = 0; kind < TINY_KINDS; kind++)
    check_steps(tiny_kinds[kind]);
}

TEST(without_gradients_the_workspace_is_a_fraction) {
  tl_context *context = tl_context_create(1);
  tl_model *model = tiny_bert(context, 12, 2, 0.1);
  REQUIRE(model != NULL);
  CHECK(planned_workspace(model, 8, 80, 10, false) < 0.3 * planned_workspace(model, 8, 80, 10, true));
  tl_model_free(model);
  tl_context_free(context);
}

/* Evaluation's batches are larger than training's more often than not; they must not be planned as if they
 * kept what backward needs. */
TEST(evaluation_and_training_take_turns_in_one_block) {
  fixture f;
  REQUIRE(open_fixture(&f, 2));
  tl_model_free(f.model);
  f.model = tiny_bert(f.context, 12, 2, 0.1); /* deep enough for what is kept to outweigh the scratch */
  REQUIRE(f.model != NULL);
  tl_model_set_training(f.model, true);
  REQUIRE(tl_model_reserve(f.model, TINY_B, 14, TINY_S) == TL_OK);
  double held = tl_context_bytes(f.context);
  int32_t ids[2 * TINY_B * TINY_S];
  for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
    ids[i] = (int32_t)(i % 10);
  tl_batch *larger = NULL;
  REQUIRE(tl_batch_create(f.context, &larger) == TL_OK);
  REQUIRE(tl_batch_pack(larger, 2 * TINY_B, TINY_S, ids, NULL, NULL) == TL_OK);
  double logits_and_batch = tl_context_bytes(f.context) - held + TINY_B * 2 * sizeof(float);
  for (int32_t turn = 0; turn < 3; turn++) {
    tl_model_set_grad_enabled(f.model, true);
    CHECK_EQ_INT(tl_model_forward(f.model, f.batch), TL_OK);
    CHECK_EQ_INT(tl_model_backward(f.model, 1.0f), TL_OK);
    tl_model_set_grad_enabled(f.model, false);
    CHECK_EQ_INT(tl_model_forward(f.model, larger), TL_OK);
    CHECK_EQ_INT(tl_model_backward(f.model, 1.0f), TL_ERR_ARGUMENT);
    CHECK_NEAR(tl_context_bytes(f.context), held + logits_and_batch, 0.0);
  }
  tl_batch_free(larger);
  close_fixture(&f);
}

TEST(a_job_beyond_the_limit_is_refused_and_the_model_goes_on_with_smaller_ones) {
  fixture f;
  REQUIRE(open_fixture(&f, 1));
  REQUIRE(tl_model_reserve(f.model, TINY_B, 14, TINY_S) == TL_OK);
  REQUIRE(tl_model_forward(f.model, f.batch) == TL_OK);
  float logits[TINY_B * 2];
  memcpy(logits, tl_model_logits(f.model), sizeof logits);
  tl_context_set_max_bytes(f.context, tl_context_bytes(f.context) + 10000.0);
  CHECK_EQ_INT(tl_model_reserve(f.model, 1000, 10000, 10), TL_ERR_MEMORY);
  CHECK(strstr(tl_context_error(f.context), "activations") != NULL);
  CHECK_EQ_BYTES(tl_model_logits(f.model), logits, sizeof logits);
  CHECK_EQ_INT(tl_model_backward(f.model, 1.0f), TL_ERR_ARGUMENT);
  CHECK_EQ_INT(tl_model_forward(f.model, f.batch), TL_OK);
  CHECK_EQ_BYTES(tl_model_logits(f.model), logits, sizeof logits);
  CHECK_EQ_INT(tl_model_backward(f.model, 1.0f), TL_OK);
  close_fixture(&f);
}

TEST(gradients_that_do_not_fit_are_refused_and_the_same_backward_may_follow_later) {
  fixture f;
  REQUIRE(open_fixture(&f, 1));
  REQUIRE(tl_model_forward(f.model, f.batch) == TL_OK);
  tl_context_set_max_bytes(f.context, tl_context_bytes(f.context) + 3.0 * (double)f.model->parameters);
  float norm;
  CHECK_EQ_INT(tl_model_backward(f.model, 1.0f), TL_ERR_MEMORY);
  CHECK(strstr(tl_context_error(f.context), "the gradients") != NULL);
  CHECK_EQ_INT(tl_clip_grad_norm(f.model, 1.0f, &norm), TL_ERR_MEMORY);
  CHECK(tl_model_gradients(f.model) == NULL);
  tl_context_set_max_bytes(f.context, 1e9);
  CHECK_EQ_INT(tl_model_backward(f.model, 1.0f), TL_OK);
  CHECK(tl_model_gradient(f.model, f.model->at.classifier)[0] != 0.0f);
  close_fixture(&f);
}

TEST(a_model_that_does_not_fit_is_refused_with_its_bytes) {
  tl_context *context = tl_context_create(1);
  tl_context_set_max_bytes(context, 1e6);
  static const char config[] =
      "{\"model_type\": \"bert\", \"vocab_size\": 30522, \"hidden_size\": 384, "
      "\"num_hidden_layers\": 6, \"num_attention_heads\": 12, \"intermediate_size\": 1536, "
      "\"max_position_embeddings\": 512, \"type_vocab_size\": 2}";
  tl_model *model = NULL;
  CHECK_EQ_INT(tl_model_create(context, (const uint8_t *)config, strlen(config), &model), TL_ERR_MEMORY);
  CHECK(model == NULL);
  CHECK(strstr(tl_context_error(context), "the model's weights") != NULL);
  CHECK_NEAR(tl_context_bytes(context), 0.0, 0.0);
  tl_context_free(context);
}

static const double FOUR_GB = 4294967296.0;

/* Multiples of 16 tokens, so that no rounding to cache lines disturbs the line; the kernels' scratch has
 * reached its bound long before. */
TEST(a_plan_goes_on_in_a_straight_line_beyond_4_gb) {
  tl_context *context = tl_context_create(1);
  tl_model *model = tiny_bert(context, 3, 2, 0.1);
  REQUIRE(model != NULL);
  enum { B = 16, T = 1 << 20, S = 8 };
  double one = tl_model_plan_bytes(model, B, T, S, true);
  double two = tl_model_plan_bytes(model, B, 2 * T, S, true);
  double many = tl_model_plan_bytes(model, B, 64 * T, S, true);
  CHECK(one > 0.0 && two < FOUR_GB && many > FOUR_GB);
  CHECK_NEAR(many, one + 63.0 * (two - one), 0.0);
  tl_model_free(model);
  tl_context_free(context);
}

/* One layer with BERT-large's activations for each token, over so many sequences of one token that they need
 * 9 GB; the limit keeps a machine which has as much from trying. */
TEST(a_batch_beyond_4_gb_is_refused_with_its_figure) {
  enum { B = 100000 };
  tl_context *context = tl_context_create(1);
  tl_model *model = model_of(
      context,
      "{\"model_type\": \"bert\", \"vocab_size\": 20, \"hidden_size\": 1024, \"num_hidden_layers\": 1, "
      "\"num_attention_heads\": 16, \"intermediate_size\": 4096, \"max_position_embeddings\": 8, "
      "\"type_vocab_size\": 2}");
  REQUIRE(model != NULL);
  tl_batch *batch = NULL;
  int32_t *ids = calloc(B, sizeof *ids);
  REQUIRE(ids != NULL && tl_batch_create(context, &batch) == TL_OK);
  REQUIRE(tl_batch_pack(batch, B, 1, ids, NULL, NULL) == TL_OK);
  tl_context_set_max_bytes(context, 1e9);

  double logits = (double)B * 2.0 * (double)sizeof(float);
  double activations = planned_workspace(model, B, B, 1, true) - logits;
  CHECK(activations > FOUR_GB);
  char figure[64];
  snprintf(figure, sizeof figure, " %.0f bytes (", activations);
  CHECK_EQ_INT(tl_model_reserve(model, B, B, 1), TL_ERR_MEMORY);
  CHECK(strstr(tl_context_error(context), figure) != NULL);
  CHECK_EQ_INT(tl_model_set_trainable(model, -1, true), TL_ERR_ARGUMENT); /* another sentence in between */
  CHECK_EQ_INT(tl_model_forward(model, batch), TL_ERR_MEMORY);
  CHECK(strstr(tl_context_error(context), figure) != NULL);

  free(ids);
  tl_batch_free(batch);
  tl_model_free(model);
  tl_context_free(context);
}

TEST(impossible_sizes_have_no_plan) {
  tl_context *context = tl_context_create(1);
  tl_model *model = tiny_bert(context, 1, 2, 0.1);
  REQUIRE(model != NULL);
  CHECK_NEAR(tl_model_plan_bytes(model, 0, 1, 1, true), 0.0, 0.0);
  CHECK_NEAR(tl_model_plan_bytes(model, 2, 1, 1, true), 0.0, 0.0);
  CHECK_NEAR(tl_model_plan_bytes(model, 1, 1, 0, true), 0.0, 0.0);
  CHECK_NEAR(tl_model_activation_bytes(model, 2, 1, 1, true), 0.0, 0.0);
  CHECK_EQ_INT(tl_model_reserve(model, 2, 1, 1), TL_ERR_ARGUMENT);
  tl_model_free(model);
  tl_context_free(context);
}

/* Multiply-adds of one sequence of 3 tokens through one layer of tiny_bert (C 12, F 20, K 2), where [CLS]
 * alone is computed after keys and values. */
TEST(the_flops_of_a_batch_are_those_of_its_matrix_products) {
  fixture f;
  f.context = tl_context_create(1);
  f.model = tiny_bert(f.context, 1, 2, 0.1);
  f.batch = NULL;
  REQUIRE(f.model != NULL && tl_batch_create(f.context, &f.batch) == TL_OK);
  CHECK_NEAR(tl_model_flops(f.model, false), 0.0, 0.0);
  static const int32_t ids[3] = {2, 5, 3};
  REQUIRE(tl_batch_pack(f.batch, 1, 3, ids, NULL, NULL) == TL_OK);
  REQUIRE(tl_model_forward(f.model, f.batch) == TL_OK);
  double keys_and_values = 3 * 2 * 12 * 12, query = 12 * 12, scores = 3 * 12, mix = 3 * 12, dense = 12 * 12;
  double feed_forward = 2 * 12 * 20, pooler = 12 * 12, classifier = 12 * 2;
  double forward =
      2.0 * (keys_and_values + query + scores + mix + dense + feed_forward + pooler + classifier);
  CHECK_NEAR(tl_model_flops(f.model, false), forward, 0.0);
  CHECK_NEAR(tl_model_flops(f.model, true), 3.0 * forward, 0.0);

  /* Frozen but for the classifier and the key's matrix: what lies above it needs the gradients of inputs, the
   * frozen matrices none of their own, and the embeddings nothing. */
  int32_t key = tl_layer_span(f.model, 0, TL_PART_KEY_WEIGHT);
  for (int32_t span = 0; span < f.model->at.classifier; span++)
    REQUIRE(tl_model_set_trainable(f.model, span, span == key) == TL_OK);
  double inputs = 2.0 * (scores + mix) + dense + feed_forward + pooler + classifier;
  CHECK_NEAR(tl_model_flops(f.model, true), forward + 2.0 * (inputs + 3 * 12 * 12 + classifier), 0.0);
  REQUIRE(tl_model_set_trainable(f.model, key, false) == TL_OK);
  CHECK_NEAR(tl_model_flops(f.model, true), forward + 2.0 * classifier, 0.0);
  close_fixture(&f);
}

/* Multiply-adds of a sequence of 5 tokens through a layer that sees all and a last one that sees a token
 * either way: [CLS] has 2 keys there. C 12, 2F 40, K 2. */
TEST(the_flops_of_a_window_are_those_within_it) {
  fixture f;
  f.context = tl_context_create(1);
  f.model = tiny_encoder(f.context, "modernbert", 2, 2, 0.1);
  f.batch = NULL;
  REQUIRE(f.model != NULL && tl_batch_create(f.context, &f.batch) == TL_OK);
  static const int32_t ids[5] = {2, 5, 7, 9, 3};
  REQUIRE(tl_batch_pack(f.batch, 1, 5, ids, NULL, NULL) == TL_OK);
  REQUIRE(tl_model_forward(f.model, f.batch) == TL_OK);
  double square = 12 * 12, feed_forward = 12 * 40 + 20 * 12;
  double first = 5 * 3 * square + 2 * 25 * 12 + 5 * square + 5 * feed_forward;
  double last = (1 + 2 * 5) * square + 2 * 2 * 12 + square + feed_forward;
  double forward = 2.0 * (first + last + square + 12 * 2);
  CHECK_NEAR(tl_model_flops(f.model, false), forward, 1e-9 * forward);
  CHECK_NEAR(tl_model_flops(f.model, true), 3.0 * forward, 1e-9 * forward);
  close_fixture(&f);
}

/* Two layers of 2 sequences, 4 and 3 tokens long: E 8, C 12. */
TEST(a_projection_of_the_embeddings_and_shared_layers_count_as_often_as_they_run) {
  double forward[2], both[2];
  for (int32_t i = 0; i < 2; i++) {
    tl_context *context = tl_context_create(1);
    tl_model *model = tiny_encoder(context, i == 0 ? "bert" : "albert", 2, 2, 0.0);
    tl_batch *batch = NULL;
    REQUIRE(model != NULL && tl_batch_create(context, &batch) == TL_OK);
    static const int32_t ids[8] = {2, 5, 3, 4, 2, 6, 3}, mask[8] = {1, 1, 1, 1, 1, 1, 1, 0};
    REQUIRE(tl_batch_pack(batch, 2, 4, ids, mask, NULL) == TL_OK);
    REQUIRE(tl_model_forward(model, batch) == TL_OK);
    forward[i] = tl_model_flops(model, false);
    both[i] = tl_model_flops(model, true);
    tl_batch_free(batch);
    tl_model_free(model);
    tl_context_free(context);
  }
  double projection = 2.0 * 7 * 8 * 12;
  CHECK_NEAR(forward[1] - forward[0], projection, 0.0);
  CHECK_NEAR(both[1] - both[0], 3.0 * projection, 0.0);
}
