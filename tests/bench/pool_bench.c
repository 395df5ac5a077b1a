/* What the thread pool costs: a barrier among threads that arrive together, an empty run, a run after the
 * workers slept. Prints JSON lines with the median of some rounds.
 *
 *   pool_bench [threads] */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/pool.h"
#include "measure.h"

enum { ROUNDS = 31, REPEATS = 2000 };

static void nap(void) {
  const struct timespec pause = {.tv_nsec = 2000000};
  nanosleep(&pause, NULL);
}

static void do_nothing(void *argument, int32_t thread, int32_t threads) {
  (void)argument, (void)thread, (void)threads;
}

static void meet_often(void *argument, int32_t thread, int32_t threads) {
  (void)thread, (void)threads;
  for (int i = 0; i < REPEATS; ++i)
    tl_pool_barrier(argument);
}

static double time_barrier(tl_pool *pool) {
  const double start = seconds_now();
  tl_pool_run(pool, meet_often, pool);
  return (seconds_now() - start) / (double)REPEATS;
}

static double time_run(tl_pool *pool) {
  const double start = seconds_now();
  for (int i = 0; i < REPEATS; ++i)
    tl_pool_run(pool, do_nothing, NULL);
  return (seconds_now() - start) / (double)REPEATS;
}

static double time_run_after_sleep(tl_pool *pool) {
  nap();
  const double start = seconds_now();
  tl_pool_run(pool, do_nothing, NULL);
  return seconds_now() - start;
}

static void report(tl_pool *pool, const char *name, double (*time_once)(tl_pool *)) {
  static samples microseconds;
  microseconds.count = 0;
  for (int i = 0; i < ROUNDS; ++i)
    samples_add(&microseconds, 1e6 * time_once(pool));
  printf("{\"kind\": \"pool\", \"name\": \"%s\", \"threads\": %d, ", name, (int)tl_pool_threads(pool));
  samples_print(&microseconds, "microseconds");
  printf("}\n");
}

int main(int argc, char **argv) {
  const int threads = argc > 1 ? atoi(argv[1]) : 2;
  tl_pool *pool = tl_pool_create(threads < 1 ? 1 : threads);
  if (pool == NULL) {
    fprintf(stderr, "pool_bench: memory is out\n");
    return 1;
  }
  report(pool, "barrier", time_barrier);
  report(pool, "run", time_run);
  report(pool, "run after sleep", time_run_after_sleep);
  tl_pool_free(pool);
  return 0;
}
