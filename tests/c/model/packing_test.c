/* No padding is computed, and in the last layer only [CLS] rows are; neither changes a result. */
#include "padded_reference.h"

enum { B = 5, S = 9, K = 3 };

typedef struct inputs {
  int32_t ids[B * S];
  int32_t mask[B * S];
  int32_t types[B * S];
} inputs;

/* Sequences of 9, 1, 5, 2 and 7 tokens. */
static inputs ragged_inputs(void) {
  static const int32_t lengths[B] = {9, 1, 5, 2, 7};
  inputs in = {0};
  for (int32_t b = 0; b < B; b++) {
    for (int32_t s = 0; s < S; s++) {
      int32_t cell = b * S + s;
      in.mask[cell] = s < lengths[b];
      in.ids[cell] = in.mask[cell] * (2 + (7 * b + 3 * s) % 18);
      in.types[cell] = in.mask[cell] * (s > lengths[b] / 2);
    }
  }
  return in;
}

static void check_against_padded(const inputs *in, int32_t layers) {
  tl_context *context = tl_context_create(1);
  tl_model *model = tiny_bert(context, layers, K, 0.1);
  tl_batch *batch = NULL;
  REQUIRE(model != NULL && tl_batch_create(context, &batch) == TL_OK);
  REQUIRE(tl_batch_pack(batch, B, S, in->ids, in->mask, in->types) == TL_OK);
  CHECK_EQ_INT(tl_model_forward(model, batch), TL_OK);
  float expected[B * K];
  padded reference = {.model = model, .B = B, .S = S, .mask = in->mask};
  padded_logits(&reference, in->ids, in->types, expected);
  /* The reference is double: what remains is the model's own float32 rounding, layer upon layer. */
  CHECK_CLOSE_ARRAY(tl_model_logits(model), expected, (size_t)(B * K), 2e-5, 0.0);
  tl_batch_free(batch);
  tl_model_free(model);
  tl_context_free(context);
}

TEST(a_packed_batch_has_the_logits_of_the_padded_model) {
  inputs in = ragged_inputs();
  check_against_padded(&in, 3);
}

TEST(a_model_of_one_layer_computes_cls_rows_alone_and_is_still_exact) {
  inputs in = ragged_inputs();
  check_against_padded(&in, 1);
}

TEST(a_token_masked_in_the_middle_keeps_the_positions_of_those_after_it) {
  inputs in = ragged_inputs();
  in.mask[3] = 0;
  in.mask[4 * S + 1] = 0;
  check_against_padded(&in, 2);
}

TEST(a_sequence_has_the_same_logits_alone_as_in_any_batch) {
  tl_context *context = tl_context_create(1);
  tl_model *model = tiny_bert(context, 2, K, 0.1);
  tl_batch *batch = NULL;
  REQUIRE(model != NULL && tl_batch_create(context, &batch) == TL_OK);
  inputs in = ragged_inputs();
  REQUIRE(tl_batch_pack(batch, B, S, in.ids, in.mask, in.types) == TL_OK);
  REQUIRE(tl_model_forward(model, batch) == TL_OK);
  float together[B * K];
  memcpy(together, tl_model_logits(model), sizeof together);
  for (int32_t b = 0; b < B; b++) {
    REQUIRE(tl_batch_pack(batch, 1, S, in.ids + b * S, in.mask + b * S, in.types + b * S) == TL_OK);
    REQUIRE(tl_model_forward(model, batch) == TL_OK);
    CHECK_EQ_BYTES(tl_model_logits(model), together + b * K, K * sizeof(float));
  }
  tl_batch_free(batch);
  tl_model_free(model);
  tl_context_free(context);
}

TEST(a_forward_without_gradients_has_the_same_logits) {
  tl_context *context = tl_context_create(1);
  tl_model *model = tiny_bert(context, 3, K, 0.1);
  tl_model *frugal = tiny_bert(context, 3, K, 0.1);
  tl_batch *batch = NULL;
  REQUIRE(model != NULL && frugal != NULL && tl_batch_create(context, &batch) == TL_OK);
  inputs in = ragged_inputs();
  REQUIRE(tl_batch_pack(batch, B, S, in.ids, in.mask, in.types) == TL_OK);
  tl_model_set_grad_enabled(frugal, false);
  CHECK(!tl_model_grad_enabled(frugal));
  REQUIRE(tl_model_forward(model, batch) == TL_OK);
  REQUIRE(tl_model_forward(frugal, batch) == TL_OK);
  CHECK_EQ_BYTES(tl_model_logits(frugal), tl_model_logits(model), B * K * sizeof(float));
  CHECK_EQ_INT(tl_model_backward_from(frugal, tl_model_logits(frugal)), TL_ERR_ARGUMENT);
  tl_batch_free(batch);
  tl_model_free(frugal);
  tl_model_free(model);
  tl_context_free(context);
}
