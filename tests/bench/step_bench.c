/* Times whole training steps (forward, backward, clipping, AdamW, zeroing; dropout on) and prints JSON for
 * bench.js.
 *
 *   step_bench NAME HIDDEN LAYERS HEADS INTERMEDIATE B S THREADS REPEATS
 *
 * Weights and tokens are random: time does not depend on their values. Every sequence is S tokens long, so
 * that tokens are B·S. `flops` is the model's own count (tl_model_flops): matrix products that the batch's
 * real tokens need, nothing else. The peak loop and the step take turns; `share` is the median of the ratios
 * of neighbours. */
#include <stdio.h>
#include <stdlib.h>

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
  need(job->context, tl_adamw_create(job->context, job->model, &job->optimizer));
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

static void step(job *job) {
  float norm;
  need(job->context, tl_model_forward(job->model, job->batch));
  need(job->context, tl_model_backward(job->model, 1.0f));
  need(job->context, tl_clip_grad_norm(job->model, 1.0f, &norm));
  need(job->context, tl_adamw_step(job->optimizer));
  tl_model_zero_grad(job->model);
}

int main(int argc, char **argv) {
  if (argc != 10) {
    fprintf(stderr, "usage: step_bench NAME HIDDEN LAYERS HEADS INTERMEDIATE B S THREADS REPEATS\n");
    return 2;
  }
  int32_t B = atoi(argv[6]), S = atoi(argv[7]), threads = atoi(argv[8]), repeats = atoi(argv[9]);
  job job = {.context = tl_context_create(threads)};
  if (!job.context || B < 1 || S < 1 || repeats < 1)
    return 2;
  make_model(&job, argv + 2);
  make_batch(&job, B, S);
  step(&job); /* grows the memory and warms the caches and the code */
  static samples seconds, shares;
  const double flops = tl_model_flops(job.model, true);
  for (int32_t i = 0; i < repeats; i++) {
    const double peak = peak_gflops(tl_context_pool(job.context), flops);
    const double start = seconds_now();
    step(&job);
    const double taken = seconds_now() - start;
    samples_add(&seconds, taken);
    samples_add(&shares, flops / taken * 1e-9 / peak);
  }
  printf("{\"kind\": \"step\", \"name\": \"%s\", \"threads\": %d, \"B\": %d, \"S\": %d, \"parameters\": %zu, "
         "\"flops\": %.0f, ",
         argv[1], (int)tl_context_threads(job.context), (int)B, (int)S, tl_model_parameter_count(job.model),
         flops);
  samples_print(&seconds, "seconds");
  printf(", ");
  samples_print(&shares, "share");
  printf(", \"peak_bytes\": %.0f}\n", tl_context_peak_bytes(job.context));
  tl_adamw_free(job.optimizer);
  tl_batch_free(job.batch);
  tl_model_free(job.model);
  tl_context_free(job.context);
  return 0;
}
