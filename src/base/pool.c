/* The thread pool: one barrier that spins for some microseconds, then sleeps; a run is two barriers around
 * the task. */
#include "base/pool.h"

#include <stdbool.h>
#include <stdlib.h>

#if TL_THREADS
#include <pthread.h>
#include <stdatomic.h>

/* How often a waiting thread looks before it sleeps: some 35 µs (a round takes 0.35 ns in V8, 40 ns with a
 * pause). That is longer than a sleeping thread takes to wake (about 25 µs in Node), for otherwise two
 * threads that once fell out of step would put each other to sleep at every barrier; and short enough not to
 * burn a core that others could use. */
#if defined(__x86_64__) || defined(__i386__)
enum { SPIN_ROUNDS = 900 };
static void relax(void) { __builtin_ia32_pause(); }
#else
enum { SPIN_ROUNDS = 100000 };
static void relax(void) {}
#endif

enum { CACHE_LINE = 64 };

struct tl_pool {
  int32_t threads;
  bool stopping;
  tl_pool_task task;
  void *argument;
  pthread_mutex_t mutex; /* held while threads start, and around sleeping */
  pthread_cond_t wake;
  struct worker {
    tl_pool *pool;
    pthread_t handle;
    int32_t index;
  } *workers; /* threads - 1 of them */
  /* The barrier, each counter on a cache line of its own: arrivals must not disturb those who watch the
   * phase. */
  _Alignas(CACHE_LINE) _Atomic int32_t arrived;
  _Alignas(CACHE_LINE) _Atomic uint32_t phase;
  _Alignas(CACHE_LINE) _Atomic int32_t sleepers;
};

void tl_pool_barrier(tl_pool *pool) {
  if (pool->threads == 1)
    return;
  /* The phase cannot move before we arrive, so this reads the one we wait in. */
  const uint32_t phase = atomic_load(&pool->phase);
  if (atomic_fetch_add(&pool->arrived, 1) + 1 == pool->threads) {
    atomic_store(&pool->arrived, 0); /* before the phase moves: the next barrier counts from zero */
    atomic_store(&pool->phase, phase + 1);
    /* A sleeper counts itself before it looks at the phase for the last time, and we move the phase before we
     * look for sleepers (both sequentially consistent): either we see it, or it sees the phase. */
    if (atomic_load(&pool->sleepers) > 0) {
      pthread_mutex_lock(&pool->mutex);
      pthread_cond_broadcast(&pool->wake);
      pthread_mutex_unlock(&pool->mutex);
    }
    return;
  }
  for (int round = 0; round < SPIN_ROUNDS; ++round) {
    if (atomic_load(&pool->phase) != phase)
      return;
    relax();
  }
  pthread_mutex_lock(&pool->mutex);
  atomic_fetch_add(&pool->sleepers, 1);
  while (atomic_load(&pool->phase) == phase)
    pthread_cond_wait(&pool->wake, &pool->mutex);
  atomic_fetch_sub(&pool->sleepers, 1);
  pthread_mutex_unlock(&pool->mutex);
}

static void *work(void *argument) {
  struct worker *worker = argument;
  tl_pool *pool = worker->pool;
  /* The creator holds the mutex until it knows how many threads there are. */
  pthread_mutex_lock(&pool->mutex);
  pthread_mutex_unlock(&pool->mutex);
  for (;;) {
    tl_pool_barrier(pool);
    if (pool->stopping)
      return NULL;
    pool->task(pool->argument, worker->index, pool->threads);
    tl_pool_barrier(pool);
  }
}

static void start_workers(tl_pool *pool, int32_t wanted) {
  pthread_mutex_lock(&pool->mutex);
  for (int32_t i = 1; i < wanted; ++i) {
    struct worker *worker = &pool->workers[i - 1];
    worker->pool = pool;
    worker->index = i;
    if (pthread_create(&worker->handle, NULL, work, worker) != 0)
      break; /* the system gives no more: run on those that started */
    pool->threads = i + 1;
  }
  pthread_mutex_unlock(&pool->mutex);
}

tl_pool *tl_pool_create(int32_t threads) {
  tl_pool *pool = aligned_alloc(CACHE_LINE, sizeof *pool);
  if (pool == NULL)
    return NULL;
  *pool = (tl_pool){.threads = 1};
  pool->workers = calloc((size_t)threads, sizeof *pool->workers);
  if (pool->workers == NULL || pthread_mutex_init(&pool->mutex, NULL) != 0) {
    free(pool->workers);
    free(pool);
    return NULL;
  }
  if (pthread_cond_init(&pool->wake, NULL) != 0) {
    pthread_mutex_destroy(&pool->mutex);
    free(pool->workers);
    free(pool);
    return NULL;
  }
  start_workers(pool, threads);
  return pool;
}

void tl_pool_free(tl_pool *pool) {
  if (pool == NULL)
    return;
  pool->stopping = true;
  tl_pool_barrier(pool);
  for (int32_t i = 1; i < pool->threads; ++i)
    pthread_join(pool->workers[i - 1].handle, NULL);
  pthread_cond_destroy(&pool->wake);
  pthread_mutex_destroy(&pool->mutex);
  free(pool->workers);
  free(pool);
}

void tl_pool_run(tl_pool *pool, tl_pool_task task, void *argument) {
  pool->task = task;
  pool->argument = argument;
  tl_pool_barrier(pool);
  task(argument, 0, pool->threads);
  tl_pool_barrier(pool);
}

#else /* One thread: the same interface as plain calls. */

struct tl_pool {
  int32_t threads;
};

tl_pool *tl_pool_create(int32_t threads) {
  (void)threads;
  tl_pool *pool = malloc(sizeof *pool);
  if (pool != NULL)
    pool->threads = 1;
  return pool;
}

void tl_pool_free(tl_pool *pool) { free(pool); }

void tl_pool_run(tl_pool *pool, tl_pool_task task, void *argument) { task(argument, 0, pool->threads); }

void tl_pool_barrier(tl_pool *pool) { (void)pool; }

#endif

int32_t tl_pool_threads(const tl_pool *pool) { return pool->threads; }

void tl_pool_share(int64_t n, int64_t grain, int32_t thread, int32_t threads, int64_t *begin, int64_t *end) {
  const int64_t units = n / grain + (n % grain != 0);
  const int64_t each = units / threads;
  const int64_t extra = units % threads; /* the first `extra` threads take one unit more */
  const int64_t first = thread * each + (thread < extra ? thread : extra);
  const int64_t last = first + each + (thread < extra);
  /* Only the last unit can pass n; compared in units, so that nothing overflows for n near the type's end. */
  *begin = first < units ? first * grain : n;
  *end = last < units ? last * grain : n;
}
