/* What the layers above see of the context: failing with a sentence, counted memory, the thread pool. */
#ifndef TL_BASE_CONTEXT_INTERNAL_H
#define TL_BASE_CONTEXT_INTERNAL_H

#include "base/pool.h"
#include "tunelab/context.h"

#if defined(__GNUC__)
#define TL_PRINTF(format_index, first_argument) __attribute__((format(printf, format_index, first_argument)))
#else
#define TL_PRINTF(format_index, first_argument)
#endif

/* Keeps the sentence (printf-style) and returns `status`. The sentence is cut at the message buffer's size,
 * and stays one line of valid UTF-8 whatever the arguments hold. May be called from a pool's tasks: one of
 * their sentences is kept. */
tl_status tl_fail(tl_context *context, tl_status status, const char *format, ...) TL_PRINTF(3, 4);

/* The usual sentence for memory that could not be had: what it was for, and how many bytes. */
tl_status tl_fail_memory(tl_context *context, const char *what, double bytes);

/* The pool that kernels run on; owned by the context. */
tl_pool *tl_context_pool(tl_context *context);

/* Memory that the context counts (tl_context_bytes): zeroed, 64-byte aligned, count × size checked for
 * overflow. NULL if it cannot be had; never NULL otherwise, not even for no bytes. tl_memory_free allows NULL
 * and gives the bytes back to the count. All three may be called from a pool's tasks. */
void *tl_memory_alloc(tl_context *context, size_t count, size_t size);
void tl_memory_free(tl_context *context, void *memory);

/* Grows a block to hold at least `count` items of `size` bytes, keeping its contents; *memory may be NULL at
 * first; *capacity (items) grows by half at least; new items are zero. TL_ERR_MEMORY leaves both as they were
 * and sets the sentence
 * (`what`). Does nothing if the capacity suffices. */
tl_status tl_memory_grow(tl_context *context, void **memory, size_t *capacity, size_t count, size_t size,
                         const char *what);

/* The counters behind tl_context_bytes and tl_context_set_max_bytes, used by the functions above. */
typedef struct tl_memory_count tl_memory_count;
tl_memory_count *tl_context_memory(tl_context *context);

#endif
