/* How near the matrix products come to what the machine's vector units can do, in one process; prints JSON
 * lines.
 *
 *   gemm_bench [threads] [seconds a shape] [nt|nn|tn M N K]...
 *
 * The peak loop and the product take turns for about equally long, and `share` is the median of the ratios of
 * neighbours; so a busy machine or a changing clock disturbs it little. A small product is repeated within
 * its turn, since clocks tick in microseconds; it then finds its operands in the caches. Where no shapes are
 * given: the dense layers of MiniLM with 1024 tokens, forward (nt), input gradient (nn), weight gradient
 * (tn); then small ones. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/gemm.h"
#include "measure.h"
#include "tunelab/context.h"

typedef enum form { NT, NN, TN } form;

typedef struct shape {
  form form;
  int32_t M, N, K;
} shape;

static const char *const form_names[] = {"nt", "nn", "tn"};

/* A turn lasts for at least as many FLOPs: about a millisecond. */
static const double turn_flops = 5e7;

static const shape default_shapes[] = {
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
  const double once = 2.0 * s->M * s->N * s->K;
  const int repeats = once < turn_flops ? (int)(turn_flops / once) + 1 : 1;
  const double flops = once * repeats;
  float *a = random_floats((size_t)s->M * (size_t)s->K);
  float *b = random_floats((size_t)s->N * (size_t)s->K);
  float *c = random_floats((size_t)s->M * (size_t)s->N);
  float *scratch = malloc(tlk_gemm_scratch(s->M, s->N, s->K, threads) * sizeof(float));
  const bool ready = a && b && c && scratch;
  if (ready) {
    static samples speeds, shares, peaks;
    speeds.count = shares.count = peaks.count = 0;
    const double end = seconds_now() + seconds;
    while (seconds_now() < end) {
      const double peak = peak_gflops(pool, flops);
      const double start = seconds_now();
      for (int i = 0; i < repeats; i++)
        run(pool, s, a, b, c, scratch);
      const double speed = flops / (seconds_now() - start) * 1e-9;
      samples_add(&speeds, speed);
      samples_add(&shares, speed / peak);
      samples_add(&peaks, peak);
    }
    printf("{\"kind\": \"gemm\", \"form\": \"%s\", \"M\": %d, \"N\": %d, \"K\": %d, \"threads\": %d, ",
           form_names[s->form], (int)s->M, (int)s->N, (int)s->K, (int)threads);
    samples_print(&speeds, "gflops");
    printf(", ");
    samples_print(&shares, "share");
    printf(", ");
    samples_print(&peaks, "peak_gflops");
    printf("}\n");
    fflush(stdout);
  }
  free(a);
  free(b);
  free(c);
  free(scratch);
  return ready;
}

/* Reads "nt", "M", "N", "K". False if that is no shape. */
static bool read_shape(char **words, shape *s) {
  for (int f = NT; f <= TN; f++)
    if (strcmp(words[0], form_names[f]) == 0) {
      *s = (shape){(form)f, atoi(words[1]), atoi(words[2]), atoi(words[3])};
      return s->M > 0 && s->N > 0 && s->K > 0;
    }
  return false;
}

static int usage(void) {
  fprintf(stderr, "usage: gemm_bench [threads, 1 to %d] [seconds a shape] [nt|nn|tn M N K]...\n",
          TL_MAX_THREADS);
  return 2;
}

int main(int count, char **arguments) {
  const int threads = count > 1 ? atoi(arguments[1]) : 1;
  const double seconds = count > 2 ? atof(arguments[2]) : 0.5;
  const int words = count > 3 ? count - 3 : 0; /* of shapes, four each */
  if (threads < 1 || threads > TL_MAX_THREADS || !(seconds > 0.0) || words % 4 != 0)
    return usage();
  const int shapes = words ? words / 4 : (int)(sizeof default_shapes / sizeof *default_shapes);
  tl_pool *pool = tl_pool_create(threads);
  bool ready = pool != NULL;
  for (int i = 0; ready && i < shapes; i++) {
    shape s = default_shapes[words ? 0 : i];
    if (words && !read_shape(arguments + 3 + 4 * i, &s)) {
      tl_pool_free(pool);
      return usage();
    }
    ready = measure(pool, &s, seconds);
  }
  tl_pool_free(pool);
  if (!ready)
    fprintf(stderr, "gemm_bench: memory is out\n");
  return ready ? 0 : 1;
}
