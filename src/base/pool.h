/* A pool of threads that run one function together and meet at barriers: spin for a moment, then wait. */
#ifndef TL_BASE_POOL_H
#define TL_BASE_POOL_H

#include <stdint.h>

typedef struct tl_pool tl_pool;

/* Runs on every thread of the pool at once; `thread` counts from 0 (the caller's own) to threads - 1. */
typedef void (*tl_pool_task)(void *argument, int32_t thread, int32_t threads);

/* A pool of `threads` threads, the caller's included. Starts fewer if the system gives fewer. NULL if memory
 * is out. */
tl_pool *tl_pool_create(int32_t threads);
void tl_pool_free(tl_pool *pool);
int32_t tl_pool_threads(const tl_pool *pool);

/* Runs task(argument, thread, threads) on all threads and returns when all have ended. Not reentrant. */
void tl_pool_run(tl_pool *pool, tl_pool_task task, void *argument);

/* Inside a task: waits until all threads of the pool have come here; what each wrote before is visible to all
 * after. */
void tl_pool_barrier(tl_pool *pool);

/* Thread `thread`'s share of n items, as a contiguous range [*begin, *end) in units of `grain` items (>= 1):
 * the ranges of all threads cover 0..n once. */
void tl_pool_share(int64_t n, int64_t grain, int32_t thread, int32_t threads, int64_t *begin, int64_t *end);

#endif
