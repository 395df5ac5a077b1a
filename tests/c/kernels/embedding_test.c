/* Embedding lookup and scatter-add against their scalar twins: shared rows, padding_idx, tables left out,
 * threads. */
#include "kernels/embedding.h"

#include "kernel_testing.h"
#include "kernels/scalar/scalar_twins.h"

enum { V = 11, P = 9, TYPES = 2, MAX_T = 700 };

typedef struct job {
  tlk_embedding tokens;
  int32_t ids[MAX_T], positions[MAX_T], types[MAX_T];
  float *word, *position, *type, *dout;
  size_t C;
} job;

static void make_job(job *j, int32_t T, int32_t C, bool with_types) {
  for (int32_t t = 0; t < T; t++) {
    j->ids[t] = (t * 7 + t / 3) % V;
    j->positions[t] = t % P;
    j->types[t] = t / 4 % TYPES;
  }
  j->C = (size_t)C;
  j->tokens = (tlk_embedding){T, C, j->ids, j->positions, with_types ? j->types : NULL};
  j->word = random_floats(V * j->C, 1.0f, 1);
  j->position = random_floats(P * j->C, 1.0f, 2);
  j->type = random_floats(TYPES * j->C, 1.0f, 3);
  j->dout = random_floats((size_t)T * j->C, 1.0f, 4);
}

static void free_job(job *j) {
  float *buffers[] = {j->word, j->position, j->type, j->dout};
  for (size_t i = 0; i < sizeof buffers / sizeof *buffers; i++)
    canary_free(buffers[i]);
}

static const int32_t shapes[][2] = {{1, 1}, {3, 5}, {9, 4}, {20, 17}, {33, 16}, {50, 33}, {MAX_T, 40}};
enum { SHAPES = sizeof shapes / sizeof *shapes };

TEST(lookup_equals_its_twin_to_the_bit) {
  static job j;
  for (int32_t threads = 1; threads <= 3; threads++) {
    tl_pool *pool = test_pool(threads);
    for (size_t i = 0; i < 2 * SHAPES; i++) {
      make_job(&j, shapes[i / 2][0], shapes[i / 2][1], i % 2 == 0);
      const size_t n = (size_t)j.tokens.T * j.C;
      float *out = canary_alloc(n), *expected = canary_alloc(n);
      tlk_embedding_forward(pool, &j.tokens, j.word, j.position, j.type, out);
      tlk_embedding_forward_scalar(&j.tokens, j.word, j.position, j.type, expected);
      CHECK_EQ_BYTES(out, expected, n * sizeof(float));
      canary_free(out);
      canary_free(expected);
      free_job(&j);
    }
    tl_pool_free(pool);
  }
}

/* The tables' values serve as what the gradients held before. */
typedef struct gradients {
  float *word, *position, *type;
} gradients;

static gradients start_of(const job *j) {
  return (gradients){copy_of(j->word, V * j->C), copy_of(j->position, P * j->C),
                     copy_of(j->type, TYPES * j->C)};
}

static void free_gradients(gradients *g) {
  canary_free(g->word);
  canary_free(g->position);
  canary_free(g->type);
}

TEST(scatter_add_equals_its_twin_to_the_bit) {
  static job j;
  for (int32_t threads = 1; threads <= 3; threads++) {
    tl_pool *pool = test_pool(threads);
    for (size_t i = 0; i < 2 * SHAPES; i++) {
      make_job(&j, shapes[i / 2][0], shapes[i / 2][1], i % 2 == 0);
      gradients actual = start_of(&j), expected = start_of(&j);
      const tlk_padding padding = {.word = 2, .position = 1};
      tlk_embedding_backward(pool, &j.tokens, padding, j.dout, actual.word, actual.position, actual.type);
      tlk_embedding_backward_scalar(&j.tokens, padding, j.dout, expected.word, expected.position,
                                    expected.type);
      CHECK_EQ_BYTES(actual.word, expected.word, V * j.C * sizeof(float));
      CHECK_EQ_BYTES(actual.position, expected.position, P * j.C * sizeof(float));
      CHECK_EQ_BYTES(actual.type, expected.type, TYPES * j.C * sizeof(float));
      free_gradients(&actual);
      free_gradients(&expected);
      free_job(&j);
    }
    tl_pool_free(pool);
  }
}

TEST(the_padding_row_of_either_table_gets_nothing) {
  static job j;
  make_job(&j, 40, 6, true);
  tl_pool *pool = test_pool(1);
  const tlk_padding none = {-1, -1}, padding = {.word = j.ids[5], .position = j.tokens.positions[5]};
  const size_t word = (size_t)padding.word * 6, position = (size_t)padding.position * 6;
  gradients g = start_of(&j);
  tlk_embedding_backward(pool, &j.tokens, padding, j.dout, g.word, g.position, NULL);
  CHECK_EQ_BYTES(g.word + word, j.word + word, 6 * sizeof(float));
  CHECK_EQ_BYTES(g.position + position, j.position + position, 6 * sizeof(float));
  tlk_embedding_backward(pool, &j.tokens, none, j.dout, g.word, g.position, NULL);
  CHECK(memcmp(g.word + word, j.word + word, 6 * sizeof(float)) != 0);
  CHECK(memcmp(g.position + position, j.position + position, 6 * sizeof(float)) != 0);
  CHECK_EQ_BYTES(g.type, j.type, TYPES * 6 * sizeof(float));
  free_gradients(&g);
  free_job(&j);
  tl_pool_free(pool);
}
