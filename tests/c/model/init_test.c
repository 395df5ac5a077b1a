/* Fresh weights: what transformers' _init_weights gives each kind of tensor. */
#include <math.h>

#include "model_fixture.h"

/* The range of a span's weights, and the root of their mean square. */
typedef struct spread {
  double low, high, root_mean_square;
} spread;

static spread spread_of(const tl_model *model, int32_t index) {
  const tl_span *span = &model->spans[index];
  spread s = {.low = HUGE_VAL, .high = -HUGE_VAL};
  double squares = 0.0;
  for (size_t i = 0; i < span->size; i++) {
    double w = (double)model->weights[span->offset + i];
    s.low = fmin(s.low, w);
    s.high = fmax(s.high, w);
    squares += w * w;
  }
  s.root_mean_square = sqrt(squares / (double)span->size);
  return s;
}

static tl_model *fresh(tl_context *context, const char *config) {
  tl_model *model = model_of(context, config);
  tl_generator *generator = NULL;
  if (model == NULL || tl_generator_create(context, 1, &generator) != TL_OK)
    return NULL;
  fill_weights(model, 1);
  CHECK_EQ_INT(tl_model_init(model, generator, false), TL_OK);
  tl_generator_free(generator);
  return model;
}

#define DISTILBERT                                                                                           \
  "{\"model_type\": \"distilbert\", \"vocab_size\": 60, \"dim\": 32, \"n_layers\": 2, \"n_heads\": 2, "      \
  "\"hidden_dim\": 48, \"max_position_embeddings\": 12, \"initializer_range\": 0.05, \"pad_token_id\": 3"

TEST(every_tensor_is_initialised_by_its_kind) {
  tl_context *context = tl_context_create(1);
  tl_model *model = fresh(context, DISTILBERT "}");
  REQUIRE(model != NULL);
  for (int32_t i = 0; i < model->at.count; i++) {
    const tl_span *span = &model->spans[i];
    spread s = spread_of(model, i);
    if (span->role == TL_ROLE_MATRIX) {
      /* Of n draws the root mean square lies within 4 / √(2n) of the deviation, the zero row of the words
       * aside. */
      CHECK_NEAR(s.root_mean_square, 0.05, 0.05 * (4.0 / sqrt(2.0 * (double)span->size) + 0.01));
      CHECK(s.low < 0.0 && s.high > 0.0);
    } else {
      double value = span->role == TL_ROLE_NORM_WEIGHT ? 1.0 : 0.0;
      CHECK_NEAR(s.low, value, 0.0);
      CHECK_NEAR(s.high, value, 0.0);
    }
  }
  tl_model_free(model);
  tl_context_free(context);
}

TEST(the_pad_tokens_word_embedding_is_zero_and_its_neighbours_are_not) {
  tl_context *context = tl_context_create(1);
  tl_model *model = fresh(context, DISTILBERT "}");
  REQUIRE(model != NULL);
  const float *words = tl_span_weights(model, model->at.word);
  for (int32_t c = 0; c < 32; c++) {
    CHECK_NEAR(words[3 * 32 + c], 0.0, 0.0);
    CHECK(words[2 * 32 + c] != 0.0f && words[4 * 32 + c] != 0.0f);
  }
  tl_model_free(model);
  tl_context_free(context);
}

TEST(sinusoidal_positions_replace_the_drawn_ones_and_leave_the_later_draws) {
  tl_context *context = tl_context_create(1);
  tl_model *drawn = fresh(context, DISTILBERT "}");
  tl_model *model = fresh(context, DISTILBERT ", \"sinusoidal_pos_embds\": true}");
  REQUIRE(drawn != NULL && model != NULL);
  const float *positions = tl_span_weights(model, model->at.position);
  CHECK_NEAR(positions[0], 0.0, 0.0);
  CHECK_NEAR(positions[1], 1.0, 0.0);
  CHECK_NEAR(positions[5 * 32 + 6], sin(5.0 / pow(10000.0, 6.0 / 32.0)), 1e-7);
  CHECK_NEAR(positions[5 * 32 + 7], cos(5.0 / pow(10000.0, 6.0 / 32.0)), 1e-7);
  size_t later = model->spans[model->at.layers].offset;
  CHECK_EQ_BYTES(model->weights + later, drawn->weights + later, (model->parameters - later) * sizeof(float));
  tl_model_free(model);
  tl_model_free(drawn);
  tl_context_free(context);
}

TEST(only_missing_without_a_match_changes_nothing) {
  tl_context *context = tl_context_create(1);
  tl_model *model = tiny_bert(context, 1, 2, 0.0);
  tl_model *same = tiny_bert(context, 1, 2, 0.0);
  tl_generator *generator = NULL;
  REQUIRE(model != NULL && same != NULL && tl_generator_create(context, 1, &generator) == TL_OK);
  CHECK_EQ_INT(tl_model_init(model, generator, true), TL_OK);
  CHECK_EQ_BYTES(model->weights, same->weights, model->parameters * sizeof(float));
  tl_generator_free(generator);
  tl_model_free(same);
  tl_model_free(model);
  tl_context_free(context);
}
