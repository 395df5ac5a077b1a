/* Adapters beside the rest of the model: what they leave alone, what they skip, how they are saved and
 * merged, and what is refused. Dropout is on where it can be. */
#include "lora_fixture.h"
#include "tunelab/train.h"

typedef struct fixture {
  tl_context *context;
  tl_model *model;
  tl_batch *batch;
} fixture;

static bool open_fixture(fixture *f, int32_t threads, double dropout) {
  f->context = tl_context_create(threads);
  f->model = tiny_bert(f->context, 3, 2, dropout);
  f->batch = NULL;
  return f->model != NULL && tl_batch_create(f->context, &f->batch) == TL_OK && tiny_batch(f->batch);
}

static void close_fixture(fixture *f) {
  tl_batch_free(f->batch);
  tl_model_free(f->model);
  CHECK_NEAR(tl_context_bytes(f->context), 0.0, 0.0);
  tl_context_free(f->context);
}

static bool step(const fixture *f) {
  return tl_model_forward(f->model, f->batch) == TL_OK && tl_model_backward(f->model, 1.0f) == TL_OK;
}

static tl_status add(tl_model *model, int32_t r, double scaling, double dropout, int32_t span) {
  tl_generator *generator = NULL;
  if (tl_generator_create(model->context, 1, &generator) != TL_OK)
    return TL_ERR_MEMORY;
  tl_status status = tl_model_add_lora(model, r, scaling, dropout, &span, 1, generator);
  tl_generator_free(generator);
  return status;
}

TEST(new_adapters_change_no_bit_of_the_logits) {
  fixture f;
  REQUIRE(open_fixture(&f, 1, 0.0));
  float before[TINY_B * 2];
  REQUIRE(tl_model_forward(f.model, f.batch) == TL_OK);
  memcpy(before, tl_model_logits(f.model), sizeof before);
  REQUIRE(add(f.model, 4, 2.0, 0.1, tl_layer_span(f.model, 0, TL_PART_VALUE_WEIGHT)) == TL_OK);
  CHECK(tl_model_logits(f.model) == NULL);
  REQUIRE(tl_model_forward(f.model, f.batch) == TL_OK);
  CHECK_EQ_BYTES(tl_model_logits(f.model), before, sizeof before);
  close_fixture(&f);
}

/* There is room behind the weights for what is usual; a rank of 200 is not. */
TEST(usual_adapters_leave_the_weights_where_they_are_and_large_ones_take_them_along) {
  static const int32_t ranks[2] = {4, 200};
  for (int32_t i = 0; i < 2; i++) {
    fixture f;
    REQUIRE(open_fixture(&f, 1, 0.0));
    const float *place = tl_model_weights(f.model);
    size_t count = tl_model_parameter_count(f.model);
    float *before = malloc(count * sizeof *before);
    REQUIRE(before != NULL);
    memcpy(before, place, count * sizeof *before);
    float logits[TINY_B * 2];
    REQUIRE(tl_model_forward(f.model, f.batch) == TL_OK);
    memcpy(logits, tl_model_logits(f.model), sizeof logits);
    REQUIRE(add(f.model, ranks[i], 2.0, 0.1, tl_layer_span(f.model, 0, TL_PART_VALUE_WEIGHT)) == TL_OK);
    CHECK((tl_model_weights(f.model) == place) == (ranks[i] == 4));
    CHECK_EQ_BYTES(tl_model_weights(f.model), before, count * sizeof *before);
    REQUIRE(tl_model_forward(f.model, f.batch) == TL_OK);
    CHECK_EQ_BYTES(tl_model_logits(f.model), logits, sizeof logits);
    free(before);
    close_fixture(&f);
  }
}

/* Gradients and logits of a step, dropout on; to be freed. */
static float *results_on(int32_t threads, bool checkpointing, size_t *count) {
  fixture f;
  if (!open_fixture(&f, threads, 0.2) || !add_noisy_lora(f.model, 0.3))
    return NULL;
  tl_model_set_activation_checkpointing(f.model, checkpointing);
  tl_model_set_training(f.model, true);
  tl_model_seed_dropout(f.model, 9);
  size_t n = f.model->parameters, logits = TINY_B * 2;
  float *all = step(&f) ? malloc((n + logits) * sizeof *all) : NULL;
  if (all != NULL) {
    float *gradients = copy_gradients(f.model);
    if (gradients == NULL)
      return NULL;
    memcpy(all, gradients, n * sizeof *all);
    free(gradients);
    memcpy(all + n, tl_model_logits(f.model), logits * sizeof *all);
  }
  *count = n + logits;
  close_fixture(&f);
  return all;
}

TEST(adapters_give_the_same_bits_on_any_number_of_threads_with_and_without_checkpointing) {
  size_t count = 0;
  float *one = results_on(1, false, &count);
  REQUIRE(one != NULL);
  for (int32_t threads = 1; threads <= 4; threads++) {
    float *many = results_on(threads, threads != 3, &count);
    REQUIRE(many != NULL);
    CHECK_EQ_BYTES(many, one, count * sizeof *one);
    free(many);
  }
  free(one);
}

TEST(only_trainable_spans_get_gradients_and_the_embeddings_are_not_reached) {
  fixture f;
  REQUIRE(open_fixture(&f, 1, 0.1) && add_noisy_lora(f.model, 0.1));
  REQUIRE(tl_model_reserve(f.model, TINY_B, 14, TINY_S) == TL_OK);
  tl_model_set_training(f.model, true);
  REQUIRE(step(&f));
  for (int32_t i = 0; i < f.model->at.count; i++) {
    const float *gradient = tl_model_gradient(f.model, i);
    double sum = 0.0;
    for (size_t j = 0; gradient != NULL && j < f.model->spans[i].size; j++)
      sum += fabs((double)gradient[j]);
    CHECK((sum > 0.0) == (i >= f.model->at.adapters || i == f.model->at.classifier));
  }
  close_fixture(&f);
}

TEST(adapters_of_the_last_layer_leave_the_layers_below_alone) {
  fixture f;
  REQUIRE(open_fixture(&f, 1, 0.0));
  freeze_all(f.model);
  REQUIRE(add(f.model, 2, 1.0, 0.0, tl_layer_span(f.model, 2, TL_PART_VALUE_WEIGHT)) == TL_OK);
  REQUIRE(tl_model_reserve(f.model, TINY_B, 14, TINY_S) == TL_OK);
  CHECK(f.model->workspace.d_rows == NULL); /* the gradient of the last layer's input: never computed */
  REQUIRE(step(&f));
  close_fixture(&f);
}

TEST(an_adapter_and_a_matrix_can_learn_together) {
  fixture f;
  REQUIRE(open_fixture(&f, 1, 0.0));
  int32_t span = tl_layer_span(f.model, 1, TL_PART_QUERY_WEIGHT);
  REQUIRE(step(&f));
  float expected[12 * 12];
  memcpy(expected, tl_model_gradient(f.model, span), sizeof expected);
  REQUIRE(add(f.model, 2, 1.0, 0.0, span) == TL_OK);
  REQUIRE(step(&f));
  CHECK_EQ_BYTES(tl_model_gradient(f.model, span), expected, sizeof expected);
  close_fixture(&f);
}

/* The file's floats, read in pieces of `piece`; to be freed. */
static float *saved_data(const tl_model *model, size_t piece) {
  size_t n = tl_model_save_size(model);
  float *data = malloc(n * sizeof *data);
  for (size_t at = 0; at < n && data != NULL; at += piece)
    CHECK_EQ_INT(tl_model_save_data(model, at, n - at < piece ? n - at : piece, data + at), TL_OK);
  return data;
}

TEST(saving_writes_the_merged_model_and_changes_nothing) {
  fixture f;
  REQUIRE(open_fixture(&f, 2, 0.1) && add_noisy_lora(f.model, 0.1));
  size_t n = f.model->parameters;
  float *before = malloc(n * sizeof *before);
  REQUIRE(before != NULL);
  memcpy(before, tl_model_weights(f.model), n * sizeof *before);
  float *pieces = saved_data(f.model, 97);
  float *whole = saved_data(f.model, n);
  const uint8_t *header = NULL;
  size_t size = 0;
  REQUIRE(pieces != NULL && whole != NULL && tl_model_save_header(f.model, &header, &size) == TL_OK);
  CHECK(strstr((const char *)header + 8, "lora") == NULL);
  CHECK_EQ_BYTES(tl_model_weights(f.model), before, n * sizeof *before);
  CHECK_EQ_INT(tl_model_save_data(f.model, 1, tl_model_save_size(f.model), whole), TL_ERR_ARGUMENT);

  tl_model_merge_lora(f.model);
  size_t saved = tl_model_save_size(f.model);
  CHECK_EQ_INT(saved, tl_model_parameter_count(f.model));
  CHECK(saved < n && memcmp(before, whole, saved * sizeof *before) != 0);
  CHECK_EQ_BYTES(whole, tl_model_weights(f.model), saved * sizeof *whole);
  CHECK_EQ_BYTES(pieces, whole, saved * sizeof *whole);
  free(before);
  free(pieces);
  free(whole);
  close_fixture(&f);
}

TEST(a_merged_model_computes_what_the_adapted_one_did_and_takes_adapters_again) {
  fixture f;
  REQUIRE(open_fixture(&f, 1, 0.0) && add_noisy_lora(f.model, 0.5));
  float adapted[TINY_B * 2];
  REQUIRE(tl_model_forward(f.model, f.batch) == TL_OK);
  memcpy(adapted, tl_model_logits(f.model), sizeof adapted);
  tl_model_merge_lora(f.model);
  tl_model_merge_lora(f.model); /* nothing is left to do */
  REQUIRE(tl_model_forward(f.model, f.batch) == TL_OK);
  CHECK_CLOSE_ARRAY(tl_model_logits(f.model), adapted, TINY_B * 2, 1e-5, 0.0);
  CHECK_EQ_INT(add(f.model, 3, 1.0, 0.0, tl_layer_span(f.model, 0, TL_PART_KEY_WEIGHT)), TL_OK);
  close_fixture(&f);
}

TEST(an_optimizer_from_before_is_refused_until_a_new_one_is_made) {
  fixture f;
  tl_adamw *old = NULL, *new = NULL;
  REQUIRE(open_fixture(&f, 1, 0.0) && tl_adamw_create(f.context, f.model, &old) == TL_OK);
  REQUIRE(add_noisy_lora(f.model, 0.0));
  REQUIRE(step(&f));
  CHECK_EQ_INT(tl_adamw_step(old), TL_ERR_ARGUMENT);
  CHECK(strstr(tl_context_error(f.context), "LoRA") != NULL);
  REQUIRE(tl_adamw_create(f.context, f.model, &new) == TL_OK);
  float first = *tl_span_weights(f.model, f.model->at.adapters);
  CHECK_EQ_INT(tl_adamw_step(new), TL_OK);
  CHECK(*tl_span_weights(f.model, f.model->at.adapters) != first);
  tl_adamw_free(old);
  tl_adamw_free(new);
  close_fixture(&f);
}

TEST(the_plan_counts_the_adapters_and_steps_allocate_nothing) {
  fixture f;
  REQUIRE(open_fixture(&f, 2, 0.1));
  double plain = tl_model_plan_bytes(f.model, TINY_B, 14, TINY_S, true);
  double plain_evaluation = tl_model_plan_bytes(f.model, TINY_B, 14, TINY_S, false);
  REQUIRE(add_noisy_lora(f.model, 0.1));
  CHECK(tl_model_plan_bytes(f.model, TINY_B, 14, TINY_S, false) > plain_evaluation);
  CHECK(tl_model_plan_bytes(f.model, TINY_B, 14, TINY_S, true) <
        plain); /* frozen: no gradients, no moments */
  REQUIRE(tl_model_reserve(f.model, TINY_B, 14, TINY_S) == TL_OK);
  tl_model_set_training(f.model, true);
  REQUIRE(step(&f));
  double held = tl_context_bytes(f.context), peak = tl_context_peak_bytes(f.context);
  REQUIRE(step(&f));
  CHECK_NEAR(tl_context_bytes(f.context), held, 0.0);
  CHECK_NEAR(tl_context_peak_bytes(f.context), peak, 0.0);
  close_fixture(&f);
}

TEST(what_cannot_be_adapted_is_refused_by_name_and_nothing_changes) {
  fixture f;
  REQUIRE(open_fixture(&f, 1, 0.0));
  tl_model *model = f.model;
  int32_t query = tl_layer_span(model, 0, TL_PART_QUERY_WEIGHT);
  int32_t twice[2] = {query, query};
  int32_t spans = model->at.count;
  CHECK_EQ_INT(add(model, 0, 1.0, 0.0, query), TL_ERR_ARGUMENT);
  CHECK_EQ_INT(add(model, 2, (double)NAN, 0.0, query), TL_ERR_ARGUMENT);
  CHECK_EQ_INT(add(model, 2, 1.0, 1.5, query), TL_ERR_ARGUMENT);
  CHECK_EQ_INT(add(model, 2, 1.0, (double)NAN, query), TL_ERR_ARGUMENT);
  CHECK_EQ_INT(add(model, 2, 1.0, 0.0, spans), TL_ERR_ARGUMENT);
  CHECK_EQ_INT(tl_model_add_lora(model, 2, 1.0, 0.0, twice, 2, NULL), TL_ERR_ARGUMENT);
  CHECK_EQ_INT(tl_model_add_lora(model, 2, 1.0, 0.0, twice, 0, NULL), TL_ERR_ARGUMENT);
  CHECK_EQ_INT(add(model, 2, 1.0, 0.0, tl_layer_span(model, 0, TL_PART_QUERY_BIAS)), TL_ERR_ARGUMENT);
  CHECK_EQ_INT(add(model, 2, 1.0, 0.0, tl_layer_span(model, 0, TL_PART_OUTPUT_WEIGHT)), TL_ERR_ARGUMENT);
  CHECK(strstr(tl_context_error(f.context), "bert.encoder.layer.0.output.dense.weight") != NULL);
  CHECK_EQ_INT(model->at.count, spans);
  tl_context_set_max_bytes(f.context, 1e6); /* a machine with room for it need not try */
  CHECK_EQ_INT(add(model, INT32_MAX, 1.0, 0.0, query), TL_ERR_MEMORY);
  CHECK_EQ_INT(add(model, 2, 1.0, 0.0, query), TL_OK);
  CHECK_EQ_INT(add(model, 2, 1.0, 0.0, query), TL_ERR_ARGUMENT);
  CHECK(strstr(tl_context_error(f.context), "merge") != NULL);
  close_fixture(&f);
}

TEST(weights_load_into_an_adapted_model_without_touching_its_adapters) {
  fixture f;
  REQUIRE(open_fixture(&f, 1, 0.0));
  tl_model *source = tiny_bert(f.context, 3, 2, 0.0);
  REQUIRE(source != NULL && add_noisy_lora(f.model, 0.0));
  fill_weights(source, 99);
  const uint8_t *header = NULL;
  size_t size = 0, block = tl_model_save_size(source) * sizeof(float);
  REQUIRE(tl_model_save_header(source, &header, &size) == TL_OK);
  tensor_file file = {.size = size + block, .bytes = malloc(size + block)};
  REQUIRE(file.bytes != NULL);
  memcpy(file.bytes, header, size);
  memcpy(file.bytes + size, tl_model_weights(source), block);
  REQUIRE(tl_safetensors_open(f.context, file.bytes, size, file.size, &file.header) == TL_OK);
  float first = *tl_span_weights(f.model, f.model->at.adapters);
  REQUIRE(tl_model_match(f.model, file.header, TL_MATCH_STRICT) == TL_OK);
  CHECK(strncmp(tl_model_match_report(f.model), "{\"missing\": []", 14) == 0);
  REQUIRE(load_tensors(f.model, &file, 50));
  CHECK_EQ_BYTES(tl_model_weights(f.model), tl_model_weights(source), block);
  CHECK_NEAR(*tl_span_weights(f.model, f.model->at.adapters), first, 0.0);
  tensor_file_close(&file);
  tl_model_free(source);
  close_fixture(&f);
}

/* Multiply-adds for one adapter (r 2 on 12 × 12, T 14 tokens) of layer 0, everything else frozen: its own two
 * products and the gradients of A and B take 2 + 3; nothing passes on to the embeddings. */
TEST(the_flops_of_an_adapter_are_those_of_its_products) {
  fixture f;
  REQUIRE(open_fixture(&f, 1, 0.0));
  freeze_all(f.model);
  int32_t span = tl_layer_span(f.model, 0, TL_PART_VALUE_WEIGHT);
  REQUIRE(tl_model_set_trainable(f.model, span + 3, true) == TL_OK); /* its bias: backward goes as deep */
  REQUIRE(tl_model_forward(f.model, f.batch) == TL_OK);
  double forward = tl_model_flops(f.model, false), both = tl_model_flops(f.model, true);
  REQUIRE(add(f.model, 2, 1.0, 0.0, span) == TL_OK);
  REQUIRE(tl_model_forward(f.model, f.batch) == TL_OK);
  double product = 14.0 * 2 * 12;
  CHECK_NEAR(tl_model_flops(f.model, false) - forward, 2.0 * 2 * product, 0.0);
  CHECK_NEAR(tl_model_flops(f.model, true) - both, 2.0 * 5 * product, 0.0);
  close_fixture(&f);
}
