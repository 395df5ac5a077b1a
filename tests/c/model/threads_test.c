/* The same bits from any number of threads: logits, loss and gradients, dropout included. */
#include "model_fixture.h"

typedef struct outcome {
  float *logits;
  float *gradients;
  float loss;
} outcome;

/* Two training steps' gradients on `threads` threads; a model large enough that the work is really split. */
static bool run_on(const char *kind, int32_t threads, outcome *out, size_t *parameters) {
  enum { B = 6, S = 40 };
  tl_context *context = tl_context_create(threads);
  char config[512], named[128];
  write_kind(kind, named, sizeof named);
  snprintf(config, sizeof config,
           "{%s, \"vocab_size\": 50, \"hidden_size\": 64, \"num_hidden_layers\": 2, "
           "\"num_attention_heads\": 4, \"intermediate_size\": 136, \"max_position_embeddings\": 42, "
           "\"type_vocab_size\": 2, \"num_labels\": 3, \"embedding_size\": 48}",
           named);
  tl_model *model = model_of(context, config);
  tl_batch *batch = NULL;
  bool ok = model != NULL && tl_batch_create(context, &batch) == TL_OK;
  int32_t ids[B * S], mask[B * S], labels[B];
  for (int32_t i = 0; i < B * S; i++) {
    ids[i] = (i * 31 + 7) % 50;
    mask[i] = i % S <= (i / S + 1) * 6;
    labels[i / S] = i / S % 3;
  }
  ok = ok && tl_batch_pack(batch, B, S, ids, mask, NULL) == TL_OK &&
       tl_batch_set_labels(batch, labels, B) == TL_OK;
  if (ok) {
    fill_weights(model, 11);
    tl_model_set_training(model, true);
    tl_model_seed_dropout(model, 42);
  }
  for (int32_t step = 0; step < 2 && ok; step++)
    ok = tl_model_forward(model, batch) == TL_OK && tl_model_backward(model, 0.5f) == TL_OK;
  if (ok) {
    *parameters = model->parameters;
    out->logits = malloc(B * 3 * sizeof(float));
    out->gradients = malloc(model->parameters * sizeof(float));
    memcpy(out->logits, tl_model_logits(model), B * 3 * sizeof(float));
    memcpy(out->gradients, tl_model_gradients(model), model->parameters * sizeof(float));
    out->loss = tl_model_loss(model);
  }
  tl_batch_free(batch);
  tl_model_free(model);
  tl_context_free(context);
  return ok;
}

static void check_threads(const char *kind) {
  outcome one, many;
  size_t parameters = 0;
  REQUIRE(run_on(kind, 1, &one, &parameters));
  for (int32_t threads = 2; threads <= 4; threads++) {
    REQUIRE(run_on(kind, threads, &many, &parameters));
    CHECK_EQ_BYTES(many.logits, one.logits, 6 * 3 * sizeof(float));
    CHECK_EQ_BYTES(&many.loss, &one.loss, sizeof(float));
    CHECK_EQ_BYTES(many.gradients, one.gradients, parameters * sizeof(float));
    free(many.logits);
    free(many.gradients);
  }
  free(one.logits);
  free(one.gradients);
}

TEST(one_two_three_and_four_threads_give_the_same_bits) {
  for (int32_t kind = 0; kind < TINY_KINDS; kind++)
    check_threads(tiny_kinds[kind]);
}
