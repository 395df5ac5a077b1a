/* Where the encoder drops: at each place that transformers drops, with its probability, and with a mask of
 * its own. */
#include <math.h>

#include "model_fixture.h"

enum { TOKENS = 14, MOST_CELLS = TOKENS * 12 };

/* Which elements of x + dropout(y) were dropped: those where the sum is still x. x NULL: zero. */
typedef struct mask {
  bool dropped[MOST_CELLS];
  double share;
} mask;

static mask mask_of(const tl_model *model, const float *sum, const float *x) {
  mask m = {0};
  size_t cells = (size_t)model->run.T * (size_t)model->config.C;
  for (size_t i = 0; i < cells && i < MOST_CELLS; i++) {
    m.dropped[i] = sum[i] == (x != NULL ? x[i] : 0.0f);
    m.share += m.dropped[i] / (double)cells;
  }
  return m;
}

/* The share of elements on which two masks agree. Independent ones at p = 0.5 agree on half. */
static double agreement(const mask *a, const mask *b) {
  int32_t same = 0;
  for (int32_t i = 0; i < MOST_CELLS; i++)
    same += a->dropped[i] == b->dropped[i];
  return (double)same / (double)MOST_CELLS;
}

/* Five standard deviations of a share of MOST_CELLS coin flips. */
static const double COIN = 0.2;

TEST(bert_drops_at_every_site_of_every_layer_with_masks_of_their_own) {
  tl_context *context = tl_context_create(1);
  tl_model *model = tiny_bert(context, 3, 2, 0.5);
  tl_batch *batch = NULL;
  REQUIRE(model != NULL && tl_batch_create(context, &batch) == TL_OK && tiny_batch(batch));
  REQUIRE(tl_batch_tokens(batch) == TOKENS);
  tl_model_set_training(model, true);
  mask masks[2 * 5];
  for (int32_t step = 0; step < 2; step++) {
    REQUIRE(tl_model_forward(model, batch) == TL_OK);
    const tl_layer_state *layers = model->workspace.layers;
    mask *m = masks + 5 * step;
    m[0] = mask_of(model, layers[0].x, NULL);
    for (int32_t l = 0; l < 2; l++) {
      m[1 + 2 * l] = mask_of(model, layers[l].attention_sum, layers[l].x_rows);
      m[2 + 2 * l] = mask_of(model, layers[l].output_sum, layers[l].attention_out);
    }
  }
  for (int32_t i = 0; i < 10; i++) {
    CHECK_NEAR(masks[i].share, 0.5, COIN);
    for (int32_t j = 0; j < i; j++)
      CHECK_NEAR(agreement(&masks[i], &masks[j]), 0.5, COIN);
  }
  tl_batch_free(batch);
  tl_model_free(model);
  tl_context_free(context);
}

TEST(distilbert_does_not_drop_after_attention) {
  tl_context *context = tl_context_create(1);
  tl_model *model = model_of(
      context, "{\"model_type\": \"distilbert\", \"vocab_size\": 20, \"dim\": 12, \"n_layers\": 2, "
               "\"n_heads\": 2, \"hidden_dim\": 20, \"max_position_embeddings\": 10, \"dropout\": 0.5, "
               "\"attention_dropout\": 0.5}");
  tl_batch *batch = NULL;
  REQUIRE(model != NULL && tl_batch_create(context, &batch) == TL_OK && tiny_batch(batch));
  fill_weights(model, 7);
  tl_model_set_training(model, true);
  REQUIRE(tl_model_forward(model, batch) == TL_OK);
  const tl_layer_state *layer = &model->workspace.layers[0];
  CHECK_NEAR(mask_of(model, layer->x, NULL).share, 0.5, COIN);
  CHECK_NEAR(mask_of(model, layer->attention_sum, layer->x_rows).share, 0.0, 0.0);
  CHECK_NEAR(mask_of(model, layer->output_sum, layer->attention_out).share, 0.5, COIN);
  tl_batch_free(batch);
  tl_model_free(model);
  tl_context_free(context);
}

TEST(albert_does_not_drop_after_the_feed_forward) {
  tl_context *context = tl_context_create(1);
  tl_model *model = tiny_encoder(context, "albert", 2, 2, 0.5);
  tl_batch *batch = NULL;
  REQUIRE(model != NULL && tl_batch_create(context, &batch) == TL_OK && tiny_batch(batch));
  tl_model_set_training(model, true);
  REQUIRE(tl_model_forward(model, batch) == TL_OK);
  const tl_layer_state *layer = &model->workspace.layers[0];
  CHECK_NEAR(mask_of(model, layer->attention_sum, layer->x_rows).share, 0.5, COIN);
  CHECK_NEAR(mask_of(model, layer->output_sum, layer->attention_out).share, 0.0, 0.0);
  tl_batch_free(batch);
  tl_model_free(model);
  tl_context_free(context);
}

TEST(robertas_head_drops_before_its_dense_layer_and_after_it_with_other_masks) {
  enum { CELLS = TINY_B * 12 };
  tl_context *context = tl_context_create(1);
  tl_model *model = tiny_encoder(context, "roberta", 1, 2, 0.0);
  tl_batch *batch = NULL;
  REQUIRE(model != NULL && tl_batch_create(context, &batch) == TL_OK && tiny_batch(batch));
  model->config.classifier_dropout = 0.5f;
  tl_model_set_training(model, true);
  REQUIRE(tl_model_forward(model, batch) == TL_OK);
  const tl_workspace *w = &model->workspace;
  int32_t before = 0, after = 0, same = 0;
  for (int32_t i = 0; i < CELLS; i++) {
    CHECK(w->features[i] == 0.0f || w->features[i] == 2.0f * w->layers[0].out[i]);
    before += w->features[i] == 0.0f;
    after += w->dropped[i] == 0.0f;
    same += (w->features[i] == 0.0f) == (w->dropped[i] == 0.0f);
  }
  /* Of 48 coin flips; four standard deviations are 14. */
  CHECK(before > 10 && before < 38 && after > 10 && after < 38 && same > 10 && same < 38);
  tl_batch_free(batch);
  tl_model_free(model);
  tl_context_free(context);
}

TEST(the_classifiers_dropout_has_its_own_probability) {
  tl_context *context = tl_context_create(1);
  tl_model *model = tiny_bert(context, 1, 2, 0.0);
  tl_batch *batch = NULL;
  REQUIRE(model != NULL && tl_batch_create(context, &batch) == TL_OK && tiny_batch(batch));
  model->config.classifier_dropout = 0.5f;
  tl_model_set_training(model, true);
  REQUIRE(tl_model_forward(model, batch) == TL_OK);
  int32_t dropped = 0;
  for (int32_t i = 0; i < TINY_B * 12; i++) {
    float kept = 2.0f * model->workspace.pooled[i]; /* 1 / (1 - p), as torch scales what is kept */
    CHECK(model->workspace.dropped[i] == 0.0f || model->workspace.dropped[i] == kept);
    dropped += model->workspace.dropped[i] == 0.0f;
  }
  CHECK(dropped > 8 && dropped < 40);
  tl_batch_free(batch);
  tl_model_free(model);
  tl_context_free(context);
}
