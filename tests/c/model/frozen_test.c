/* Frozen spans get no gradient, whatever is frozen, and the others get exactly what they would have got. */
#include <math.h>

#include "model_fixture.h"

typedef bool (*chooser)(const tl_model *model, int32_t span);

static bool all(const tl_model *model, int32_t span) { return (void)model, (void)span, true; }
static bool head_only(const tl_model *model, int32_t span) { return span >= model->at.classifier; }
static bool pooler_only(const tl_model *model, int32_t span) {
  return span >= model->at.pooler && span < model->at.classifier;
}
static bool last_layer_and_head(const tl_model *model, int32_t span) {
  return span >= tl_layer_span(model, model->config.L - 1, TL_PART_QUERY_WEIGHT);
}
static bool middle_layer_only(const tl_model *model, int32_t span) {
  return span >= tl_layer_span(model, 1, TL_PART_QUERY_WEIGHT) &&
         span < tl_layer_span(model, 2, TL_PART_QUERY_WEIGHT);
}
static bool embeddings_only(const tl_model *model, int32_t span) { return span < model->at.layers; }
static bool positions_only(const tl_model *model, int32_t span) { return span == model->at.position; }
static bool biases_only(const tl_model *model, int32_t span) {
  return model->spans[span].role == TL_ROLE_BIAS;
}
static bool norm_weights_only(const tl_model *model, int32_t span) {
  return model->spans[span].role == TL_ROLE_NORM_WEIGHT;
}
/* Query and value without the key between them: their matrices lie apart. */
static bool all_but_keys(const tl_model *model, int32_t span) {
  return strstr(model->spans[span].name, "key") == NULL;
}
static bool keys_only(const tl_model *model, int32_t span) { return !all_but_keys(model, span); }
static bool nothing(const tl_model *model, int32_t span) { return (void)model, (void)span, false; }

/* The gradients of a training step where `choose` decides what is trainable, to be freed. */
static float *gradients_of(tl_model *model, const tl_batch *batch, chooser choose) {
  for (int32_t s = 0; s < model->at.count; s++) {
    if (tl_model_set_trainable(model, s, choose(model, s)) != TL_OK)
      return NULL;
  }
  tl_model_zero_grad(model);
  tl_model_set_training(model, true);
  tl_model_seed_dropout(model, 1);
  if (tl_model_forward(model, batch) != TL_OK || tl_model_backward(model, 1.0f) != TL_OK)
    return NULL;
  return copy_gradients(model);
}

/* In a workspace laid out for the choice, then for everything, and then for the choice in the larger one. */
static void check_choice_of(const char *model_type, const char *name, chooser choose) {
  tl_context *context = tl_context_create(2);
  tl_model *model = tiny_encoder(context, model_type, 3, 2, 0.3);
  tl_batch *batch = NULL;
  REQUIRE(model != NULL && tl_batch_create(context, &batch) == TL_OK && tiny_batch(batch));
  float *part = gradients_of(model, batch, choose);
  float *whole = gradients_of(model, batch, all);
  float *again = gradients_of(model, batch, choose);
  REQUIRE(whole != NULL && part != NULL && again != NULL);
  CHECK_EQ_BYTES(again, part, model->parameters * sizeof(float));
  for (int32_t s = 0; s < model->at.count; s++) {
    const tl_span *span = &model->spans[s];
    bool trainable = choose(model, s);
    CHECK(tl_model_trainable(model, s) == trainable);
    if (!trainable)
      memset(whole + span->offset, 0, span->size * sizeof(float));
    if (!CHECK_EQ_BYTES(part + span->offset, whole + span->offset, span->size * sizeof(float)))
      printf("    %s, %s, %s\n", model_type, name, span->name);
  }
  free(whole);
  free(part);
  free(again);
  tl_batch_free(batch);
  tl_model_free(model);
  tl_context_free(context);
}

static void check_choice(const char *name, chooser choose) {
  for (int32_t kind = 0; kind < TINY_KINDS; kind++)
    check_choice_of(tiny_kinds[kind], name, choose);
}

TEST(any_choice_of_frozen_spans_leaves_the_other_gradients_as_they_were) {
  check_choice("head_only", head_only);
  check_choice("pooler_only", pooler_only);
  check_choice("last_layer_and_head", last_layer_and_head);
  check_choice("middle_layer_only", middle_layer_only);
  check_choice("embeddings_only", embeddings_only);
  check_choice("positions_only", positions_only);
  check_choice("biases_only", biases_only);
  check_choice("norm_weights_only", norm_weights_only);
  check_choice("all_but_keys", all_but_keys);
  check_choice("keys_only", keys_only);
  check_choice("nothing", nothing);
}

/* Whether a training step where `choose` decides leaves this buffer of backward's as it was. */
static bool leaves_alone(tl_model *model, const tl_batch *batch, chooser choose, float *buffer, size_t n) {
  for (size_t i = 0; i < n; i++)
    buffer[i] = 12345.0f;
  float *gradients = gradients_of(model, batch, choose);
  bool untouched = gradients != NULL;
  for (size_t i = 0; i < n; i++)
    untouched = untouched && buffer[i] == 12345.0f;
  free(gradients);
  return untouched;
}

TEST(backward_goes_no_deeper_than_the_lowest_trainable_span) {
  tl_context *context = tl_context_create(1);
  tl_model *model = tiny_bert(context, 3, 2, 0.0);
  tl_batch *batch = NULL;
  REQUIRE(model != NULL && tl_batch_create(context, &batch) == TL_OK && tiny_batch(batch));
  REQUIRE(tl_model_reserve(model, TINY_B, 14, TINY_S) == TL_OK);
  tl_workspace *w = &model->workspace;
  size_t C = (size_t)model->config.C;
  CHECK(leaves_alone(model, batch, head_only, w->d_branch, TINY_B * C));     /* the pooler's gradient */
  CHECK(leaves_alone(model, batch, pooler_only, w->d_cls, TINY_B * C));      /* the last layer's */
  CHECK(leaves_alone(model, batch, last_layer_and_head, w->d_rows, 14 * C)); /* that of the layer below */
  CHECK(!leaves_alone(model, batch, middle_layer_only, w->d_rows, 14 * C));
  tl_batch_free(batch);
  tl_model_free(model);
  tl_context_free(context);
}

/* The workspace for training a model of so many layers where those below `lowest` are frozen. */
static double workspace_above(int32_t layers, int32_t lowest) {
  tl_context *context = tl_context_create(1);
  tl_model *model = tiny_bert(context, layers, 2, 0.1);
  double bytes = 0.0;
  for (int32_t span = 0; model != NULL && span < tl_layer_span(model, lowest, TL_PART_QUERY_WEIGHT); span++)
    tl_model_set_trainable(model, span, false);
  if (model != NULL)
    bytes = (double)tl_workspace_bytes(&model->config, tl_model_extent(model, 8, 80, 10, true), 1);
  tl_model_free(model);
  tl_context_free(context);
  return bytes;
}

TEST(frozen_layers_at_the_bottom_keep_no_activations) {
  CHECK(workspace_above(3, 1) > 0.0);
  CHECK_NEAR(workspace_above(12, 10), workspace_above(3, 1), 0.0);
  CHECK(workspace_above(12, 11) < workspace_above(12, 10)); /* the last layer alone: few rows */
}

TEST(a_layer_unfrozen_after_the_forward_is_trained_from_the_next_one_on) {
  tl_context *context = tl_context_create(1);
  tl_model *model = tiny_bert(context, 3, 2, 0.0);
  tl_batch *batch = NULL;
  REQUIRE(model != NULL && tl_batch_create(context, &batch) == TL_OK && tiny_batch(batch));
  int32_t layer = tl_layer_span(model, 1, TL_PART_QUERY_WEIGHT);
  for (int32_t span = 0; span < layer; span++)
    REQUIRE(tl_model_set_trainable(model, span, false) == TL_OK);
  REQUIRE(tl_model_forward(model, batch) == TL_OK);
  REQUIRE(tl_model_set_trainable(model, 0, true) == TL_OK);
  const tl_span *word = &model->spans[0];
  for (int32_t step = 0; step < 2; step++) {
    CHECK_EQ_INT(tl_model_backward(model, 1.0f), TL_OK);
    const float *gradient = tl_model_gradient(model, 0);
    REQUIRE(gradient != NULL);
    float most = 0.0f;
    for (size_t i = 0; i < word->size; i++)
      most = fabsf(gradient[i]) > most ? fabsf(gradient[i]) : most;
    CHECK(step == 0 ? most == 0.0f : most > 0.0f);
    CHECK(tl_model_gradient(model, layer)[0] != 0.0f);
    REQUIRE(tl_model_forward(model, batch) == TL_OK);
  }
  tl_batch_free(batch);
  tl_model_free(model);
  tl_context_free(context);
}

TEST(freezing_a_span_drops_its_gradient_and_leaves_the_others_theirs) {
  tl_context *context = tl_context_create(1);
  tl_model *model = tiny_bert(context, 1, 2, 0.0);
  tl_batch *batch = NULL;
  REQUIRE(model != NULL && tl_batch_create(context, &batch) == TL_OK && tiny_batch(batch));
  int32_t frozen = tl_layer_span(model, 0, TL_PART_KEY_WEIGHT);
  CHECK(tl_model_gradient(model, frozen) == NULL); /* before the first backward */
  float *before = gradients_of(model, batch, all);
  CHECK_EQ_INT(tl_model_set_trainable(model, frozen, false), TL_OK);
  CHECK(tl_model_gradient(model, frozen) == NULL);
  for (int laid_out = 0; laid_out < 2; laid_out++) {
    float *after = copy_gradients(model);
    REQUIRE(before != NULL && after != NULL);
    const tl_span *span = &model->spans[frozen];
    memset(before + span->offset, 0, span->size * sizeof *before);
    CHECK_EQ_BYTES(after, before, model->parameters * sizeof *before);
    free(after);
    CHECK_EQ_INT(tl_model_set_trainable(model, frozen, true), TL_OK); /* starts from zero */
    CHECK(tl_model_gradients(model) != NULL);
  }
  free(before);
  tl_batch_free(batch);
  tl_model_free(model);
  tl_context_free(context);
}

TEST(a_span_that_does_not_exist_cannot_be_frozen) {
  tl_context *context = tl_context_create(1);
  tl_model *model = tiny_bert(context, 1, 2, 0.0);
  REQUIRE(model != NULL);
  CHECK_EQ_INT(tl_model_set_trainable(model, -1, false), TL_ERR_ARGUMENT);
  CHECK_EQ_INT(tl_model_set_trainable(model, tl_model_span_count(model), false), TL_ERR_ARGUMENT);
  CHECK(!tl_model_trainable(model, -1));
  CHECK(!tl_model_trainable(model, tl_model_span_count(model)));
  tl_model_free(model);
  tl_context_free(context);
}
