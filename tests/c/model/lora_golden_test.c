/* LoRA against peft: the adapters' start bit by bit, then logits, loss, every gradient and the merged
 * matrices.
 */
#include "lora_fixture.h"

/* As for the plain goldens (golden_test.c). */
static const double LOGITS_TOLERANCE = 1e-5;
static const double LOSS_TOLERANCE = 1e-5;
static const double GRADIENT_TOLERANCE = 1e-4; /* of the gradient's own 2-norm */
static const double MERGED_TOLERANCE = 1e-6;   /* weights below 2, products of a few terms below 1 */

enum { GRADIENT_ROWS = 5 };

static void check_start(const golden_case *c, int64_t next) {
  const tl_model *model = c->model;
  char drawn[32];
  snprintf(drawn, sizeof drawn, "%lld", (long long)next);
  CHECK_STR(drawn, tl_json_string(tl_json_get(tl_json_root(c->json), "next_random_int64"), ""));
  const tl_json_value *name = tl_json_first(tl_json_get(tl_json_root(c->json), "adapters"));
  for (int32_t i = model->at.adapters; i < model->at.count && name != NULL; i++) {
    CHECK_STR(model->spans[i].name, tl_json_string(name, ""));
    float *expected = golden_of_span(c, "init.", i);
    REQUIRE(expected != NULL);
    CHECK_EQ_BYTES(tl_span_weights(model, i), expected, model->spans[i].size * sizeof(float));
    free(expected);
    name = tl_json_next(name);
  }
  CHECK(name == NULL);
}

/* A frozen span's gradient is absent from the golden and from the model. */
static void check_gradients(const golden_case *c) {
  for (int32_t i = 0; i < c->model->at.count; i++) {
    const tl_span *span = &c->model->spans[i];
    const float *gradient = tl_model_gradient(c->model, i);
    float *expected = golden_of_span(c, "grad.", i);
    CHECK((expected != NULL) == tl_model_trainable(c->model, i));
    if (!CHECK((expected != NULL) == (gradient != NULL)) || expected == NULL || gradient == NULL)
      continue;
    double difference = 0.0, norm = 0.0;
    for (size_t j = 0; j < span->size; j++) {
      double wanted = (double)expected[j];
      difference += ((double)gradient[j] - wanted) * ((double)gradient[j] - wanted);
      norm += wanted * wanted;
    }
    CHECK(norm > 0.0);
    if (!CHECK_NEAR(sqrt(difference), 0.0, GRADIENT_TOLERANCE * sqrt(norm)))
      printf("    %s: difference %g, norm %g\n", span->name, sqrt(difference), sqrt(norm));
    free(expected);
  }
}

/* Merging: the matrices are peft's, the model computes what it did, and the adapters are gone. */
static void check_merged(golden_case *c) {
  int32_t adapters = c->model->at.count - c->model->at.adapters;
  tl_model_merge_lora(c->model);
  CHECK_EQ_INT(c->model->at.count, c->model->at.adapters);
  CHECK_EQ_INT(tl_model_lora_rank(c->model), 0);
  int32_t compared = 0;
  for (int32_t i = 0; i < c->model->at.count; i++) {
    float *expected = golden_of_span(c, "merged.", i);
    if (expected == NULL)
      continue;
    CHECK_CLOSE_ARRAY(tl_span_weights(c->model, i), expected, c->model->spans[i].size, MERGED_TOLERANCE, 0.0);
    compared++;
    free(expected);
  }
  CHECK_EQ_INT(2 * compared, adapters);
  check_golden_logits(c, "logits", LOGITS_TOLERANCE, 0.0);
}

static void check_case(const char *folder) {
  golden_case c;
  int64_t next = 0;
  REQUIRE(golden_case_open(folder, &c));
  REQUIRE(golden_add_lora(&c, &next));
  check_start(&c, next);
  REQUIRE(golden_start_lora(&c));
  check_golden_logits(&c, "logits", LOGITS_TOLERANCE, 0.0);
  REQUIRE(fill_batch(c.batch, &c.tensors, 0, GRADIENT_ROWS, true));
  REQUIRE(tl_model_forward(c.model, c.batch) == TL_OK);
  const tl_json_value *loss = tl_json_get(tl_json_root(c.json), "loss");
  CHECK_NEAR(tl_model_loss(c.model), tl_json_number(loss, (double)NAN), LOSS_TOLERANCE);
  CHECK_EQ_INT(tl_model_backward(c.model, 1.0f), TL_OK);
  check_gradients(&c);
  check_merged(&c);
  golden_case_close(&c);
}

TEST(bert_with_pefts_default_adapters_follows_peft) { check_case("lora/bert_default"); }
TEST(bert_with_all_projections_of_one_layer_adapted_follows_peft) { check_case("lora/bert_upper_layer"); }
TEST(distilbert_with_adapters_follows_peft) { check_case("lora/distilbert"); }
TEST(roberta_with_adapters_and_its_two_dense_layers_follows_peft) { check_case("lora/roberta_default"); }
TEST(electra_with_adapters_follows_peft) { check_case("lora/electra_default"); }
TEST(albert_with_adapters_that_layers_share_follows_peft) { check_case("lora/albert_all"); }
TEST(distilbert_with_all_projections_adapted_follows_peft) { check_case("lora/distilbert_all"); }
TEST(mpnet_with_adapters_follows_peft) { check_case("lora/mpnet"); }
TEST(modernbert_with_adapters_of_its_fused_projections_follows_peft) { check_case("lora/modernbert"); }
