/* AdamW and the sum of squares against their scalar twins, over odd sizes and any number of threads. */
#include "kernels/update.h"

#include "kernel_testing.h"
#include "kernels/row_set.h"
#include "kernels/scalar/scalar_twins.h"

static const size_t sizes[] = {0, 1, 3, 4, 5, 17, 1000, 4095, 4096, 4097, 20003, 50001};
enum { SIZES = sizeof sizes / sizeof *sizes };

/* The step's numbers after t updates with the usual betas. */
static tlk_adamw_step step_at(int t) {
  return (tlk_adamw_step){.lr = 1e-3,
                          .beta1 = 0.9,
                          .beta2 = 0.999,
                          .eps = 1e-8,
                          .weight_decay = 0.01,
                          .bias_correction1 = 1.0 - pow(0.9, t),
                          .bias_correction2_sqrt = sqrt(1.0 - pow(0.999, t)),
                          .gradient_scale = 0.75f};
}

typedef struct state {
  float *weights, *gradients, *exp_avg, *exp_avg_sq;
} state;

static tlk_adamw_blocks blocks_of(const state *s) {
  return (tlk_adamw_blocks){s->weights, s->gradients, s->exp_avg, s->exp_avg_sq};
}

static state make_state(size_t n) {
  state s = {random_floats(n, 1.0f, 1), random_floats(n, 0.1f, 2), random_floats(n, 0.1f, 3),
             random_floats(n, 0.1f, 4)};
  for (size_t i = 0; i < n; i++)
    s.exp_avg_sq[i] *= s.exp_avg_sq[i];
  return s;
}

static void free_state(state *s) {
  float *buffers[] = {s->weights, s->gradients, s->exp_avg, s->exp_avg_sq};
  for (size_t i = 0; i < sizeof buffers / sizeof *buffers; i++)
    canary_free(buffers[i]);
}

TEST(adamw_equals_its_twin) {
  for (int32_t threads = 1; threads <= 3; threads++) {
    tl_pool *pool = test_pool(threads);
    for (size_t i = 0; i < SIZES; i++) {
      const size_t n = sizes[i];
      state actual = make_state(n), expected = make_state(n);
      for (int t = 1; t <= 5; t++) {
        const tlk_adamw_step step = step_at(t);
        tlk_adamw(pool, &step, blocks_of(&actual), n);
        tlk_adamw_scalar(&step, blocks_of(&expected), n);
      }
      /* five steps, a few roundings each, of numbers below 1 (weights) and 0.1 (moments) */
      CHECK_CLOSE_ARRAY(actual.weights, expected.weights, n, 5e-7, 0.0);
      CHECK_CLOSE_ARRAY(actual.exp_avg, expected.exp_avg, n, 1e-7, 0.0);
      CHECK_CLOSE_ARRAY(actual.exp_avg_sq, expected.exp_avg_sq, n, 1e-8, 0.0);
      free_state(&actual);
      free_state(&expected);
    }
    tl_pool_free(pool);
  }
}

TEST(the_first_step_moves_by_the_learning_rate) {
  /* With zero moments, m/(√v + eps) is the gradient's sign: the weight moves by lr, after its decay. */
  tl_pool *pool = test_pool(1);
  const tlk_adamw_step step = step_at(1);
  float weights[2] = {1.0f, -2.0f}, exp_avg[2] = {0.0f}, exp_avg_sq[2] = {0.0f};
  const float gradients[2] = {0.5f, -0.25f};
  tlk_adamw(pool, &step, (tlk_adamw_blocks){weights, gradients, exp_avg, exp_avg_sq}, 2);
  CHECK_NEAR(weights[0], 1.0 * (1.0 - 1e-5) - 1e-3, 2e-7);
  CHECK_NEAR(weights[1], -2.0 * (1.0 - 1e-5) + 1e-3, 4e-7);
  CHECK_NEAR(exp_avg[0], 0.1 * 0.5 * 0.75, 1e-8);
  CHECK_NEAR(exp_avg_sq[0], 0.001 * 0.375 * 0.375, 1e-10);
  tl_pool_free(pool);
}

TEST(any_number_of_threads_gives_the_same_bits) {
  enum { N = 50001 };
  state first = make_state(N);
  for (int32_t threads = 1; threads <= 4; threads++) {
    const tlk_adamw_step step = step_at(3);
    tl_pool *pool = test_pool(threads);
    state many = make_state(N);
    tlk_adamw(pool, &step, blocks_of(&many), N);
    if (threads == 1)
      memcpy(first.weights, many.weights, N * sizeof(float));
    else
      CHECK_EQ_BYTES(many.weights, first.weights, N * sizeof(float));
    free_state(&many);
    tl_pool_free(pool);
  }
  free_state(&first);
}

/* Folding clipping in must not change a bit: one rounding of the product, as if it had been stored. */
TEST(a_gradient_scaled_on_the_way_is_a_gradient_scaled_before) {
  enum { N = 20003 };
  tl_pool *pool = test_pool(2);
  state before = make_state(N), folded = make_state(N);
  tlk_adamw_step step = step_at(2);
  for (size_t i = 0; i < N; i++)
    before.gradients[i] *= step.gradient_scale;
  tlk_adamw(pool, &step, blocks_of(&folded), N);
  step.gradient_scale = 1.0f;
  tlk_adamw(pool, &step, blocks_of(&before), N);
  CHECK_EQ_BYTES(folded.weights, before.weights, N * sizeof(float));
  CHECK_EQ_BYTES(folded.exp_avg, before.exp_avg, N * sizeof(float));
  CHECK_EQ_BYTES(folded.exp_avg_sq, before.exp_avg_sq, N * sizeof(float));
  free_state(&before);
  free_state(&folded);
  tl_pool_free(pool);
}

enum { ROWS = 140 };

/* The first half is crowded: a third of its rows has a gradient, another third had one before. In the second,
 * rows of either kind are few. The rest's moments are zero. */
static bool is_touched(size_t row) { return row < ROWS / 2 ? row % 3 == 0 : row % 16 == 5; }
static bool is_moved(size_t row) {
  return is_touched(row) || (row < ROWS / 2 ? row % 3 == 1 : row % 16 == 8);
}

/* Gradients that are not there are noise in `sparse`, which nobody may read, and zeros in `dense`. */
static void make_sparse(size_t columns, state *sparse, state *dense, uint32_t *touched, uint32_t *moved) {
  *sparse = make_state(ROWS * columns);
  *dense = make_state(ROWS * columns);
  row_set_clear(touched, ROWS);
  row_set_clear(moved, ROWS);
  for (size_t row = 0; row < ROWS; row++) {
    const size_t at = row * columns, bytes = columns * sizeof(float);
    if (is_touched(row))
      row_set_add(touched, row);
    else
      memset(dense->gradients + at, 0, bytes);
    if (is_moved(row)) {
      row_set_add(moved, row);
      continue;
    }
    float *const moments[] = {dense->exp_avg, dense->exp_avg_sq, sparse->exp_avg, sparse->exp_avg_sq};
    for (size_t i = 0; i < sizeof moments / sizeof *moments; i++)
      memset(moments[i] + at, 0, bytes);
  }
}

static void check_rows(tl_pool *pool, size_t columns, const tlk_adamw_step *step) {
  state sparse, dense;
  uint32_t touched[(ROWS + 31) / 32], moved[(ROWS + 31) / 32];
  make_sparse(columns, &sparse, &dense, touched, moved);
  tlk_adamw_rows(pool, step, blocks_of(&sparse), ROWS, columns, touched, moved);
  tlk_adamw(pool, step, blocks_of(&dense), ROWS * columns);
  const size_t bytes = ROWS * columns * sizeof(float);
  CHECK_EQ_BYTES(sparse.weights, dense.weights, bytes);
  CHECK_EQ_BYTES(sparse.exp_avg, dense.exp_avg, bytes);
  CHECK_EQ_BYTES(sparse.exp_avg_sq, dense.exp_avg_sq, bytes);
  free_state(&sparse);
  free_state(&dense);
}

TEST(rows_without_gradients_end_as_if_their_zeros_had_been_read) {
  const size_t widths[] = {1, 4, 7, 48, 385};
  tlk_adamw_step decaying = step_at(2), plain = step_at(2), without_eps = step_at(2);
  plain.weight_decay = 0.0;
  without_eps.eps = 0.0; /* 0/0 in a row at rest: NaN, as in torch */
  for (int32_t threads = 1; threads <= 3; threads++) {
    tl_pool *pool = test_pool(threads);
    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
      check_rows(pool, widths[i], &decaying);
      check_rows(pool, widths[i], &plain);
      check_rows(pool, widths[i], &without_eps);
    }
    tl_pool_free(pool);
  }
}

TEST(the_sum_of_squares_is_exact_to_double_and_the_same_on_any_pool) {
  for (size_t i = 0; i < SIZES; i++) {
    const size_t n = sizes[i];
    float *x = random_floats(n, 1.0f, 5);
    double *partials = malloc((tlk_sum_squares_partials(n) + 1) * sizeof(double));
    REQUIRE(partials != NULL);
    const double expected = tlk_sum_squares_scalar(x, n);
    double first = 0.0;
    for (int32_t threads = 1; threads <= 4; threads++) {
      tl_pool *pool = test_pool(threads);
      const double sum = tlk_sum_squares(pool, x, n, partials);
      CHECK_NEAR(sum, expected, 1e-12 * (expected + 1.0));
      if (threads == 1)
        first = sum;
      CHECK(memcmp(&sum, &first, sizeof sum) == 0);
      tl_pool_free(pool);
    }
    free(partials);
    canary_free(x);
  }
}

TEST(a_nan_shows_in_the_sum_of_squares) {
  enum { N = 9000 };
  tl_pool *pool = test_pool(2);
  float *x = random_floats(N, 1.0f, 6);
  double partials[8];
  REQUIRE(tlk_sum_squares_partials(N) <= 8);
  x[8191] = NAN;
  CHECK(isnan(tlk_sum_squares(pool, x, N, partials)));
  canary_free(x);
  tl_pool_free(pool);
}
