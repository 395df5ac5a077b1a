/* New models: every weight as from_config draws it for a seed, nothing drawn beside them, and which of them
 * the Trainer decays. */
#include "model_fixture.h"

static void check_spans(const tl_model *model, const tensor_file *golden) {
  for (int32_t i = 0; i < model->at.count; i++) {
    const tl_span *span = &model->spans[i];
    float *expected = tensor_copy(golden, span->name);
    if (!CHECK(expected != NULL))
      continue;
    /* Box and Muller's logarithms and sines differ in the last bit from library to library; weights are near
     * 0.02. */
    if (!CHECK_CLOSE_ARRAY(tl_span_weights(model, i), expected, span->size, 1e-8, 1e-6))
      printf("    %s\n", span->name);
    free(expected);
  }
}

static bool is_listed(const tl_json_value *names, const char *name) {
  const tl_json_value *item = tl_json_first(names);
  while (item != NULL && strcmp(tl_json_string(item, ""), name) != 0)
    item = tl_json_next(item);
  return item != NULL;
}

static void check_decay(const tl_model *model, const tl_json_value *decay) {
  CHECK(tl_json_count(decay) > 0);
  for (int32_t i = 0; i < model->at.count; i++) {
    if (!CHECK(model->spans[i].decay == is_listed(decay, model->spans[i].name)))
      printf("    %s\n", model->spans[i].name);
  }
}

static void check_kind(const char *model_type) {
  tl_context *context = tl_context_create(1);
  char path[1024];
  snprintf(path, sizeof path, "%s/fresh/%s/config.json", TL_TEST_DATA, model_type);
  size_t size = 0;
  uint8_t *config = read_whole_file(path, &size);
  tl_model *model = NULL;
  REQUIRE(config != NULL && tl_model_create(context, config, size, &model) == TL_OK);
  snprintf(path, sizeof path, "%s/fresh/%s/fresh.safetensors", TL_TEST_DATA, model_type);
  tensor_file golden;
  REQUIRE(tensor_file_open(context, path, &golden));
  snprintf(path, sizeof path, "fresh/%s/fresh.json", model_type);
  tl_json *expected = golden_open(context, path);
  REQUIRE(expected != NULL);
  const tl_json_value *root = tl_json_root(expected);
  tl_generator *generator = NULL;
  uint64_t seed = (uint64_t)tl_json_number(tl_json_get(root, "seed"), 0.0);
  REQUIRE(tl_generator_create(context, seed, &generator) == TL_OK);

  CHECK_EQ_INT(tl_model_init(model, generator, false), TL_OK);
  CHECK_EQ_INT(golden.header->count, model->at.count);
  check_spans(model, &golden);
  check_decay(model, tl_json_get(root, "decay"));
  char next[32];
  snprintf(next, sizeof next, "%lld", (long long)tl_generator_random_int64(generator));
  CHECK_STR(next, tl_json_string(tl_json_get(root, "next_random_int64"), NULL));

  tl_generator_free(generator);
  tl_json_free(expected);
  tensor_file_close(&golden);
  free(config);
  tl_model_free(model);
  tl_context_free(context);
}

TEST(a_new_bert_is_the_one_that_transformers_draws) { check_kind("bert"); }
TEST(a_new_distilbert_is_the_one_that_transformers_draws) { check_kind("distilbert"); }
TEST(a_new_roberta_is_the_one_that_transformers_draws) { check_kind("roberta"); }
TEST(a_new_xlm_roberta_is_the_one_that_transformers_draws) { check_kind("xlm_roberta"); }
TEST(a_new_electra_is_the_one_that_transformers_draws) { check_kind("electra"); }
TEST(a_new_albert_is_the_one_that_transformers_draws) { check_kind("albert"); }
TEST(a_new_mpnet_is_the_one_that_transformers_draws) { check_kind("mpnet"); }
TEST(a_new_modernbert_is_the_one_that_transformers_draws) { check_kind("modernbert"); }
