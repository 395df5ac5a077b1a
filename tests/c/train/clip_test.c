/* Gradient clipping against torch's clip_grad_norm_, over frozen spans, broken gradients and any number of
 * threads. */
#include <math.h>
#include <stdlib.h>

#include "base/golden_json.h"
#include "train/train_fixture.h"

/* torch takes a float norm of each tensor's float norm, here one double sum: two roundings apart. */
static const double norm_rtol = 2e-7;

static const char *const span_names[] = {"classifier.weight", "bert.pooler.dense.bias"};

TEST(norms_and_clipped_gradients_equal_torch) {
  tl_context *context = tl_context_create(2);
  tl_json *goldens = golden_open(context, "optimizer.json");
  REQUIRE(goldens != NULL);
  const tl_json_value *cases = tl_json_get(tl_json_root(goldens), "clip_grad_norm");
  CHECK(tl_json_count(cases) >= 6);
  for (const tl_json_value *item = tl_json_first(cases); item != NULL; item = tl_json_next(item)) {
    tl_model *model = make_model(context, tiny_bert);
    REQUIRE(model != NULL);
    int vector = 0;
    for (const tl_json_value *list = tl_json_first(tl_json_get(item, "grads")); list != NULL;
         list = tl_json_next(list), ++vector) {
      size_t n;
      float *values = golden_floats(list, &n);
      const tl_span *span = &model->spans[tl_model_find_span(model, span_names[vector])];
      memcpy(tl_model_gradients(model) + span->offset, values, n * sizeof *values);
      free(values);
    }
    float norm = -1.0f;
    const double expected_norm = tl_json_number(tl_json_get(item, "norm"), -2.0);
    CHECK_EQ_INT(tl_clip_grad_norm(model, (float)tl_json_number(tl_json_get(item, "max_norm"), 0), &norm),
                 TL_OK);
    CHECK_NEAR(norm, expected_norm, norm_rtol * expected_norm);
    vector = 0;
    for (const tl_json_value *list = tl_json_first(tl_json_get(item, "clipped")); list != NULL;
         list = tl_json_next(list), ++vector) {
      size_t n;
      float *expected = golden_floats(list, &n);
      const tl_span *span = &model->spans[tl_model_find_span(model, span_names[vector])];
      CHECK_CLOSE_ARRAY(tl_model_gradients(model) + span->offset, expected, n, 0.0, 2 * norm_rtol);
      free(expected);
    }
    tl_model_free(model);
  }
  tl_json_free(goldens);
  tl_context_free(context);
}

static double naive_norm(const float *x, size_t n) {
  double sum = 0.0;
  for (size_t i = 0; i < n; ++i)
    sum += (double)x[i] * (double)x[i];
  return sqrt(sum);
}

/* Large enough that the sum is taken in several pieces. */
static const char wide_bert[] =
    "{\"model_type\": \"bert\", \"hidden_size\": 128, \"num_hidden_layers\": 1, \"num_attention_heads\": 2,"
    " \"intermediate_size\": 24, \"vocab_size\": 60000, \"max_position_embeddings\": 16, "
    "\"type_vocab_size\": 2,"
    " \"hidden_act\": \"gelu\", \"num_labels\": 3}";

TEST(any_number_of_threads_gives_the_same_norm_and_the_same_bits) {
  float first_norm = 0.0f;
  float *first_gradients = NULL;
  for (int32_t threads = 1; threads <= 4; threads *= 2) {
    tl_context *context = tl_context_create(threads);
    tl_model *model = make_model(context, wide_bert);
    REQUIRE(model != NULL);
    const size_t n = tl_model_parameter_count(model);
    float *gradients = tl_model_gradients(model);
    for (size_t i = 0; i < n; ++i)
      gradients[i] = (float)((i * 2654435761u) % 1000) * 1e-3f - 0.4f;
    const double expected = naive_norm(gradients, n);
    float norm;
    CHECK_EQ_INT(tl_clip_grad_norm(model, 1.0f, &norm), TL_OK);
    CHECK_NEAR(norm, expected, norm_rtol * expected);
    CHECK_NEAR(naive_norm(gradients, n), 1.0, 1e-5); /* every gradient rounded once */
    if (threads == 1) {
      first_norm = norm;
      first_gradients = malloc(n * sizeof *first_gradients);
      memcpy(first_gradients, gradients, n * sizeof *gradients);
    }
    CHECK(norm == first_norm);
    CHECK_EQ_BYTES(gradients, first_gradients, n * sizeof *gradients);
    tl_model_free(model);
    tl_context_free(context);
  }
  free(first_gradients);
}

TEST(without_a_maximum_only_the_norm_is_taken) {
  tl_context *context = tl_context_create(1);
  tl_model *model = make_model(context, tiny_bert);
  REQUIRE(model != NULL);
  float *gradients = tl_model_gradients(model);
  gradients[0] = 30.0f;
  gradients[tl_model_parameter_count(model) - 1] = 40.0f;
  const float maxima[] = {0.0f, -1.0f, NAN};
  for (int i = 0; i < 3; ++i) {
    float norm = 0.0f;
    CHECK_EQ_INT(tl_clip_grad_norm(model, maxima[i], &norm), TL_OK);
    CHECK_NEAR(norm, 50.0, 0.0);
    CHECK_NEAR(gradients[0], 30.0, 0.0);
  }
  tl_model_free(model);
  tl_context_free(context);
}

TEST(frozen_spans_count_neither_for_the_norm_nor_for_the_scaling) {
  tl_context *context = tl_context_create(1);
  tl_model *model = make_model(context, tiny_bert);
  REQUIRE(model != NULL);
  float *gradients = tl_model_gradients(model);
  const int32_t frozen = tl_model_find_span(model, "bert.pooler.dense.weight");
  gradients[model->spans[frozen].offset] = 1000.0f; /* from before it was frozen */
  gradients[0] = 3.0f;
  gradients[tl_model_parameter_count(model) - 1] = 4.0f;
  CHECK_EQ_INT(tl_model_set_trainable(model, frozen, false), TL_OK);
  float norm;
  CHECK_EQ_INT(tl_clip_grad_norm(model, 1.0f, &norm), TL_OK);
  CHECK_NEAR(norm, 5.0, 0.0);
  CHECK(tl_model_gradient(model, frozen) == NULL);
  CHECK_NEAR(tl_model_gradient(model, 0)[0], 0.6, 1e-6);
  CHECK_NEAR(tl_model_gradient(model, tl_model_span_count(model) - 1)[2], 0.8, 1e-6);
  for (int32_t span = 0; span < tl_model_span_count(model); ++span)
    CHECK_EQ_INT(tl_model_set_trainable(model, span, false), TL_OK);
  CHECK_EQ_INT(tl_clip_grad_norm(model, 1.0f, &norm), TL_OK);
  CHECK_NEAR(norm, 0.0, 0.0);
  tl_model_free(model);
  tl_context_free(context);
}

TEST(a_gradient_that_is_not_finite_is_named_and_nothing_is_scaled) {
  tl_context *context = tl_context_create(1);
  tl_model *model = make_model(context, tiny_bert);
  REQUIRE(model != NULL);
  float *gradients = tl_model_gradients(model);
  const int32_t broken = tl_model_find_span(model, "classifier.bias");
  const float values[] = {NAN, INFINITY, -INFINITY};
  for (int i = 0; i < 3; ++i) {
    gradients[0] = 100.0f;
    gradients[model->spans[broken].offset + 1] = values[i];
    float norm = 7.0f;
    CHECK_EQ_INT(tl_clip_grad_norm(model, 1.0f, &norm), TL_ERR_NUMERIC);
    CHECK_STR(
        tl_context_error(context),
        "the gradient of classifier.bias is not finite: the loss has diverged; try a lower learning rate");
    CHECK_NEAR(norm, 7.0, 0.0);
    CHECK_NEAR(gradients[0], 100.0, 0.0);
  }
  CHECK_EQ_INT(tl_model_set_trainable(model, broken, false), TL_OK);
  float norm;
  CHECK_EQ_INT(tl_clip_grad_norm(model, 0.0f, &norm), TL_OK); /* the broken span is frozen: nobody needs it */
  CHECK_NEAR(norm, 100.0, 0.0);
  tl_model_free(model);
  tl_context_free(context);
}
