/* Batches and labels that do not fit the model are refused with a sentence that names the place, and change
 * nothing. */
#include <math.h>

#include "model_fixture.h"

/* A model of 2 labels that has run once, and a batch to spoil. */
typedef struct fixture {
  tl_context *context;
  tl_model *model;
  tl_batch *batch;
  float logits[TINY_B * 2];
} fixture;

static bool open_fixture(fixture *f) {
  f->context = tl_context_create(1);
  f->model = tiny_bert(f->context, 2, 2, 0.0);
  f->batch = NULL;
  if (f->model == NULL || tl_batch_create(f->context, &f->batch) != TL_OK || !tiny_batch(f->batch) ||
      tl_model_forward(f->model, f->batch) != TL_OK)
    return false;
  memcpy(f->logits, tl_model_logits(f->model), sizeof f->logits);
  return true;
}

/* Forward must fail so and leave the last run's results; backward of that run is still allowed. */
static void check_refused(fixture *f, tl_status status, const char *sentence) {
  CHECK_EQ_INT(tl_model_forward(f->model, f->batch), status);
  CHECK_STR(tl_context_error(f->context), sentence);
  CHECK_EQ_BYTES(tl_model_logits(f->model), f->logits, sizeof f->logits);
  CHECK_EQ_INT(tl_model_backward(f->model, 1.0f), TL_OK);
  tl_batch_free(f->batch);
  tl_model_free(f->model);
  tl_context_free(f->context);
}

TEST(an_empty_batch_is_refused) {
  fixture f;
  REQUIRE(open_fixture(&f));
  tl_batch_free(f.batch);
  REQUIRE(tl_batch_create(f.context, &f.batch) == TL_OK);
  check_refused(&f, TL_ERR_ARGUMENT, "the batch is empty");
}

TEST(an_id_outside_the_vocabulary_is_named) {
  fixture f;
  REQUIRE(open_fixture(&f));
  static const int32_t ids[4] = {2, 3, 2, 20};
  REQUIRE(tl_batch_pack(f.batch, 2, 2, ids, NULL, NULL) == TL_OK);
  check_refused(&f, TL_ERR_ARGUMENT, "sequence 1, token 1: id 20 is outside 0 to 19 (vocab_size)");
}

TEST(a_negative_id_is_named) {
  fixture f;
  REQUIRE(open_fixture(&f));
  static const int32_t ids[2] = {-1, 3};
  REQUIRE(tl_batch_pack(f.batch, 1, 2, ids, NULL, NULL) == TL_OK);
  check_refused(&f, TL_ERR_ARGUMENT, "sequence 0, token 0: id -1 is outside 0 to 19 (vocab_size)");
}

TEST(a_token_type_out_of_range_is_named) {
  fixture f;
  REQUIRE(open_fixture(&f));
  static const int32_t ids[2] = {2, 3}, types[2] = {0, 2};
  REQUIRE(tl_batch_pack(f.batch, 1, 2, ids, NULL, types) == TL_OK);
  check_refused(&f, TL_ERR_ARGUMENT, "sequence 0, token 1: token type 2 is outside 0 to 1 (type_vocab_size)");
}

TEST(a_sequence_longer_than_the_positions_is_refused_with_the_remedy) {
  fixture f;
  REQUIRE(open_fixture(&f));
  static const int32_t ids[11] = {2};
  REQUIRE(tl_batch_pack(f.batch, 1, 11, ids, NULL, NULL) == TL_OK);
  check_refused(&f, TL_ERR_ARGUMENT,
                "the batch's longest sequence has 11 tokens, but the model has 10 positions "
                "(max_position_embeddings); truncate longer texts");
}

TEST(a_label_out_of_range_is_named_with_its_sequence) {
  fixture f;
  REQUIRE(open_fixture(&f));
  static const int32_t labels[TINY_B] = {0, 1, 2, 0};
  REQUIRE(tl_batch_set_labels(f.batch, labels, TINY_B) == TL_OK);
  check_refused(&f, TL_ERR_MISMATCH,
                "sequence 2 has label 2, but the model's 2 labels are 0 to 1 (num_labels)");
}

TEST(the_unlabelled_minus_one_of_a_test_split_is_no_label) {
  fixture f;
  REQUIRE(open_fixture(&f));
  static const int32_t labels[TINY_B] = {-1, -1, -1, -1};
  REQUIRE(tl_batch_set_labels(f.batch, labels, TINY_B) == TL_OK);
  check_refused(&f, TL_ERR_MISMATCH,
                "sequence 0 has label -1, but the model's 2 labels are 0 to 1 (num_labels)");
}

TEST(float_targets_do_not_fit_a_head_that_has_seen_classes) {
  fixture f;
  REQUIRE(open_fixture(&f));
  static const float targets[TINY_B * 2] = {0};
  REQUIRE(tl_batch_set_targets(f.batch, targets, TINY_B, 2) == TL_OK);
  check_refused(&f, TL_ERR_MISMATCH,
                "a single_label_classification head takes one class number for each sequence, not floats");
}

/* The same three sentences for a head of floats. */
static void check_target_sentence(const float *targets, int32_t K, tl_status status, const char *sentence) {
  tl_context *context = tl_context_create(1);
  tl_model *model = tiny_bert(context, 1, 3, 0.0);
  tl_batch *batch = NULL;
  REQUIRE(model != NULL && tl_batch_create(context, &batch) == TL_OK && tiny_batch(batch));
  model->problem = TL_PROBLEM_MULTI_LABEL;
  if (targets != NULL)
    REQUIRE(tl_batch_set_targets(batch, targets, TINY_B, K) == TL_OK);
  CHECK_EQ_INT(tl_model_forward(model, batch), status);
  CHECK_STR(tl_context_error(context), sentence);
  CHECK(tl_model_logits(model) == NULL);
  tl_batch_free(batch);
  tl_model_free(model);
  tl_context_free(context);
}

TEST(a_multi_label_head_refuses_classes_other_widths_and_nan) {
  float targets[TINY_B * 3] = {0};
  check_target_sentence(
      NULL, 0, TL_ERR_MISMATCH,
      "a multi_label_classification head takes 3 floats for each sequence, not class numbers");
  check_target_sentence(targets, 2, TL_ERR_MISMATCH, "the targets are 2 wide, but the model has 3 labels");
  targets[4] = NAN;
  check_target_sentence(targets, 3, TL_ERR_NUMERIC, "sequence 1: target 1 is not a finite number");
}

TEST(weights_that_are_nan_or_infinite_are_found_and_named) {
  tl_context *context = tl_context_create(1);
  tl_model *model = tiny_bert(context, 1, 2, 0.0);
  REQUIRE(model != NULL);
  CHECK_EQ_INT(tl_model_check(model), TL_OK);
  const tl_span *last = &model->spans[model->at.count - 1];
  float *weight = tl_model_weights(model) + last->offset + 1;
  *weight = NAN;
  CHECK_EQ_INT(tl_model_check(model), TL_ERR_NUMERIC);
  CHECK_STR(tl_context_error(context), "weight 1 of classifier.bias is NaN; the model's file is damaged");
  *weight = -INFINITY;
  CHECK_EQ_INT(tl_model_check(model), TL_ERR_NUMERIC);
  CHECK_STR(tl_context_error(context),
            "weight 1 of classifier.bias is infinite; the model's file is damaged");
  tl_model_free(model);
  tl_context_free(context);
}
