/* The memory budget: a training job holds at most 16 bytes a parameter (4 for a frozen one) and its planned
 * activations, and 5 % more for tables of names, the batch and block headers. */
#include <stdio.h>
#include <string.h>

#include "harness.h"
#include "tunelab/tunelab.h"

/* Large enough that a table of names is no twentieth of it, small enough for the sanitizers. */
static const char config[] =
    "{\"model_type\": \"bert\", \"vocab_size\": 3000, \"hidden_size\": 64, \"num_hidden_layers\": 2, "
    "\"num_attention_heads\": 4, \"intermediate_size\": 256, \"max_position_embeddings\": 64, "
    "\"type_vocab_size\": 2, \"num_labels\": 3}";

enum { MOST_TOKENS = 256 };

/* One whole step of B sequences of S tokens. */
static bool step(tl_model *model, tl_adamw *optimizer, tl_batch *batch, int32_t B, int32_t S) {
  int32_t ids[MOST_TOKENS];
  int32_t labels[MOST_TOKENS];
  for (int32_t i = 0; i < B * S; i++)
    ids[i] = (i * 37) % 3000;
  for (int32_t b = 0; b < B; b++)
    labels[b] = b % 3;
  float norm;
  bool done = tl_batch_pack(batch, B, S, ids, NULL, NULL) == TL_OK &&
              tl_batch_set_labels(batch, labels, B) == TL_OK && tl_model_forward(model, batch) == TL_OK &&
              tl_model_backward(model, 1.0f) == TL_OK && tl_clip_grad_norm(model, 1.0f, &norm) == TL_OK &&
              tl_adamw_step(optimizer) == TL_OK;
  tl_model_zero_grad(model);
  return done;
}

/* Nothing below the head is trained, if `frozen`. */
static void check_budget(int32_t threads, int32_t B, int32_t S, bool frozen) {
  tl_context *context = tl_context_create(threads);
  tl_model *model = NULL;
  tl_adamw *optimizer = NULL;
  tl_batch *batch = NULL;
  REQUIRE(tl_model_create(context, (const uint8_t *)config, strlen(config), &model) == TL_OK);
  const double parameters = (double)tl_model_parameter_count(model);
  const int32_t head = tl_model_span_count(model) - 4; /* the pooler's and the classifier's weight and bias */
  for (int32_t span = 0; frozen && span < head; span++)
    REQUIRE(tl_model_set_trainable(model, span, false) == TL_OK);
  const double trained = frozen ? 64 * 64 + 64 + 3 * 64 + 3 : parameters;
  REQUIRE(tl_adamw_create(context, model, &optimizer) == TL_OK);
  REQUIRE(tl_batch_create(context, &batch) == TL_OK);
  for (int32_t span = 0; span < tl_model_span_count(model); span++)
    REQUIRE(tl_adamw_assign(optimizer, span, 0) == TL_OK);
  tl_model_set_training(model, true);
  REQUIRE(tl_model_reserve(model, B, B * S, S) == TL_OK);
  for (int32_t shorter = 2; shorter >= 0; shorter--)
    CHECK(step(model, optimizer, batch, B, S - shorter));

  double planned = tl_model_plan_bytes(model, B, B * S, S, true);
  double activations = tl_model_activation_bytes(model, B, B * S, S, true);
  double peak = tl_context_peak_bytes(context);
  CHECK(planned - activations == 4.0 * parameters + 12.0 * trained);
  CHECK(peak >= planned);
  CHECK(peak <= 1.05 * planned);
  if (peak > 1.05 * planned)
    printf("  %d threads, %d x %d: %.0f bytes held, %.0f planned\n", (int)threads, (int)B, (int)S, peak,
           planned);
  tl_batch_free(batch);
  tl_adamw_free(optimizer);
  tl_model_free(model);
  tl_context_free(context);
}

TEST(a_job_holds_what_was_planned) {
  static const int32_t thread_counts[] = {1, 2, 4};
  static const int32_t batches[][2] = {{1, 8}, {8, 16}, {4, 60}, {32, 8}};
  for (size_t t = 0; t < sizeof thread_counts / sizeof *thread_counts; t++) {
    for (size_t b = 0; b < sizeof batches / sizeof *batches; b++)
      check_budget(thread_counts[t], batches[b][0], batches[b][1], false);
  }
}

TEST(frozen_parameters_cost_their_weights_alone) { check_budget(2, 8, 16, true); }
