/* The matrix products against their scalar twins over odd sizes, with guarded results and any number of
 * threads. */
#include "kernels/gemm.h"

#include "kernel_testing.h"
#include "kernels/gemm_tile.h"
#include "kernels/scalar/scalar_twins.h"

typedef enum form { NT, NT_ADD, NN, TN, FORMS } form;

/* One product: its sizes, by how much rows are longer than their columns, and its operands. */
typedef struct job {
  form form;
  int32_t M, N, K, gap;
  float *left, *right, *bias, *start; /* start: what the result holds before */
  size_t result_size;
} job;

static int32_t left_ld(const job *j) { return (j->form == TN ? j->M : j->K) + j->gap; }
static int32_t right_ld(const job *j) { return (j->form == NT || j->form == NT_ADD ? j->K : j->N) + j->gap; }
static int32_t result_ld(const job *j) { return j->N + j->gap; }

static job make_job(form form, int32_t M, int32_t N, int32_t K, int32_t gap) {
  job j = {.form = form, .M = M, .N = N, .K = K, .gap = gap};
  j.left = random_floats((size_t)(form == TN ? K : M) * (size_t)left_ld(&j), 1.0f, 1);
  j.right = random_floats((size_t)(form == NT || form == NT_ADD ? N : K) * (size_t)right_ld(&j), 1.0f, 2);
  j.bias = random_floats((size_t)N, 1.0f, 3);
  j.result_size = (size_t)M * (size_t)result_ld(&j);
  j.start = random_floats(j.result_size, 1.0f, 4);
  return j;
}

static void free_job(job *j) {
  canary_free(j->left);
  canary_free(j->right);
  canary_free(j->bias);
  canary_free(j->start);
}

/* The scalar twin's result and the pool's, each in a new buffer that held `start`. */
static float *expected_of(const job *j, bool option) {
  float *c = copy_of(j->start, j->result_size);
  if (j->form == NT)
    tlk_gemm_nt_scalar(j->M, j->N, j->K, j->left, left_ld(j), j->right, right_ld(j), option ? j->bias : NULL,
                       c, result_ld(j));
  else if (j->form == NT_ADD)
    tlk_gemm_nt_add_scalar(j->M, j->N, j->K, j->left, left_ld(j), j->right, right_ld(j), c, result_ld(j));
  else if (j->form == NN)
    tlk_gemm_nn_scalar(j->M, j->N, j->K, j->left, left_ld(j), j->right, right_ld(j), c, result_ld(j), option);
  else
    tlk_gemm_tn_scalar(j->M, j->N, j->K, j->left, left_ld(j), j->right, right_ld(j), c, result_ld(j));
  return c;
}

static float *result_of(const job *j, bool option, tl_pool *pool) {
  float *c = copy_of(j->start, j->result_size);
  float *scratch = canary_alloc(tlk_gemm_scratch(j->M, j->N, j->K, tl_pool_threads(pool)));
  if (j->form == NT)
    tlk_gemm_nt(pool, j->M, j->N, j->K, j->left, left_ld(j), j->right, right_ld(j), option ? j->bias : NULL,
                c, result_ld(j), scratch);
  else if (j->form == NT_ADD)
    tlk_gemm_nt_add(pool, j->M, j->N, j->K, j->left, left_ld(j), j->right, right_ld(j), c, result_ld(j),
                    scratch);
  else if (j->form == NN)
    tlk_gemm_nn(pool, j->M, j->N, j->K, j->left, left_ld(j), j->right, right_ld(j), c, result_ld(j), option,
                scratch);
  else
    tlk_gemm_tn(pool, j->M, j->N, j->K, j->left, left_ld(j), j->right, right_ld(j), c, result_ld(j), scratch);
  canary_free(scratch);
  return c;
}

/* Checks one shape in all forms and options on the pool. With terms below 1 of random sign, partial sums stay
 * near √K, and K roundings of half an ulp of such a sum add up to about √K·√K·eps: K·eps, and a little for
 * bias and start. */
static void check_shape(tl_pool *pool, int32_t M, int32_t N, int32_t K, int32_t gap) {
  for (form f = NT; f < FORMS; f++)
    for (int option = 0; option < 2; option++) {
      job j = make_job(f, M, N, K, gap);
      float *expected = expected_of(&j, option != 0);
      float *actual = result_of(&j, option != 0, pool);
      CHECK_CLOSE_ARRAY(actual, expected, j.result_size, (K + 2) * (double)FLT_EPSILON, 0.0);
      canary_free(actual);
      canary_free(expected);
      free_job(&j);
    }
}

TEST(products_equal_their_twins_at_every_size_around_a_tile) {
  tl_pool *pool = test_pool(1);
  for (int32_t M = 1; M <= 2 * TLK_TILE_M + 1; M++)
    for (int32_t N = 1; N <= 2 * TLK_TILE_N + 1; N++)
      check_shape(pool, M, N, 1 + (M * 7 + N) % 9, (M + N) % 3);
  tl_pool_free(pool);
}

TEST(products_equal_their_twins_at_every_small_k) {
  tl_pool *pool = test_pool(2);
  for (int32_t K = 1; K <= 40; K++)
    check_shape(pool, 13, 19, K, 1);
  tl_pool_free(pool);
}

TEST(products_equal_their_twins_around_the_blocks) {
  static const int32_t sizes[][3] = {{1, 1, 385},    {7, 9, 384},    {150, 17, 383}, {3, 2049, 5},
                                     {145, 2060, 3}, {16, 384, 70},  {8, 33, 800},   {61, 130, 769},
                                     {300, 24, 31},  {129, 65, 386}, {30, 10, 400},  {23, 61, 390},
                                     {49, 64, 64}};
  for (int32_t threads = 1; threads <= 4; threads++) {
    tl_pool *pool = test_pool(threads);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
      check_shape(pool, sizes[i][0], sizes[i][1], sizes[i][2], (int32_t)(i % 2) * 5);
    tl_pool_free(pool);
  }
}

TEST(any_number_of_threads_gives_the_same_bits) {
  static const int32_t sizes[][3] = {{100, 72, 390}, {11, 200, 800}, {2, 8, 5}, {5, 5, 1}};
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
    for (form f = NT; f < FORMS; f++) {
      job j = make_job(f, sizes[i][0], sizes[i][1], sizes[i][2], 0);
      float *one = NULL;
      for (int32_t threads = 1; threads <= 5; threads++) {
        tl_pool *pool = test_pool(threads);
        float *many = result_of(&j, true, pool);
        if (one)
          CHECK_EQ_BYTES(many, one, j.result_size * sizeof(float));
        else
          one = copy_of(many, j.result_size);
        canary_free(many);
        tl_pool_free(pool);
      }
      canary_free(one);
      free_job(&j);
    }
}

TEST(an_element_does_not_depend_on_its_place_in_the_matrix) {
  /* 23 equal rows, 21 equal columns: all results must have the same bits, whatever tile they fall in. */
  enum { M = 23, N = 21, K = 403 };
  tl_pool *pool = test_pool(2);
  float *row = random_floats(K, 1.0f, 5), *column = random_floats(K, 1.0f, 6);
  float *x = canary_alloc(M * K), *w = canary_alloc(N * K), *y = canary_alloc(M * N);
  float *scratch = canary_alloc(tlk_gemm_scratch(M, N, K, 2));
  for (size_t i = 0; i < M; i++)
    memcpy(x + i * K, row, K * sizeof(float));
  for (size_t i = 0; i < N; i++)
    memcpy(w + i * K, column, K * sizeof(float));
  tlk_gemm_nt(pool, M, N, K, x, K, w, K, NULL, y, N, scratch);
  for (size_t i = 1; i < M * N; i++)
    CHECK_EQ_BYTES(&y[i], &y[0], sizeof(float));
  float *buffers[] = {row, column, x, w, y, scratch};
  for (size_t i = 0; i < sizeof buffers / sizeof *buffers; i++)
    canary_free(buffers[i]);
  tl_pool_free(pool);
}

TEST(a_row_does_not_depend_on_how_many_there_are) {
  /* Few rows take other ways through the product than many: operands in place, or changing places. */
  enum { MOST = 60, N = 75, K = 395 };
  tl_pool *pool = test_pool(2);
  for (form f = NT; f <= NN; f++) {
    job j = make_job(f, MOST, N, K, 0);
    float *all = result_of(&j, true, pool);
    for (j.M = 1; j.M < MOST; j.M++) {
      j.result_size = (size_t)j.M * N;
      float *some = result_of(&j, true, pool);
      CHECK_EQ_BYTES(some, all, j.result_size * sizeof(float));
      canary_free(some);
    }
    canary_free(all);
    free_job(&j);
  }
  tl_pool_free(pool);
}

TEST(rows_beyond_the_columns_are_left_alone) {
  enum { M = 9, N = 11, K = 6, GAP = 4 };
  tl_pool *pool = test_pool(2);
  for (form f = NT; f < FORMS; f++) {
    job j = make_job(f, M, N, K, GAP);
    float *c = result_of(&j, false, pool);
    for (size_t i = 0; i < M; i++)
      CHECK_EQ_BYTES(c + i * (N + GAP) + N, j.start + i * (N + GAP) + N, GAP * sizeof(float));
    canary_free(c);
    free_job(&j);
  }
  tl_pool_free(pool);
}

TEST(a_sum_over_nothing_is_the_bias_or_what_was_there) {
  enum { M = 3, N = 9 };
  tl_pool *pool = test_pool(2);
  float *bias = random_floats(N, 1.0f, 7), *start = random_floats(M * N, 1.0f, 8);
  float *c = copy_of(start, M * N), *scratch = canary_alloc(tlk_gemm_scratch(M, N, 0, 2) + 1);
  tlk_gemm_tn(pool, M, N, 0, start, M, start, N, c, N, scratch);
  CHECK_EQ_BYTES(c, start, M * N * sizeof(float));
  tlk_gemm_nt(pool, M, N, 0, start, 1, start, 1, bias, c, N, scratch);
  for (size_t i = 0; i < M; i++)
    CHECK_EQ_BYTES(c + i * N, bias, N * sizeof(float));
  tlk_gemm_nn(pool, M, N, 0, start, 1, start, N, c, N, false, scratch);
  for (size_t i = 0; i < M * N; i++)
    CHECK_NEAR(c[i], 0.0, 0.0);
  tlk_gemm_nt(pool, 0, N, 0, start, 1, start, 1, bias, c, N, scratch); /* nothing to write */
  float *buffers[] = {bias, start, c, scratch};
  for (size_t i = 0; i < sizeof buffers / sizeof *buffers; i++)
    canary_free(buffers[i]);
  tl_pool_free(pool);
}

TEST(a_nan_reaches_its_row_and_no_other) {
  enum { M = 12, N = 16, K = 20, BAD = 7 };
  tl_pool *pool = test_pool(1);
  job j = make_job(NT, M, N, K, 0);
  j.left[BAD * K + 3] = NAN;
  float *c = result_of(&j, false, pool);
  for (size_t i = 0; i < M * N; i++)
    CHECK((isnan(c[i]) != 0) == (i / N == BAD));
  canary_free(c);
  free_job(&j);
  tl_pool_free(pool);
}

TEST(scratch_grows_with_every_size_and_reports_overflow) {
  const size_t some = tlk_gemm_scratch(100, 200, 300, 2);
  CHECK(tlk_gemm_scratch(101, 200, 300, 2) >= some);
  CHECK(tlk_gemm_scratch(100, 201, 300, 2) >= some);
  CHECK(tlk_gemm_scratch(100, 200, 301, 2) >= some);
  CHECK(tlk_gemm_scratch(100, 200, 300, 3) > some);
  CHECK(tlk_gemm_scratch(INT32_MAX, INT32_MAX, INT32_MAX, 64) < (size_t)64 << 20);
  if (sizeof(size_t) == 4)
    CHECK(tlk_gemm_scratch(1000, 1000, 1000, INT32_MAX) == SIZE_MAX);
}
