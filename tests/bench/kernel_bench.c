/* What everything but the matrix products takes in a training step of MiniLM (6 layers, C = 384, F = 1536, 12
 * heads) with 16 sequences of 64 tokens; prints JSON lines with the median time of a call and the calls in
 * a step.
 *
 *   kernel_bench [threads] [seconds a kernel] */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "kernels/attention.h"
#include "kernels/embedding.h"
#include "kernels/layer_norm.h"
#include "kernels/pointwise.h"
#include "kernels/row_set.h"
#include "kernels/update.h"
#include "measure.h"

enum {
  B = 16,
  S = 64,
  T = B * S,
  C = 384,
  F = 1536,
  H = 12,
  LAYERS = 6,
  V = 30522,
  P = 512,
  TABLE = V * C,
  PARAMETERS = 22713216
};

/* One set of arrays serves all lines: each takes what it needs. */
typedef struct bench {
  tl_pool *pool;
  double seconds;  /* to measure each kernel for */
  float *block[4]; /* PARAMETERS floats each */
  double *partials;
  float *scratch;
  int32_t offsets[B + 1], ids[T], positions[T], types[T];
  uint32_t in_batch[V / 32 + 1], in_training[V / 32 + 1]; /* rows of the table of words */
  tlk_dropout dropout;
} bench;

static void gelu_forward(bench *b) { tlk_gelu_forward(b->pool, b->block[0], b->block[1], T * F); }

static void gelu_backward(bench *b) {
  tlk_gelu_backward(b->pool, b->block[0], b->block[1], b->block[2], T * F);
}

static void norm_forward(bench *b) {
  float *x = b->block[0], *row = b->block[3];
  tlk_layer_norm_forward(b->pool, T, C, x, b->block[1], b->dropout, row, row + C, 1e-12f, b->block[2],
                         x + T * C, row + 2 * C, row + 2 * C + T);
}

static void norm_backward(bench *b) {
  float *x = b->block[0], *row = b->block[3];
  tlk_layer_norm_backward(b->pool, T, C, x, row, row + T, row, b->dropout, b->block[1], b->block[2],
                          x + T * C, row + 2 * T, row + 2 * T + C);
}

static tlk_attention attention_of(const bench *b) {
  return (tlk_attention){.B = B,
                         .H = H,
                         .D = C / H,
                         .q_offsets = b->offsets,
                         .kv_offsets = b->offsets,
                         .scale = 1.0f / sqrtf(C / H),
                         .dropout = b->dropout};
}

static void attention_forward(bench *b) {
  const tlk_attention a = attention_of(b);
  const float *qkv = b->block[0];
  tlk_attention_forward(b->pool, &a, qkv, 3 * C, qkv + C, 3 * C, qkv + 2 * C, 3 * C, b->block[1], C,
                        b->block[2], b->scratch);
}

static void attention_backward(bench *b) {
  const tlk_attention a = attention_of(b);
  const float *qkv = b->block[0], *out = b->block[1];
  float *dqkv = b->block[3];
  tlk_attention_backward(b->pool, &a, qkv, 3 * C, qkv + C, 3 * C, qkv + 2 * C, 3 * C, out, C, out + T * C, C,
                         b->block[2], dqkv, 3 * C, dqkv + C, 3 * C, dqkv + 2 * C, 3 * C, NULL, b->scratch);
}

static void bias_gradients(bench *b) {
  tlk_column_sums(b->pool, T, 3 * C, b->block[0], 3 * C, b->block[1]);
  tlk_column_sums(b->pool, T, F, b->block[0], F, b->block[1]);
  tlk_column_sums(b->pool, T, C, b->block[0], C, b->block[1]);
  tlk_column_sums(b->pool, T, C, b->block[0], C, b->block[1]);
}

static void embedding(bench *b) {
  const tlk_embedding tokens = {T, C, b->ids, b->positions, b->types};
  float *table = b->block[0], *positions = table + V * C, *types = positions + P * C;
  tlk_embedding_forward(b->pool, &tokens, table, positions, types, b->block[1]);
  const tlk_padding padding = {.word = 0, .position = -1};
  tlk_embedding_backward(b->pool, &tokens, padding, b->block[1], table, positions, types);
}

/* The table of words, of which the optimizer reads rows, lies first in the blocks. */
static void norm_of_gradients(bench *b) {
  for (size_t row = 0; row < V; row++)
    if (row_set_has(b->in_batch, row))
      tlk_sum_squares(b->pool, b->block[1] + row * C, C, b->partials);
  tlk_sum_squares(b->pool, b->block[1] + TABLE, PARAMETERS - TABLE, b->partials);
}

static void adamw(bench *b) {
  const tlk_adamw_step step = {1e-7, 0.9, 0.999, 1e-8, 0.0, 0.5, 0.5, 0.999f};
  const tlk_adamw_blocks table = {b->block[0], b->block[1], b->block[2], b->block[3]};
  const tlk_adamw_blocks dense = {b->block[0] + TABLE, b->block[1] + TABLE, b->block[2] + TABLE,
                                  b->block[3] + TABLE};
  tlk_adamw_rows(b->pool, &step, table, V, C, b->in_batch, b->in_training);
  tlk_adamw(b->pool, &step, dense, PARAMETERS - TABLE);
}

static void zero_gradients(bench *b) { tlk_zero(b->pool, b->block[1] + TABLE, PARAMETERS - TABLE); }

typedef struct line {
  const char *name;
  void (*run)(bench *);
  int calls;
} line;

static const line lines[] = {
    {"GELU forward", gelu_forward, LAYERS},
    {"GELU backward", gelu_backward, LAYERS},
    {"layer norm forward", norm_forward, 2 * LAYERS + 1},
    {"layer norm backward", norm_backward, 2 * LAYERS + 1},
    {"attention forward", attention_forward, LAYERS},
    {"attention backward", attention_backward, LAYERS},
    {"bias gradients of a layer", bias_gradients, LAYERS},
    {"embedding, both ways", embedding, 1},
    {"norm of all gradients", norm_of_gradients, 1},
    {"clipping and AdamW", adamw, 1},
    {"zeroing gradients", zero_gradients, 1},
};

static void measure(bench *b, const line *l) {
  static samples milliseconds;
  milliseconds.count = 0;
  const double end = seconds_now() + b->seconds;
  for (int runs = 0; runs < 3 || seconds_now() < end; runs++) {
    const double start = seconds_now();
    l->run(b);
    samples_add(&milliseconds, 1e3 * (seconds_now() - start));
  }
  printf("{\"kind\": \"kernel\", \"name\": \"%s\", \"threads\": %d, \"calls\": %d, ", l->name,
         (int)tl_pool_threads(b->pool), l->calls);
  samples_print(&milliseconds, "milliseconds");
  printf("}\n");
  fflush(stdout);
}

/* Numbers between 0 and 1, so that they may stand for variances too. */
static void fill(bench *b) {
  uint32_t state = 1;
  for (size_t k = 0; k < 4; k++)
    for (size_t i = 0; i < PARAMETERS; i++) {
      state = state * 1664525u + 1013904223u;
      b->block[k][i] = (float)(state >> 8) * 0x1p-24f;
    }
  for (int32_t t = 0; t < T; t++) {
    b->ids[t] = (t * 7919) % V;
    b->positions[t] = t % S;
    b->types[t] = t % 2;
    row_set_add(b->in_batch, (size_t)b->ids[t]);
  }
  for (size_t row = 0; row < V; row++) /* a third of the vocabulary occurred since training began */
    if (row % 3 == 0 || row_set_has(b->in_batch, row))
      row_set_add(b->in_training, row);
  for (int32_t i = 0; i <= B; i++)
    b->offsets[i] = i * S;
}

int main(int count, char **arguments) {
  const int threads = count > 1 ? atoi(arguments[1]) : 1;
  bench b = {.seconds = count > 2 ? atof(arguments[2]) : 0.5, .dropout = tlk_dropout_make(1, 2, 3, 0.1f)};
  if (threads < 1 || threads > 64 || !(b.seconds > 0.0)) {
    fprintf(stderr, "usage: kernel_bench [threads, 1 to 64] [seconds a kernel]\n");
    return 2;
  }
  b.pool = tl_pool_create(threads);
  b.partials = malloc(tlk_sum_squares_partials(PARAMETERS) * sizeof(double));
  b.scratch = malloc(tlk_attention_scratch(S, S, C / H, threads) * sizeof(float));
  bool ready = b.pool && b.partials && b.scratch;
  for (size_t k = 0; k < 4; k++) {
    b.block[k] = malloc(PARAMETERS * sizeof(float));
    ready = ready && b.block[k];
  }
  if (ready) {
    fill(&b);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
      measure(&b, &lines[i]);
  } else {
    fprintf(stderr, "kernel_bench: memory is out\n");
  }
  for (size_t k = 0; k < 4; k++)
    free(b.block[k]);
  free(b.scratch);
  free(b.partials);
  tl_pool_free(b.pool);
  return ready ? 0 : 1;
}
