/* Softmax and attention against their scalar twins: odd lengths, heads and strides, dropout, [CLS]-only
 * queries, windows and biases by distance, and slopes. */
#include "kernels/attention.h"

#include "kernel_testing.h"
#include "kernels/scalar/scalar_twins.h"
#include "kernels/softmax.h"

TEST(softmax_rows_equal_their_twin) {
  for (int32_t n = 1; n <= 70; n++) {
    const size_t size = (size_t)n;
    float *x = random_floats(size, 20.0f, (uint32_t)n), *scores = copy_of(x, size),
          *expected = copy_of(x, size);
    const float lse = tlk_softmax_row(n, 0.4f, x);
    /* scores up to 8: their rounding, 8·eps, is a relative error of the exponentials */
    CHECK_NEAR(lse, tlk_softmax_row_scalar(n, 0.4f, expected), 2e-6);
    CHECK_CLOSE_ARRAY(x, expected, size, 1e-7, 3e-6);
    tlk_softmax_row_from_lse(n, 0.4f, lse, scores);
    CHECK_CLOSE_ARRAY(scores, expected, size, 1e-7, 3e-6);
    canary_free(x);
    canary_free(scores);
    canary_free(expected);
  }
}

TEST(softmax_neither_overflows_nor_hides_nan) {
  float large[3] = {1e4f, 1e4f, -1e4f}, bad[5] = {0.0f, 1.0f, 2.0f, 3.0f, NAN};
  CHECK_NEAR(tlk_softmax_row(3, 1.0f, large), 1e4 + log(2.0), 1e-3);
  CHECK_NEAR(large[0], 0.5, 1e-6);
  CHECK_NEAR(large[2], 0.0, 0.0);
  CHECK(isnan(tlk_softmax_row(5, 1.0f, bad)));
  for (int i = 0; i < 5; i++)
    CHECK(isnan(bad[i]));
}

enum { MAX_B = 6, MAX_KEYS = 1024 };

/* One attention job: lengths of its sequences, and operands whose rows are `gap` floats longer than H·D. */
typedef struct job {
  tlk_attention shape;
  int32_t q_offsets[MAX_B + 1], kv_offsets[MAX_B + 1];
  int32_t columns[MAX_KEYS];
  int32_t ld, longest_q, longest_k;
  size_t q_size, kv_size, lse_size, bias_size, dbias_size;
  float *q, *k, *v, *dout, *bias;
} job;

static job make_job(int32_t B, int32_t H, int32_t D, const int32_t *queries, const int32_t *keys, int32_t gap,
                    float p) {
  job j = {.shape = {.B = B,
                     .H = H,
                     .D = D,
                     .scale = 1.0f / sqrtf((float)D),
                     .dropout = tlk_dropout_make(5, 6, 7, p)},
           .ld = H * D + gap};
  for (int32_t b = 0; b < B; b++) {
    j.q_offsets[b + 1] = j.q_offsets[b] + queries[b];
    j.kv_offsets[b + 1] = j.kv_offsets[b] + keys[b];
    j.longest_q = queries[b] > j.longest_q ? queries[b] : j.longest_q;
    j.longest_k = keys[b] > j.longest_k ? keys[b] : j.longest_k;
  }
  j.q_size = (size_t)j.q_offsets[B] * (size_t)j.ld;
  j.kv_size = (size_t)j.kv_offsets[B] * (size_t)j.ld;
  j.lse_size = (size_t)j.q_offsets[B] * (size_t)H;
  j.q = random_floats(j.q_size, 2.0f, 1);
  j.k = random_floats(j.kv_size, 2.0f, 2);
  j.v = random_floats(j.kv_size, 1.0f, 3);
  j.dout = random_floats(j.q_size, 1.0f, 4);
  for (int32_t b = 0; b < B; b++)
    for (int32_t i = 0; i < keys[b]; i++)
      j.columns[j.kv_offsets[b] + i] = i;
  return j;
}

/* Leaves out of each sequence's text the column of token `token`, and another one two tokens on. */
static void leave_gaps(job *j, int32_t token) {
  for (int32_t b = 0; b < j->shape.B; b++)
    for (int32_t i = j->kv_offsets[b]; i < j->kv_offsets[b + 1]; i++)
      j->columns[i] += (i - j->kv_offsets[b] >= token) + (i - j->kv_offsets[b] >= token + 2);
}

/* Adds a bias that reaches beyond the longest text. */
static void add_bias(job *j) {
  j->shape.reach = j->longest_k + 3;
  j->bias_size = (size_t)j->shape.H * (2 * (size_t)j->shape.reach + 1);
  j->dbias_size = (size_t)j->shape.B * j->bias_size;
  j->bias = random_floats(j->bias_size, 2.0f, 10);
}

static void free_job(job *j) {
  canary_free(j->q);
  canary_free(j->k);
  canary_free(j->v);
  canary_free(j->dout);
  canary_free(j->bias);
}

/* The shape, its pointers set: a job is copied about. */
static tlk_attention shape_of(const job *j) {
  tlk_attention shape = j->shape;
  shape.q_offsets = j->q_offsets;
  shape.kv_offsets = j->kv_offsets;
  shape.columns = j->columns;
  shape.bias = j->bias;
  return shape;
}

typedef struct results {
  float *out, *lse, *dq, *dk, *dv, *dbias; /* dbias: NULL without a bias */
} results;

static void free_results(results *r) {
  float *buffers[] = {r->out, r->lse, r->dq, r->dk, r->dv, r->dbias};
  for (size_t i = 0; i < sizeof buffers / sizeof *buffers; i++)
    canary_free(buffers[i]);
}

/* Results start as a pattern, so that the gaps between rows can be seen to stay. */
static results make_results(const job *j) {
  return (results){
      random_floats(j->q_size, 1.0f, 5),  random_floats(j->lse_size, 1.0f, 6),
      random_floats(j->q_size, 1.0f, 7),  random_floats(j->kv_size, 1.0f, 8),
      random_floats(j->kv_size, 1.0f, 9), j->bias ? random_floats(j->dbias_size, 1.0f, 11) : NULL};
}

static results run_twin(const job *j) {
  const tlk_attention shape = shape_of(j);
  const int32_t ld = j->ld;
  results r = make_results(j);
  tlk_attention_forward_scalar(&shape, j->q, ld, j->k, ld, j->v, ld, r.out, ld, r.lse);
  tlk_attention_backward_scalar(&shape, j->q, ld, j->k, ld, j->v, ld, r.out, ld, j->dout, ld, r.lse, r.dq, ld,
                                r.dk, ld, r.dv, ld, r.dbias);
  return r;
}

static results run_kernel(const job *j, int32_t threads) {
  const tlk_attention shape = shape_of(j);
  const int32_t ld = j->ld;
  tl_pool *pool = test_pool(threads);
  const int32_t count = tl_pool_threads(pool);
  float *scratch = canary_alloc(tlk_attention_scratch(j->longest_q, j->longest_k, shape.D, count));
  results r = make_results(j);
  tlk_attention_forward(pool, &shape, j->q, ld, j->k, ld, j->v, ld, r.out, ld, r.lse, scratch);
  tlk_attention_backward(pool, &shape, j->q, ld, j->k, ld, j->v, ld, r.out, ld, j->dout, ld, r.lse, r.dq, ld,
                         r.dk, ld, r.dv, ld, r.dbias, scratch);
  canary_free(scratch);
  tl_pool_free(pool);
  return r;
}

/* Scores up to 2·2·√D: their rounding is a relative error of the probabilities of some 20·eps; sums over keys
 * or queries of numbers below 2 average it out. 2e-5 is ten times that, and a thousandth of what a wrong term
 * would do. */
static void check_job(const job *j) {
  results expected = run_twin(j), first = run_kernel(j, 1);
  CHECK_CLOSE_ARRAY(first.out, expected.out, j->q_size, 2e-5, 1e-5);
  CHECK_CLOSE_ARRAY(first.lse, expected.lse, j->lse_size, 1e-5, 0.0);
  CHECK_CLOSE_ARRAY(first.dq, expected.dq, j->q_size, 2e-5, 1e-5);
  CHECK_CLOSE_ARRAY(first.dk, expected.dk, j->kv_size, 2e-5, 1e-5);
  CHECK_CLOSE_ARRAY(first.dv, expected.dv, j->kv_size, 2e-5, 1e-5);
  if (j->bias)
    CHECK_CLOSE_ARRAY(first.dbias, expected.dbias, j->dbias_size, 2e-5, 1e-5);
  for (int32_t threads = 2; threads <= 4; threads++) {
    results many = run_kernel(j, threads);
    CHECK_EQ_BYTES(many.out, first.out, j->q_size * sizeof(float));
    CHECK_EQ_BYTES(many.lse, first.lse, j->lse_size * sizeof(float));
    CHECK_EQ_BYTES(many.dq, first.dq, j->q_size * sizeof(float));
    CHECK_EQ_BYTES(many.dk, first.dk, j->kv_size * sizeof(float));
    CHECK_EQ_BYTES(many.dv, first.dv, j->kv_size * sizeof(float));
    if (j->bias)
      CHECK_EQ_BYTES(many.dbias, first.dbias, j->dbias_size * sizeof(float));
    free_results(&many);
  }
  free_results(&first);
  free_results(&expected);
}

static void check(int32_t B, int32_t H, int32_t D, const int32_t *queries, const int32_t *keys, int32_t gap) {
  for (int drops = 0; drops < 2; drops++) {
    job j = make_job(B, H, D, queries, keys, gap, drops ? 0.2f : 0.0f);
    check_job(&j);
    free_job(&j);
  }
}

TEST(packed_sequences_of_odd_lengths_equal_their_twin) {
  const int32_t lengths[] = {1, 2, 13, 7, 30, 5};
  check(6, 3, 8, lengths, lengths, 0);
  check(6, 2, 5, lengths, lengths, 3);
  check(1, 1, 1, lengths, lengths, 0);
  check(3, 4, 32, lengths + 2, lengths + 2, 32);
}

TEST(more_queries_than_a_block_equal_their_twin) {
  const int32_t lengths[] = {121, 250, 3};
  check(3, 2, 16, lengths, lengths, 0);
}

static void check_window(int32_t window, int32_t B, int32_t D, const int32_t *queries, const int32_t *keys,
                         bool gaps) {
  for (int drops = 0; drops < 2; drops++) {
    job j = make_job(B, 2, D, queries, keys, 1, drops ? 0.2f : 0.0f);
    j.shape.window = window;
    if (gaps)
      leave_gaps(&j, 2);
    check_job(&j);
    free_job(&j);
  }
}

TEST(a_window_equals_its_twin_below_within_and_beyond_a_block) {
  const int32_t lengths[] = {121, 250, 3, 1, 64, 17};
  check_window(1, 6, 8, lengths, lengths, false);
  check_window(7, 6, 5, lengths, lengths, false);
  check_window(64, 3, 16, lengths, lengths, false);
  check_window(300, 3, 8, lengths, lengths, false);
}

/* The work does not grow with the square of the length: what is farther from a block of queries than its
 * window is not even read, or a NaN there would show. */
TEST(keys_beyond_a_window_are_not_read) {
  enum { TOKENS = 1000, WINDOW = 8, BLOCK = 30, BAD = 500, LD = 16 + 1 };
  const int32_t length[] = {TOKENS};
  job j = make_job(1, 2, 8, length, length, 1, 0.0f);
  j.shape.window = WINDOW;
  for (size_t c = 0; c < 16; c++)
    j.k[BAD * LD + c] = j.v[BAD * LD + c] = NAN;
  results r = run_kernel(&j, 1);
  int32_t touched = 0;
  for (int32_t i = 0; i < TOKENS; i++) {
    bool bad = isnan(r.out[i * LD]) || isnan(r.dq[i * LD]) || isnan(r.dk[i * LD]) || isnan(r.dv[i * LD]);
    CHECK(!bad || abs(i - BAD) <= BLOCK + 2 * WINDOW);
    touched += bad;
  }
  CHECK(touched >= 2 * WINDOW + 1);
  free_results(&r);
  free_job(&j);
}

TEST(a_window_goes_by_columns_where_tokens_are_left_out) {
  const int32_t lengths[] = {130, 5, 9};
  check_window(3, 3, 8, lengths, lengths, true);
}

TEST(one_query_sees_its_window_alone_and_the_others_get_zero_gradients) {
  const int32_t ones[] = {1, 1}, keys[] = {9, 40};
  check_window(4, 2, 8, ones, keys, false);
  job j = make_job(2, 1, 4, ones, keys, 0, 0.0f);
  j.shape.window = 4;
  results r = run_kernel(&j, 1);
  CHECK(r.dv[4 * 4] != 0.0f);
  for (size_t i = 5 * 4; i < 9 * 4; i++) {
    CHECK_NEAR(r.dk[i], 0.0, 0.0);
    CHECK_NEAR(r.dv[i], 0.0, 0.0);
  }
  free_results(&r);
  free_job(&j);
}

TEST(a_bias_by_distance_equals_its_twin) {
  const int32_t lengths[] = {121, 13, 1, 30}, ones[] = {1, 1, 1, 1};
  for (int gaps = 0; gaps < 2; gaps++)
    for (int few = 0; few < 2; few++) {
      job j = make_job(4, 3, 8, few ? ones : lengths, lengths, 0, gaps ? 0.2f : 0.0f);
      if (gaps)
        leave_gaps(&j, 4);
      add_bias(&j);
      check_job(&j);
      free_job(&j);
    }
}

TEST(one_query_a_sequence_equals_its_twin) {
  const int32_t ones[] = {1, 1, 1, 1}, keys[] = {9, 1, 40, 17};
  check(4, 3, 8, ones, keys, 2);
}

TEST(a_sequence_without_queries_gets_zero_gradients) {
  const int32_t queries[] = {2, 0, 1}, keys[] = {5, 6, 4};
  check(3, 2, 4, queries, keys, 1);
  job j = make_job(3, 2, 4, queries, keys, 0, 0.0f);
  results r = run_kernel(&j, 2);
  for (size_t i = 5 * 8; i < 11 * 8; i++) {
    CHECK_NEAR(r.dk[i], 0.0, 0.0);
    CHECK_NEAR(r.dv[i], 0.0, 0.0);
  }
  free_results(&r);
  free_job(&j);
}

/* Σ dout·out of the twin's forward. */
static double objective(const job *j) {
  const tlk_attention shape = shape_of(j);
  results r = make_results(j);
  double sum = 0.0;
  tlk_attention_forward_scalar(&shape, j->q, j->ld, j->k, j->ld, j->v, j->ld, r.out, j->ld, r.lse);
  for (size_t i = 0; i < j->q_size; i++)
    sum += (double)j->dout[i] * (double)r.out[i];
  free_results(&r);
  return sum;
}

/* Compares a gradient with the objective's slope at every number of `x`. The slope over 2h errs by the
 * outputs' rounding, about √48·eps/h, and by h² times a third derivative. */
static void check_slopes(const job *j, float *x, const float *gradient, size_t n) {
  const float h = 0x1p-6f;
  for (size_t i = 0; i < n; i++) {
    const float middle = x[i];
    x[i] = middle + h;
    const double high = objective(j);
    x[i] = middle - h;
    const double low = objective(j);
    x[i] = middle;
    CHECK_NEAR(gradient[i], (high - low) / (2.0 * (double)h), 1e-3);
  }
}

TEST(gradients_are_slopes_with_dropout_on) {
  const int32_t queries[] = {4, 1}, keys[] = {4, 3};
  job j = make_job(2, 2, 5, queries, keys, 0, 0.3f);
  results r = run_twin(&j);
  check_slopes(&j, j.q, r.dq, j.q_size);
  check_slopes(&j, j.k, r.dk, j.kv_size);
  check_slopes(&j, j.v, r.dv, j.kv_size);
  free_results(&r);
  free_job(&j);
}

TEST(gradients_are_slopes_with_a_window_and_a_bias) {
  const int32_t lengths[] = {6, 3};
  job j = make_job(2, 2, 4, lengths, lengths, 0, 0.3f);
  j.shape.window = 2;
  results narrow = run_twin(&j);
  check_slopes(&j, j.k, narrow.dk, j.kv_size);
  check_slopes(&j, j.v, narrow.dv, j.kv_size);
  free_results(&narrow);
  j.shape.window = 0;
  add_bias(&j);
  results r = run_twin(&j);
  check_slopes(&j, j.q, r.dq, j.q_size);
  for (size_t i = 0; i < j.bias_size; i++) /* both sequences read the one bias */
    r.dbias[i] += r.dbias[j.bias_size + i];
  check_slopes(&j, j.bias, r.dbias, j.bias_size);
  free_results(&r);
  free_job(&j);
}

TEST(scratch_grows_with_every_size) {
  const size_t some = tlk_attention_scratch(60, 70, 32, 2);
  CHECK(tlk_attention_scratch(61, 70, 32, 2) >= some);
  CHECK(tlk_attention_scratch(60, 90, 32, 2) > some);
  CHECK(tlk_attention_scratch(60, 70, 33, 2) >= some);
  CHECK(tlk_attention_scratch(60, 70, 32, 3) > some);
  if (sizeof(size_t) == 4)
    CHECK(tlk_attention_scratch(120, INT32_MAX, 32, 2) == SIZE_MAX);
}
