/* Times whole training steps (forward, backward, clipping, AdamW, zeroing; dropout on) and prints JSON for
 * bench.js.
 *
 *   step_bench NAME HIDDEN LAYERS HEADS INTERMEDIATE B S THREADS REPEATS [VARIANT]
 *
 * VARIANT: full (the default): all parameters are trained; frozen: embeddings and the lower half of the
 * layers are not; lora: adapters of rank 8 on query and value, and the head; checkpointed: as full, with
 * activation checkpointing, whose second forward counts as time but not as FLOPs.
 *
 * Weights and tokens are random: time does not depend on their values. Every sequence is S tokens long, so
 * that tokens are B·S. `flops` is the model's own count (tl_model_flops): matrix products that the batch's
 * real tokens need, nothing else. The peak loop and the step take turns; a step's share is its ratio to
 * the mean of the loops before and after it, and `share` the median of those. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/context_internal.h"
#include "measure.h"
#include "tunelab/tunelab.h"

static void need(tl_context *context, tl_status status) {
  if (status == TL_OK)
    return;
  fprintf(stderr, "step_bench: %s\n", tl_context_error(context));
  exit(1);
}

typedef struct job {
  tl_context *context;
  tl_model *model;
  tl_batch *batch;
  tl_adamw *optimizer;
} job;

static void make_model(job *job, char **size) {
  char config[512];
  int length = snprintf(
      config, sizeof config,
      "{\"model_type\": \"bert\", \"vocab_size\": 30522, \"max_position_embeddings\": 512,"
      "\"type_vocab_size\": 2, \"hidden_act\": \"gelu\", \"layer_norm_eps\": 1e-12,"
      "\"hidden_dropout_prob\": 0.1, \"attention_probs_dropout_prob\": 0.1, \"initializer_range\": 0.02,"
      "\"pad_token_id\": 0, \"hidden_size\": %s, \"num_hidden_layers\": %s,"
      "\"num_attention_heads\": %s, \"intermediate_size\": %s, \"num_labels\": 2}",
      size[0], size[1], size[2], size[3]);
  need(job->context, tl_model_create(job->context, (const uint8_t *)config, (size_t)length, &job->model));
  tl_generator *generator;
  need(job->context, tl_generator_create(job->context, 42, &generator));
  need(job->context, tl_model_init(job->model, generator, false));
  tl_generator_free(generator);
  tl_model_set_training(job->model, true);
  tl_model_seed_dropout(job->model, 42);
}

static void make_batch(job *job, int32_t B, int32_t S) {
  int32_t *ids = malloc(sizeof(int32_t) * (size_t)(B * S));
  int32_t *labels = malloc(sizeof(int32_t) * (size_t)B);
  if (!ids || !labels)
    exit(1);
  for (int32_t i = 0; i < B * S; i++)
    ids[i] = 1 + (int32_t)(((uint32_t)i * 2654435761u) % 30521u);
  for (int32_t b = 0; b < B; b++)
    labels[b] = b % 2;
  need(job->context, tl_batch_create(job->context, &job->batch));
  need(job->context, tl_batch_pack(job->batch, B, S, ids, NULL, NULL));
  need(job->context, tl_batch_set_labels(job->batch, labels, B));
  free(ids);
  free(labels);
}

typedef enum variant { FULL, FROZEN, LORA, CHECKPOINTED, VARIANTS } variant;

static const char *const variant_names[] = {"full", "frozen", "lora", "checkpointed"};

/* The variant of that name, VARIANTS if there is none. */
static variant variant_of(const char *name) {
  int v = FULL;
  while (v < VARIANTS && strcmp(name, variant_names[v]) != 0)
    v++;
  return (variant)v;
}

enum { NAME_SIZE = 128, ADAPTED_MAX = 128 };

/* Copies the name that follows in the description; returns where to go on, NULL after the last. */
static const char *next_name(const char *at, char name[NAME_SIZE]) {
  static const char key[] = "\"name\"";
  at = strstr(at, key);
  if (!at)
    return NULL;
  at += sizeof key - 1;
  return sscanf(at, " : \"%127[^\"]\"", name) == 1 ? at : NULL;
}

static bool in_lower_half(const char *name, int32_t layers) {
  const char *layer = strstr(name, "encoder.layer.");
  return strstr(name, "embeddings.") || (layer && atoi(layer + strlen("encoder.layer.")) < layers / 2);
}

static bool is_adapted(const char *name) {
  return strstr(name, "query.weight") || strstr(name, "value.weight");
}

/* Freezes what the variant leaves alone, by the spans' names, and adds LoRA's adapters. */
static void choose_parameters(job *job, variant chosen, int32_t layers) {
  int32_t adapted[ADAPTED_MAX], count = 0;
  char name[NAME_SIZE];
  const char *at = tl_model_describe(job->model);
  for (int32_t span = 0; at && (at = next_name(at, name)) != NULL; span++) {
    const bool frozen =
        (chosen == FROZEN && in_lower_half(name, layers)) || (chosen == LORA && !strstr(name, "classifier"));
    if (frozen)
      need(job->context, tl_model_set_trainable(job->model, span, false));
    if (is_adapted(name) && count < ADAPTED_MAX)
      adapted[count++] = span;
  }
  if (chosen != LORA)
    return;
  tl_generator *generator;
  need(job->context, tl_generator_create(job->context, 42, &generator));
  need(job->context, tl_model_add_lora(job->model, 8, 16.0 / 8, 0.05, adapted, count, generator));
  tl_generator_free(generator);
}

static void step(job *job) {
  float norm;
  need(job->context, tl_model_forward(job->model, job->batch));
  need(job->context, tl_model_backward(job->model, 1.0f));
  need(job->context, tl_clip_grad_norm(job->model, 1.0f, &norm));
  need(job->context, tl_adamw_step(job->optimizer));
  tl_model_zero_grad(job->model);
}

/* A loop as long as the step would be, but for big steps: the machine's speed changes from second to second,
 * not within one. */
static double peak_beside(const job *job, double flops) {
  const double threads = tl_context_threads(job->context), second = 4e10 * threads;
  return peak_gflops(tl_context_pool(job->context), flops < second ? flops : second);
}

int main(int argc, char **argv) {
  const variant chosen = variant_of(argc > 10 ? argv[10] : "full");
  if (argc < 10 || argc > 11 || chosen == VARIANTS) {
    fprintf(stderr, "usage: step_bench NAME HIDDEN LAYERS HEADS INTERMEDIATE B S THREADS REPEATS "
                    "[full|frozen|lora|checkpointed]\n");
    return 2;
  }
  int32_t B = atoi(argv[6]), S = atoi(argv[7]), threads = atoi(argv[8]), repeats = atoi(argv[9]);
  job job = {.context = tl_context_create(threads)};
  if (!job.context || B < 1 || S < 1 || repeats < 1)
    return 2;
  make_model(&job, argv + 2);
  choose_parameters(&job, chosen, atoi(argv[3]));
  tl_model_set_activation_checkpointing(job.model, chosen == CHECKPOINTED);
  need(job.context, tl_adamw_create(job.context, job.model, &job.optimizer));
  make_batch(&job, B, S);
  step(&job); /* grows the memory and warms the caches and the code */
  static samples seconds, shares, peaks;
  const double flops = tl_model_flops(job.model, true);
  double before = peak_beside(&job, flops);
  for (int32_t i = 0; i < repeats; i++) {
    const double start = seconds_now();
    step(&job);
    const double taken = seconds_now() - start, after = peak_beside(&job, flops);
    samples_add(&seconds, taken);
    samples_add(&shares, flops / taken * 1e-9 / (0.5 * (before + after)));
    samples_add(&peaks, after);
    before = after;
  }
  printf("{\"kind\": \"step\", \"name\": \"%s\", \"variant\": \"%s\", \"threads\": %d, \"B\": %d, \"S\": %d, "
         "\"parameters\": %zu, \"flops\": %.0f, ",
         argv[1], variant_names[chosen], (int)tl_context_threads(job.context), (int)B, (int)S,
         tl_model_parameter_count(job.model), flops);
  samples_print(&seconds, "seconds");
  printf(", ");
  samples_print(&shares, "share");
  printf(", ");
  samples_print(&peaks, "peak_gflops");
  printf(", \"peak_bytes\": %.0f, \"plan_bytes\": %.0f}\n", tl_context_peak_bytes(job.context),
         tl_model_plan_bytes(job.model, B, B * S, S, true));
  tl_adamw_free(job.optimizer);
  tl_batch_free(job.batch);
  tl_model_free(job.model);
  tl_context_free(job.context);
  return 0;
}
