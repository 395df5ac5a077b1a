/* The thread pool: every thread runs, barriers order memory, nobody is forgotten asleep, shares cover
 * everything once. */
#include "base/pool.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "harness.h"

static const int32_t thread_counts[] = {1, 2, 3, 4};
enum { THREAD_COUNTS = sizeof thread_counts / sizeof *thread_counts, MOST = 4 };

/* One pool for each count, made when first asked for and freed by the last test: a WebAssembly program gets
 * the threads of a freed pool back only when it returns to its event loop, which a C program does not. */
static tl_pool *pools[THREAD_COUNTS];

static tl_pool *shared_pool(int t) {
  if (pools[t] == NULL)
    pools[t] = tl_pool_create(thread_counts[t]);
  return pools[t];
}

typedef struct visit {
  _Atomic int32_t count[MOST];
  int32_t threads;
} visit;

static void count_visit(void *argument, int32_t thread, int32_t threads) {
  visit *visits = argument;
  atomic_fetch_add(&visits->count[thread], 1);
  if (thread == 0)
    visits->threads = threads;
}

TEST(a_run_calls_the_task_once_on_every_thread) {
  for (int t = 0; t < THREAD_COUNTS; ++t) {
    tl_pool *pool = shared_pool(t);
    REQUIRE(pool != NULL);
    const int32_t threads = tl_pool_threads(pool);
    CHECK_EQ_INT(threads, TL_THREADS ? thread_counts[t] : 1);
    visit visits = {0};
    tl_pool_run(pool, count_visit, &visits);
    CHECK_EQ_INT(visits.threads, threads);
    for (int32_t i = 0; i < MOST; ++i)
      CHECK_EQ_INT(visits.count[i], i < threads);
  }
}

/* Plain (not atomic) cells: only the barrier makes one thread's writes visible to the others. */
typedef struct ring {
  tl_pool *pool;
  int64_t cells[MOST];
  int64_t wrong[MOST];
  int32_t rounds;
} ring;

static void pass_around(void *argument, int32_t thread, int32_t threads) {
  ring *r = argument;
  for (int32_t round = 0; round < r->rounds; ++round) {
    r->cells[thread] = (int64_t)round * 10 + thread;
    tl_pool_barrier(r->pool);
    const int32_t neighbour = (thread + 1) % threads;
    r->wrong[thread] += r->cells[neighbour] != (int64_t)round * 10 + neighbour;
    tl_pool_barrier(r->pool);
  }
}

TEST(what_was_written_before_a_barrier_is_seen_after_it) {
  for (int t = 0; t < THREAD_COUNTS; ++t) {
    ring r = {.pool = shared_pool(t), .rounds = 2000};
    REQUIRE(r.pool != NULL);
    tl_pool_run(r.pool, pass_around, &r);
    for (int i = 0; i < MOST; ++i)
      CHECK_EQ_INT(r.wrong[i], 0);
  }
}

static void nap(long microseconds) {
  const struct timespec time = {.tv_nsec = microseconds * 1000};
  nanosleep(&time, NULL);
}

/* One thread comes late now and then, so that the others sleep at some barriers and spin at others. */
static void dawdle(void *argument, int32_t thread, int32_t threads) {
  ring *r = argument;
  for (int32_t round = 0; round < r->rounds; ++round) {
    if (round % threads == thread && round % 3 == 0)
      nap(300);
    r->cells[thread] += round;
    tl_pool_barrier(r->pool);
  }
}

TEST(sleeping_threads_are_woken_at_barriers_and_between_runs) {
  for (int t = 0; t < THREAD_COUNTS; ++t) {
    ring r = {.pool = shared_pool(t), .rounds = 60};
    REQUIRE(r.pool != NULL);
    const int runs = 5;
    for (int run = 0; run < runs; ++run) {
      tl_pool_run(r.pool, dawdle, &r);
      nap(2000); /* long enough for the workers to fall asleep before the next run */
    }
    for (int32_t i = 0; i < tl_pool_threads(r.pool); ++i)
      CHECK_EQ_INT(r.cells[i], runs * 60 * 59 / 2);
  }
}

TEST(many_short_runs_lose_nothing) {
  for (int t = 0; t < THREAD_COUNTS; ++t) {
    tl_pool *pool = shared_pool(t);
    REQUIRE(pool != NULL);
    visit visits = {0};
    for (int run = 0; run < 5000; ++run)
      tl_pool_run(pool, count_visit, &visits);
    for (int32_t i = 0; i < tl_pool_threads(pool); ++i)
      CHECK_EQ_INT(visits.count[i], 5000);
  }
}

TEST(shares_cover_every_item_once_in_whole_grains) {
  const int64_t sizes[] = {0, 1, 2, 7, 8, 63, 64, 65, 1000, INT64_MAX};
  const int64_t grains[] = {1, 3, 8, 64, 5000};
  for (size_t s = 0; s < sizeof sizes / sizeof *sizes; ++s)
    for (size_t g = 0; g < sizeof grains / sizeof *grains; ++g)
      for (int32_t threads = 1; threads <= 9; ++threads) {
        const int64_t n = sizes[s], grain = grains[g];
        int64_t covered = 0, least = INT64_MAX, most = 0;
        for (int32_t thread = 0; thread < threads; ++thread) {
          int64_t begin, end;
          tl_pool_share(n, grain, thread, threads, &begin, &end);
          CHECK_EQ_INT(begin, covered);
          CHECK(end >= begin && end <= n);
          CHECK(end == n || end % grain == 0);
          const int64_t units = (end - begin) / grain + ((end - begin) % grain != 0);
          least = units < least ? units : least;
          most = units > most ? units : most;
          covered = end;
        }
        CHECK_EQ_INT(covered, n);
        CHECK(most - least <= 1);
      }
}

TEST(pools_end_whether_their_threads_spin_or_sleep) {
  for (int t = 0; t < THREAD_COUNTS; ++t) {
    if (t % 2 == 0)
      nap(2000);
    tl_pool_free(pools[t]);
    pools[t] = NULL;
  }
  tl_pool_free(NULL);
}

/* In WebAssembly most of these get fewer threads than they ask for, and must run on those. */
TEST(pools_come_and_go_and_take_the_threads_they_get) {
  for (int i = 0; i < 40; ++i) {
    tl_pool *pool = tl_pool_create(1 + i % MOST);
    REQUIRE(pool != NULL);
    visit visits = {0};
    if (i % 3 != 0) /* some are freed without having run */
      tl_pool_run(pool, count_visit, &visits);
    CHECK_EQ_INT(visits.count[0], i % 3 != 0);
    tl_pool_free(pool);
  }
}
