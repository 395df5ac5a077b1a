/* How a run behaves: training and evaluation, dropout's seeds, what backward accepts, what accumulates. */
#include <math.h>

#include "model_fixture.h"

typedef struct fixture {
  tl_context *context;
  tl_model *model;
  tl_batch *batch;
} fixture;

static bool open_fixture(fixture *f, int32_t labels, double dropout) {
  f->context = tl_context_create(1);
  f->model = tiny_bert(f->context, 2, labels, dropout);
  f->batch = NULL;
  return f->model != NULL && tl_batch_create(f->context, &f->batch) == TL_OK && tiny_batch(f->batch);
}

static void close_fixture(fixture *f) {
  tl_batch_free(f->batch);
  tl_model_free(f->model);
  tl_context_free(f->context);
}

static float forward_loss(fixture *f) {
  return tl_model_forward(f->model, f->batch) == TL_OK ? tl_model_loss(f->model) : NAN;
}

TEST(a_new_model_evaluates_without_dropout_and_training_applies_it) {
  fixture f;
  REQUIRE(open_fixture(&f, 2, 0.5));
  CHECK(!tl_model_training(f.model));
  float evaluated = forward_loss(&f);
  CHECK_NEAR(forward_loss(&f), evaluated, 0.0);
  tl_model_set_training(f.model, true);
  float first = forward_loss(&f);
  float second = forward_loss(&f);
  CHECK(fabsf(first - evaluated) > 1e-4f);
  CHECK(fabsf(second - first) > 1e-4f);
  close_fixture(&f);
}

TEST(a_seed_repeats_the_masks_and_evaluating_in_between_changes_none) {
  fixture f;
  REQUIRE(open_fixture(&f, 2, 0.5));
  tl_model_set_training(f.model, true);
  tl_model_seed_dropout(f.model, 9);
  float first = forward_loss(&f);
  float second = forward_loss(&f);
  tl_model_seed_dropout(f.model, 9);
  CHECK_NEAR(forward_loss(&f), first, 0.0);
  tl_model_set_training(f.model, false);
  CHECK(isfinite(forward_loss(&f)));
  tl_model_set_training(f.model, true);
  CHECK_NEAR(forward_loss(&f), second, 0.0);
  tl_model_seed_dropout(f.model, 10);
  CHECK(fabsf(forward_loss(&f) - first) > 1e-4f);
  close_fixture(&f);
}

TEST(seeding_between_forward_and_backward_does_not_change_that_backward) {
  fixture f;
  REQUIRE(open_fixture(&f, 2, 0.5));
  size_t bytes = f.model->parameters * sizeof(float);
  float *expected = malloc(bytes);
  tl_model_set_training(f.model, true);
  tl_model_seed_dropout(f.model, 9);
  REQUIRE(expected != NULL && tl_model_forward(f.model, f.batch) == TL_OK);
  REQUIRE(tl_model_backward(f.model, 1.0f) == TL_OK);
  memcpy(expected, tl_model_gradients(f.model), bytes);
  tl_model_zero_grad(f.model);
  tl_model_seed_dropout(f.model, 9);
  REQUIRE(tl_model_forward(f.model, f.batch) == TL_OK);
  tl_model_seed_dropout(f.model, 123);
  tl_model_set_training(f.model, false);
  REQUIRE(tl_model_backward(f.model, 1.0f) == TL_OK);
  CHECK_EQ_BYTES(tl_model_gradients(f.model), expected, bytes);
  free(expected);
  close_fixture(&f);
}

TEST(gradients_accumulate_scale_and_are_zeroed) {
  fixture f;
  REQUIRE(open_fixture(&f, 2, 0.1));
  size_t n = f.model->parameters;
  float *once = malloc(n * sizeof(float));
  REQUIRE(once != NULL && tl_model_forward(f.model, f.batch) == TL_OK);
  REQUIRE(tl_model_backward(f.model, 1.0f) == TL_OK);
  memcpy(once, tl_model_gradients(f.model), n * sizeof(float));
  REQUIRE(tl_model_forward(f.model, f.batch) == TL_OK && tl_model_backward(f.model, 0.5f) == TL_OK);
  for (size_t i = 0; i < n; i++)
    once[i] *= 1.5f;
  CHECK_CLOSE_ARRAY(tl_model_gradients(f.model), once, n, 1e-6, 1e-5);
  tl_model_zero_grad(f.model);
  for (size_t i = 0; i < n; i++)
    once[i] = 0.0f;
  CHECK_EQ_BYTES(tl_model_gradients(f.model), once, n * sizeof(float));
  free(once);
  close_fixture(&f);
}

TEST(a_loss_defined_outside_goes_back_from_its_own_logit_gradients) {
  fixture f;
  REQUIRE(open_fixture(&f, 2, 0.1));
  size_t bytes = f.model->parameters * sizeof(float);
  float *expected = malloc(bytes);
  REQUIRE(expected != NULL && tl_model_forward(f.model, f.batch) == TL_OK);
  float dlogits[TINY_B * 2];
  memcpy(dlogits, f.model->workspace.dlogits, sizeof dlogits);
  REQUIRE(tl_model_backward(f.model, 1.0f) == TL_OK);
  memcpy(expected, tl_model_gradients(f.model), bytes);
  tl_model_zero_grad(f.model);
  REQUIRE(tl_model_forward(f.model, f.batch) == TL_OK);
  CHECK_EQ_INT(tl_model_backward_from(f.model, dlogits), TL_OK);
  CHECK_EQ_BYTES(tl_model_gradients(f.model), expected, bytes);
  free(expected);
  close_fixture(&f);
}

TEST(backward_is_refused_when_no_unused_forward_with_a_loss_came_before) {
  fixture f;
  REQUIRE(open_fixture(&f, 2, 0.1));
  CHECK(tl_model_logits(f.model) == NULL);
  CHECK_EQ_INT(tl_model_backward(f.model, 1.0f), TL_ERR_ARGUMENT);
  CHECK_STR(tl_context_error(f.context), "backward needs a forward before it");
  REQUIRE(tl_model_forward(f.model, f.batch) == TL_OK);
  CHECK_EQ_INT(tl_model_backward(f.model, 1.0f), TL_OK);
  CHECK_EQ_INT(tl_model_backward(f.model, 1.0f), TL_ERR_ARGUMENT);
  static const int32_t ids[3] = {2, 5, 3};
  REQUIRE(tl_batch_pack(f.batch, 1, 3, ids, NULL, NULL) == TL_OK);
  REQUIRE(tl_model_forward(f.model, f.batch) == TL_OK);
  CHECK(!tl_model_has_loss(f.model));
  CHECK_EQ_INT(tl_model_backward(f.model, 1.0f), TL_ERR_ARGUMENT);
  CHECK_STR(tl_context_error(f.context), "backward needs a loss, but the last batch had no labels");
  close_fixture(&f);
}

TEST(the_batch_may_change_and_go_between_forward_and_backward) {
  fixture f;
  REQUIRE(open_fixture(&f, 2, 0.1));
  size_t bytes = f.model->parameters * sizeof(float);
  float *expected = malloc(bytes);
  REQUIRE(expected != NULL && tl_model_forward(f.model, f.batch) == TL_OK);
  REQUIRE(tl_model_backward(f.model, 1.0f) == TL_OK);
  memcpy(expected, tl_model_gradients(f.model), bytes);
  tl_model_zero_grad(f.model);
  REQUIRE(tl_model_forward(f.model, f.batch) == TL_OK);
  tl_batch_free(f.batch);
  f.batch = NULL;
  REQUIRE(tl_model_backward(f.model, 1.0f) == TL_OK);
  CHECK_EQ_BYTES(tl_model_gradients(f.model), expected, bytes);
  free(expected);
  close_fixture(&f);
}

TEST(rows_labelled_minus_100_count_for_nothing) {
  fixture f;
  REQUIRE(open_fixture(&f, 2, 0.0));
  static const int32_t two[TINY_B] = {0, -100, 1, -100};
  REQUIRE(tl_batch_set_labels(f.batch, two, TINY_B) == TL_OK);
  float loss = forward_loss(&f);
  const float *logits = tl_model_logits(f.model);
  double sum = 0.0;
  for (int32_t b = 0; b < TINY_B; b += 2) {
    double a = (double)logits[2 * b], z = (double)logits[2 * b + 1];
    sum += log(exp(a) + exp(z)) - (two[b] == 0 ? a : z);
  }
  CHECK_NEAR(loss, sum / 2.0, 1e-6);
  close_fixture(&f);
}

TEST(the_problem_is_chosen_at_the_first_labels_and_kept) {
  fixture f;
  REQUIRE(open_fixture(&f, 2, 0.0));
  CHECK(strstr(tl_model_describe(f.model), "\"problem_type\": null") != NULL);
  CHECK(isfinite(forward_loss(&f)));
  CHECK(strstr(tl_model_describe(f.model), "\"problem_type\": \"single_label_classification\"") != NULL);
  static const float targets[TINY_B * 2] = {0};
  REQUIRE(tl_batch_set_targets(f.batch, targets, TINY_B, 2) == TL_OK);
  CHECK_EQ_INT(tl_model_forward(f.model, f.batch), TL_ERR_MISMATCH);
  close_fixture(&f);
  REQUIRE(open_fixture(&f, 1, 0.0));
  REQUIRE(tl_batch_set_targets(f.batch, targets, TINY_B, 1) == TL_OK);
  CHECK(isfinite(forward_loss(&f)));
  CHECK(strstr(tl_model_describe(f.model), "\"problem_type\": \"regression\"") != NULL);
  close_fixture(&f);
}
