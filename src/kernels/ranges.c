/* Dividing independent items among the threads of a pool. */
#include "kernels/ranges.h"

#include <stdint.h>

/* Some 5 µs of one thread's work; a run on the pool costs 1 to 3 µs. */
enum { WORTH_SHARING = 16384 };

typedef struct ranges {
  size_t n;
  size_t grain;
  tlk_range_work work;
  const void *arguments;
} ranges;

static void run_range(void *argument, int32_t thread, int32_t threads) {
  const ranges *run = argument;
  int64_t begin, end;
  tl_pool_share((int64_t)run->n, (int64_t)run->grain, thread, threads, &begin, &end);
  if (begin < end)
    run->work(run->arguments, (size_t)begin, (size_t)end);
}

void tlk_run_ranges(tl_pool *pool, size_t n, size_t grain, size_t floats, tlk_range_work work,
                    const void *arguments) {
  ranges run = {n, grain, work, arguments};
  if (floats < WORTH_SHARING)
    run_range(&run, 0, 1);
  else
    tl_pool_run(pool, run_range, &run);
}
