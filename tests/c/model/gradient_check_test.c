/* Gradients against finite differences of the loss itself, dropout on: no golden and no second implementation
 * is involved. */
#include "lora_fixture.h"

enum { DROPOUT_SEED = 5 };

/* Loss at the present weights, with the same dropout masks each time. */
static double loss_now(tl_model *model, const tl_batch *batch) {
  tl_model_seed_dropout(model, DROPOUT_SEED);
  if (tl_model_forward(model, batch) != TL_OK)
    return (double)NAN;
  return (double)tl_model_loss(model);
}

/* A direction of ±1 for each weight of a span, so that its every element takes part. */
static float direction(size_t i) { return (i * 2654435761u >> 7 & 1) != 0 ? 1.0f : -1.0f; }

static double loss_along(tl_model *model, const tl_batch *batch, const tl_span *span, const float *at,
                         float step) {
  float *weights = model->weights + span->offset;
  for (size_t i = 0; i < span->size; i++)
    weights[i] = at[i] + step * direction(i);
  double loss = loss_now(model, batch);
  memcpy(weights, at, span->size * sizeof *at);
  return loss;
}

/* dLoss/dstep along the direction: the central difference at two steps, extrapolated, which leaves an error
 * of order step^4. The loss is a float32 near 1, so each difference is off by about 1e-7 / step. */
static double slope(tl_model *model, const tl_batch *batch, const tl_span *span, const float *at) {
  /* The direction's norm is the root of its size; the step is scaled so that all spans move equally far. */
  float step = 0.02f / sqrtf((float)span->size);
  double wide =
      (loss_along(model, batch, span, at, 2 * step) - loss_along(model, batch, span, at, -2 * step)) /
      (4.0 * (double)step);
  double narrow = (loss_along(model, batch, span, at, step) - loss_along(model, batch, span, at, -step)) /
                  (2.0 * (double)step);
  return (4.0 * narrow - wide) / 3.0;
}

static void check_all_spans(tl_model *model, const tl_batch *batch) {
  tl_model_set_training(model, true);
  double loss = loss_now(model, batch);
  CHECK(isfinite(loss));
  CHECK_EQ_INT(tl_model_backward(model, 1.0f), TL_OK);
  for (int32_t s = 0; s < model->at.count; s++) {
    const tl_span *span = &model->spans[s];
    if (!span->trainable)
      continue;
    float *at = malloc(span->size * sizeof *at);
    REQUIRE(at != NULL);
    memcpy(at, model->weights + span->offset, span->size * sizeof *at);
    const float *gradient = tl_model_gradient(model, s);
    double expected = 0.0;
    for (size_t i = 0; i < span->size; i++)
      expected += (double)gradient[i] * (double)direction(i);
    double root = sqrt((double)span->size);
    double measured = slope(model, batch, span, at);
    /* In units of a step of norm 1: 1e-7 / 0.02 of rounding in each difference, a few of them. */
    if (!CHECK_NEAR(measured / root, expected / root, 1e-4 + 2e-3 * fabs(expected / root)))
      printf("    %s\n", span->name);
    free(at);
  }
}

static void check_kind(const char *model_type, int32_t layers) {
  tl_context *context = tl_context_create(1);
  tl_model *model = tiny_encoder(context, model_type, layers, 2, 0.2);
  tl_batch *batch = NULL;
  REQUIRE(model != NULL && tl_batch_create(context, &batch) == TL_OK && tiny_batch(batch));
  /* Its [PAD] is none of the batch's tokens, or it would have a slope and no gradient. */
  model->config.pad = model->config.first_position > 0 ? 1 : -1;
  check_all_spans(model, batch);
  tl_batch_free(batch);
  tl_model_free(model);
  tl_context_free(context);
}

TEST(berts_gradients_are_the_slopes_of_its_loss_with_dropout_on) { check_kind("bert", 2); }
TEST(robertas_gradients_are_the_slopes_of_its_loss_with_dropout_on) { check_kind("roberta", 2); }
TEST(electras_gradients_are_the_slopes_of_its_loss_with_dropout_on) { check_kind("electra", 2); }
TEST(alberts_gradients_are_the_slopes_of_its_loss_with_dropout_on) { check_kind("albert", 3); }

TEST(mpnets_gradients_are_the_slopes_of_its_loss_with_dropout_on) { check_kind("mpnet", 2); }
TEST(modernberts_gradients_are_the_slopes_of_its_loss_with_dropout_on) { check_kind("modernbert", 3); }
TEST(gradients_through_the_mean_of_tokens_are_the_slopes_of_the_loss) { check_kind("modernbert mean", 2); }

TEST(distilberts_gradients_are_the_slopes_of_its_loss_with_dropout_on) {
  tl_context *context = tl_context_create(1);
  tl_model *model = model_of(
      context, "{\"model_type\": \"distilbert\", \"vocab_size\": 20, \"dim\": 12, \"n_layers\": 2, "
               "\"n_heads\": 2, \"hidden_dim\": 20, \"max_position_embeddings\": 10, \"num_labels\": 3, "
               "\"pad_token_id\": null, \"dropout\": 0.2, \"attention_dropout\": 0.2, "
               "\"problem_type\": \"multi_label_classification\"}");
  tl_batch *batch = NULL;
  REQUIRE(model != NULL && tl_batch_create(context, &batch) == TL_OK && tiny_batch(batch));
  fill_weights(model, 3);
  static const float targets[TINY_B * 3] = {1, 0, 1, 0, 0, 1, 0, 0, 0, 1, 1, 1};
  REQUIRE(tl_batch_set_targets(batch, targets, TINY_B, 3) == TL_OK);
  check_all_spans(model, batch);
  tl_batch_free(batch);
  tl_model_free(model);
  tl_context_free(context);
}

static void check_adapters(const char *kind, int32_t layers) {
  tl_context *context = tl_context_create(1);
  tl_model *model = tiny_encoder(context, kind, layers, 2, 0.2);
  tl_batch *batch = NULL;
  REQUIRE(model != NULL && tl_batch_create(context, &batch) == TL_OK && tiny_batch(batch));
  REQUIRE(add_noisy_lora(model, 0.25));
  check_all_spans(model, batch);
  tl_batch_free(batch);
  tl_model_free(model);
  tl_context_free(context);
}

TEST(adapters_gradients_are_the_slopes_of_the_loss_with_dropout_on) { check_adapters("bert", 2); }
TEST(an_adapter_of_query_key_and_value_in_one_has_the_slopes_of_the_loss) { check_adapters("modernbert", 2); }
TEST(shared_adapters_gradients_are_the_slopes_of_the_loss_with_dropout_on) { check_adapters("albert", 3); }
