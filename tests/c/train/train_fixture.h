/* A tiny model whose blocks the optimizer's tests fill by hand: no forward is needed to have weights and
 * gradients. */
#ifndef TL_TEST_TRAIN_FIXTURE_H
#define TL_TEST_TRAIN_FIXTURE_H

#include <string.h>

#include "harness.h"
#include "model/model_internal.h"
#include "tunelab/tunelab.h"

static const char tiny_bert[] =
    "{\"model_type\": \"bert\", \"hidden_size\": 16, \"num_hidden_layers\": 1, \"num_attention_heads\": 2,"
    " \"intermediate_size\": 24, \"vocab_size\": 40, \"max_position_embeddings\": 16, \"type_vocab_size\": 2,"
    " \"hidden_act\": \"gelu\", \"num_labels\": 3}";

static const char tiny_distilbert[] =
    "{\"model_type\": \"distilbert\", \"dim\": 16, \"n_layers\": 1, \"n_heads\": 2, \"hidden_dim\": 24,"
    " \"vocab_size\": 40, \"max_position_embeddings\": 16, \"activation\": \"gelu\", \"num_labels\": 3}";

/* A model of that config with all weights zero; NULL (with the reason reported) on failure. */
static inline tl_model *make_model(tl_context *context, const char *config) {
  tl_model *model = NULL;
  if (tl_model_create(context, (const uint8_t *)config, strlen(config), &model) != TL_OK)
    test_check(false, tl_context_error(context), __FILE__, __LINE__);
  return model;
}

/* Fills a block with normal deviates. */
static inline void fill_normal(tl_context *context, float *block, size_t n, uint64_t seed) {
  tl_generator *generator;
  if (tl_generator_create(context, seed, &generator) != TL_OK)
    return;
  tl_generator_normal(generator, 0.0f, 1.0f, n, block);
  tl_generator_free(generator);
}

#endif
