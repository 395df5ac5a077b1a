/* Layer norm against its scalar twin: odd widths, residual, dropout, aliasing, threads, and slopes. */
#include "kernels/layer_norm.h"

#include "kernel_testing.h"
#include "kernels/scalar/scalar_twins.h"

enum { ROWS_SHARED = 70 }; /* × 384 columns: enough numbers to be shared among threads */

/* Results of one forward and backward, all of rows × C but where noted. */
typedef struct results {
  float *sum, *y, *dsum, *dx;
  float *mean, *rstd;    /* rows */
  float *dgamma, *dbeta; /* C */
} results;

typedef struct job {
  int32_t rows, C;
  bool with_residual;
  tlk_dropout dropout;
  float *x, *residual, *gamma, *beta, *dy;
} job;

static size_t size_of(const job *j) { return (size_t)j->rows * (size_t)j->C; }

static job make_job(int32_t rows, int32_t C, bool with_residual, float p) {
  job j = {.rows = rows, .C = C, .with_residual = with_residual, .dropout = tlk_dropout_make(1, 2, 3, p)};
  j.x = random_floats(size_of(&j), 3.0f, 1);
  j.residual = random_floats(size_of(&j), 2.0f, 2);
  j.gamma = random_floats((size_t)C, 1.0f, 3);
  j.beta = random_floats((size_t)C, 1.0f, 4);
  j.dy = random_floats(size_of(&j), 1.0f, 5);
  return j;
}

static void free_job(job *j) {
  float *buffers[] = {j->x, j->residual, j->gamma, j->beta, j->dy};
  for (size_t i = 0; i < sizeof buffers / sizeof *buffers; i++)
    canary_free(buffers[i]);
}

static results make_results(const job *j) {
  const size_t n = size_of(j), rows = (size_t)j->rows, C = (size_t)j->C;
  return (results){canary_alloc(n),           canary_alloc(n),          canary_alloc(n),
                   canary_alloc(n),           canary_alloc(rows),       canary_alloc(rows),
                   random_floats(C, 1.0f, 6), random_floats(C, 1.0f, 7)};
}

static void free_results(results *r) {
  float *buffers[] = {r->sum, r->y, r->dsum, r->dx, r->mean, r->rstd, r->dgamma, r->dbeta};
  for (size_t i = 0; i < sizeof buffers / sizeof *buffers; i++)
    canary_free(buffers[i]);
}

static const float *residual_of(const job *j) { return j->with_residual ? j->residual : NULL; }

static results run_twin(const job *j) {
  results r = make_results(j);
  tlk_layer_norm_forward_scalar(j->rows, j->C, j->x, residual_of(j), j->dropout, j->gamma, j->beta, 1e-5f,
                                r.sum, r.y, r.mean, r.rstd);
  tlk_layer_norm_backward_scalar(j->rows, j->C, r.sum, r.mean, r.rstd, j->gamma, j->dropout, j->dy, r.dsum,
                                 r.dx, r.dgamma, r.dbeta);
  return r;
}

static results run_kernel(const job *j, int32_t threads) {
  tl_pool *pool = test_pool(threads);
  results r = make_results(j);
  tlk_layer_norm_forward(pool, j->rows, j->C, j->x, residual_of(j), j->dropout, j->gamma, j->beta, 1e-5f,
                         r.sum, r.y, r.mean, r.rstd);
  tlk_layer_norm_backward(pool, j->rows, j->C, r.sum, r.mean, r.rstd, j->gamma, j->dropout, j->dy, r.dsum,
                          r.dx, r.dgamma, r.dbeta);
  tl_pool_free(pool);
  return r;
}

/* Normalised numbers stay below √C; means and sums of C terms err by some eps·√C of them. For C up to 400,
 * 5e-5 leaves room; the smallest rows (C = 2, 3) can divide by a tiny deviation, so their numbers are
 * compared relative to their size. */
static void check_job(const job *j) {
  const size_t n = size_of(j), C = (size_t)j->C;
  const double bound = 5e-5;
  results expected = run_twin(j), first = run_kernel(j, 1);
  CHECK_CLOSE_ARRAY(first.sum, expected.sum, n, 1e-6, 0.0);
  CHECK_CLOSE_ARRAY(first.y, expected.y, n, bound, bound);
  CHECK_CLOSE_ARRAY(first.mean, expected.mean, (size_t)j->rows, 1e-6, 0.0);
  CHECK_CLOSE_ARRAY(first.rstd, expected.rstd, (size_t)j->rows, 0.0, bound);
  CHECK_CLOSE_ARRAY(first.dsum, expected.dsum, n, bound, bound);
  CHECK_CLOSE_ARRAY(first.dx, expected.dx, n, bound, bound);
  CHECK_CLOSE_ARRAY(first.dgamma, expected.dgamma, C, bound, bound);
  CHECK_CLOSE_ARRAY(first.dbeta, expected.dbeta, C, bound, bound);
  for (int32_t threads = 2; threads <= 4; threads++) {
    results many = run_kernel(j, threads);
    CHECK_EQ_BYTES(many.y, first.y, n * sizeof(float));
    CHECK_EQ_BYTES(many.dx, first.dx, n * sizeof(float));
    CHECK_EQ_BYTES(many.dgamma, first.dgamma, C * sizeof(float));
    CHECK_EQ_BYTES(many.dbeta, first.dbeta, C * sizeof(float));
    free_results(&many);
  }
  free_results(&first);
  free_results(&expected);
}

TEST(layer_norm_equals_its_twin) {
  static const int32_t shapes[][2] = {{1, 4},  {3, 5},   {2, 16},  {5, 17},   {4, 31},
                                      {7, 33}, {33, 63}, {65, 12}, {40, 257}, {ROWS_SHARED, 384}};
  for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
    for (int residual = 0; residual < 2; residual++)
      for (int drops = 0; drops < 2; drops++) {
        job j = make_job(shapes[i][0], shapes[i][1], residual != 0, drops ? 0.3f : 0.0f);
        check_job(&j);
        free_job(&j);
      }
}

TEST(a_row_of_one_number_normalises_to_beta) {
  job j = make_job(3, 1, false, 0.0f);
  results r = run_kernel(&j, 1);
  for (size_t i = 0; i < 3; i++)
    CHECK_NEAR(r.y[i], j.beta[0], 1e-6);
  free_results(&r);
  free_job(&j);
}

TEST(sums_and_gradients_may_take_their_inputs_place) {
  job j = make_job(9, 21, true, 0.2f);
  const size_t n = size_of(&j);
  tl_pool *pool = test_pool(2);
  results apart = run_kernel(&j, 1);
  results r = make_results(&j);
  float *x = copy_of(j.x, n), *dy = copy_of(j.dy, n);
  tlk_layer_norm_forward(pool, j.rows, j.C, x, j.residual, j.dropout, j.gamma, j.beta, 1e-5f, x, r.y, r.mean,
                         r.rstd);
  CHECK_EQ_BYTES(x, apart.sum, n * sizeof(float));
  CHECK_EQ_BYTES(r.y, apart.y, n * sizeof(float));
  tlk_layer_norm_backward(pool, j.rows, j.C, x, r.mean, r.rstd, j.gamma, j.dropout, dy, dy, r.dx, r.dgamma,
                          r.dbeta);
  CHECK_EQ_BYTES(dy, apart.dsum, n * sizeof(float));
  CHECK_EQ_BYTES(r.dx, apart.dx, n * sizeof(float));
  CHECK_EQ_BYTES(r.dgamma, apart.dgamma, (size_t)j.C * sizeof(float));
  canary_free(x);
  canary_free(dy);
  free_results(&r);
  free_results(&apart);
  tl_pool_free(pool);
  free_job(&j);
}

TEST(optional_results_may_be_left_out) {
  job j = make_job(6, 10, false, 0.0f);
  const size_t n = size_of(&j);
  tl_pool *pool = test_pool(1);
  results full = run_kernel(&j, 1);
  results r = make_results(&j);
  tlk_layer_norm_forward(pool, j.rows, j.C, j.x, NULL, j.dropout, j.gamma, j.beta, 1e-5f, NULL, r.y, NULL,
                         NULL);
  CHECK_EQ_BYTES(r.y, full.y, n * sizeof(float));
  tlk_layer_norm_backward(pool, j.rows, j.C, j.x, full.mean, full.rstd, j.gamma, j.dropout, j.dy, r.dsum,
                          NULL, NULL, NULL);
  CHECK_EQ_BYTES(r.dsum, full.dsum, n * sizeof(float));
  free_results(&r);
  free_results(&full);
  tl_pool_free(pool);
  free_job(&j);
}

TEST(a_large_mean_does_not_spoil_the_variance) {
  enum { C = 64 };
  job j = make_job(1, C, false, 0.0f);
  for (size_t c = 0; c < C; c++)
    j.x[c] = 1000.0f + (c % 2 == 0 ? 0.5f : -0.5f);
  results r = run_kernel(&j, 1);
  CHECK_NEAR(r.rstd[0], 1.0 / sqrt(0.25 + 1e-5), 1e-4);
  free_results(&r);
  free_job(&j);
}

/* Σ dy·y of the twin's forward. */
static double objective(const job *j) {
  results r = make_results(j);
  double total = 0.0;
  tlk_layer_norm_forward_scalar(j->rows, j->C, j->x, residual_of(j), j->dropout, j->gamma, j->beta, 1e-5f,
                                r.sum, r.y, r.mean, r.rstd);
  for (size_t i = 0; i < size_of(j); i++)
    total += (double)j->dy[i] * (double)r.y[i];
  free_results(&r);
  return total;
}

/* The slope over 2h errs by the outputs' rounding, some eps·√40/h, and by h² times a third derivative. */
static void check_slopes(const job *j, float *x, const float *gradient, const float *before, size_t n) {
  const float h = 0x1p-6f;
  for (size_t i = 0; i < n; i++) {
    const float middle = x[i];
    x[i] = middle + h;
    const double high = objective(j);
    x[i] = middle - h;
    const double low = objective(j);
    x[i] = middle;
    CHECK_NEAR(gradient[i] - (before ? before[i] : 0.0f), (high - low) / (2.0 * (double)h), 1e-3);
  }
}

TEST(gradients_are_slopes_with_dropout_on) {
  job j = make_job(5, 8, true, 0.25f);
  results r = run_twin(&j), start = make_results(&j); /* start: what dgamma and dbeta held before */
  check_slopes(&j, j.x, r.dx, NULL, size_of(&j));
  check_slopes(&j, j.residual, r.dsum, NULL, size_of(&j));
  check_slopes(&j, j.gamma, r.dgamma, start.dgamma, (size_t)j.C);
  check_slopes(&j, j.beta, r.dbeta, start.dbeta, (size_t)j.C);
  free_results(&start);
  free_results(&r);
  free_job(&j);
}
