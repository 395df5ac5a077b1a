/* How near the matrix products come to what the machine's vector units can do, in one process; prints JSON
 * lines.
 *
 *   gemm_bench [threads] [seconds a shape]
 *
 * A peak loop (multiply-adds on registers only, on every thread) and the product take turns, and each shape
 * compares the best of both; so a busy machine or a changing clock disturbs the ratio little. Shapes: the
 * dense layers of MiniLM with 1024 tokens, forward (nt), input gradient (nn), weight gradient (tn); then
 * small ones. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "kernels/gemm.h"
#include "kernels/simd.h"

static double seconds_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

enum { MAX_THREADS = 64, PEAK_ROUNDS = 20000 /* at least */ };

/* Each thread's numbers, a cache line apart. They come from and go to memory, so that the loop is not
 * computed away. */
typedef struct peak_numbers {
  size_t rounds;
  float at[MAX_THREADS][16];
} peak_numbers;

/* The peak loop: chains enough to hide the latency, few enough that all stay in registers. */
#if defined(__wasm_relaxed_simd__)
enum { CHAINS = 10 };

static tl_v4 peak_loop(tl_v4 a, tl_v4 b, size_t rounds) {
  tl_v4 sums[CHAINS];
  for (int i = 0; i < CHAINS; i++)
    sums[i] = v4_splat((float)i);
  for (size_t round = 0; round < rounds; round++) {
#pragma GCC unroll 16
    for (int i = 0; i < CHAINS; i++)
      sums[i] = v4_madd(a, b, sums[i]);
  }
  for (int i = 1; i < CHAINS; i++)
    sums[0] += sums[i];
  return sums[0];
}
#else
/* Where multiplying and adding are two instructions: as many of each, in chains of their own. */
enum { CHAINS = 6 };

static tl_v4 peak_loop(tl_v4 a, tl_v4 b, size_t rounds) {
  tl_v4 sums[CHAINS], products[CHAINS];
  for (int i = 0; i < CHAINS; i++)
    sums[i] = products[i] = v4_splat((float)i);
  for (size_t round = 0; round < rounds; round++) {
#pragma GCC unroll 16
    for (int i = 0; i < CHAINS; i++) {
      sums[i] += a;
      products[i] *= b;
    }
  }
  for (int i = 1; i < CHAINS; i++)
    sums[0] += sums[i] + products[i];
  return sums[0];
}
#endif

static void peak_task(void *argument, int32_t thread, int32_t threads) {
  (void)threads;
  peak_numbers *numbers = argument;
  float *mine = numbers->at[thread];
  const float one = 1.0f + mine[0]; /* products stay as they are: no denormals, no infinities */
  mine[0] = 0.0f * v4_sum(peak_loop(v4_splat(one), v4_splat(one), numbers->rounds));
}

/* GFLOP/s of the peak loop, run for about as many operations as the product has: what disturbs one disturbs
 * both. */
static double peak_once(tl_pool *pool, double flops) {
  static peak_numbers numbers;
  const double flops_of_round = 2.0 * (double)TL_LANES * (double)CHAINS * tl_pool_threads(pool);
  const double rounds = flops / flops_of_round;
  numbers.rounds = rounds > (double)PEAK_ROUNDS ? (size_t)rounds : PEAK_ROUNDS;
  const double start = seconds_now();
  tl_pool_run(pool, peak_task, &numbers);
  return (double)numbers.rounds * flops_of_round / (seconds_now() - start) * 1e-9;
}

typedef enum form { NT, NN, TN } form;

typedef struct shape {
  form form;
  int32_t M, N, K;
} shape;

static const char *const form_names[] = {"nt", "nn", "tn"};

static const shape shapes[] = {
    {NT, 1024, 384, 384}, {NT, 1024, 1152, 384}, {NT, 1024, 1536, 384}, {NT, 1024, 384, 1536},
    {NN, 1024, 384, 384}, {NN, 1024, 384, 1152}, {NN, 1024, 384, 1536}, {NN, 1024, 1536, 384},
    {TN, 384, 384, 1024}, {TN, 1152, 384, 1024}, {TN, 1536, 384, 1024}, {TN, 384, 1536, 1024},
    {NT, 512, 1536, 384}, {NT, 160, 128, 128},   {NN, 160, 128, 128},   {TN, 128, 128, 160},
    {NT, 16, 1536, 384},  {NT, 8, 384, 384},     {NN, 16, 384, 1536},   {TN, 384, 1536, 16},
};

static void run(tl_pool *pool, const shape *s, const float *a, const float *b, float *c, float *scratch) {
  if (s->form == NT)
    tlk_gemm_nt(pool, s->M, s->N, s->K, a, s->K, b, s->K, NULL, c, s->N, scratch);
  else if (s->form == NN)
    tlk_gemm_nn(pool, s->M, s->N, s->K, a, s->K, b, s->N, c, s->N, false, scratch);
  else
    tlk_gemm_tn(pool, s->M, s->N, s->K, a, s->M, b, s->N, c, s->N, scratch);
}

static float *random_floats(size_t n) {
  float *x = malloc(n * sizeof(float));
  uint32_t state = 1;
  for (size_t i = 0; x && i < n; i++) {
    state = state * 1664525u + 1013904223u;
    x[i] = (float)(state >> 8) * 0x1p-23f - 1.0f;
  }
  return x;
}

/* Measures one shape and prints its line. False if memory is out. */
static bool measure(tl_pool *pool, const shape *s, double seconds) {
  const int32_t threads = tl_pool_threads(pool);
  const double flops = 2.0 * s->M * s->N * s->K;
  float *a = random_floats((size_t)s->M * (size_t)s->K);
  float *b = random_floats((size_t)s->N * (size_t)s->K);
  float *c = random_floats((size_t)s->M * (size_t)s->N);
  float *scratch = malloc(tlk_gemm_scratch(s->M, s->N, s->K, threads) * sizeof(float));
  const bool ready = a && b && c && scratch;
  if (ready) {
    double best_peak = 0.0, best = 0.0;
    const double end = seconds_now() + seconds;
    while (seconds_now() < end) {
      const double peak = peak_once(pool, flops);
      best_peak = peak > best_peak ? peak : best_peak;
      const double start = seconds_now();
      run(pool, s, a, b, c, scratch);
      const double speed = flops / (seconds_now() - start) * 1e-9;
      best = speed > best ? speed : best;
    }
    printf("{\"kind\": \"gemm\", \"form\": \"%s\", \"M\": %d, \"N\": %d, \"K\": %d, \"threads\": %d, "
           "\"gflops\": %.2f, "
           "\"peak_gflops\": %.2f}\n",
           form_names[s->form], (int)s->M, (int)s->N, (int)s->K, (int)threads, best, best_peak);
    fflush(stdout);
  }
  free(a);
  free(b);
  free(c);
  free(scratch);
  return ready;
}

int main(int count, char **arguments) {
  const int threads = count > 1 ? atoi(arguments[1]) : 1;
  const double seconds = count > 2 ? atof(arguments[2]) : 0.5;
  if (threads < 1 || threads > MAX_THREADS || !(seconds > 0.0)) {
    fprintf(stderr, "usage: gemm_bench [threads, 1 to %d] [seconds a shape]\n", MAX_THREADS);
    return 2;
  }
  tl_pool *pool = tl_pool_create(threads);
  bool ready = pool != NULL;
  for (size_t i = 0; ready && i < sizeof shapes / sizeof *shapes; i++)
    ready = measure(pool, &shapes[i], seconds);
  tl_pool_free(pool);
  if (!ready)
    fprintf(stderr, "gemm_bench: memory is out\n");
  return ready ? 0 : 1;
}
