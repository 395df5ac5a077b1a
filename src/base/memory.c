/* Memory that the context counts and may limit: aligned blocks with a hidden header that knows their size. */
#include "base/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/context_internal.h"

enum { ALIGNMENT = 64 };

/* In front of every block, padded to the alignment so that the block itself is aligned. */
typedef struct block_header {
  size_t bytes; /* the block's and the header's */
} block_header;

/* Takes `bytes` out of what the context may still hold; false if that would pass the limit. */
static bool reserve(tl_memory_count *count, size_t bytes) {
  size_t now = atomic_load(&count->now);
  do {
    if (now > count->limit || bytes > count->limit - now)
      return false;
  } while (!atomic_compare_exchange_weak(&count->now, &now, now + bytes));
  size_t peak = atomic_load(&count->peak);
  while (peak < now + bytes && !atomic_compare_exchange_weak(&count->peak, &peak, now + bytes)) {
  }
  return true;
}

void *tl_memory_alloc(tl_context *context, size_t count, size_t size) {
  size_t bytes;
  if (__builtin_mul_overflow(count, size, &bytes) || __builtin_add_overflow(bytes, ALIGNMENT, &bytes) ||
      bytes > PTRDIFF_MAX)
    return NULL;
  tl_memory_count *counter = tl_context_memory(context);
  if (!reserve(counter, bytes))
    return NULL;
  void *raw = NULL;
  if (posix_memalign(&raw, ALIGNMENT, bytes) != 0) {
    atomic_fetch_sub(&counter->now, bytes);
    return NULL;
  }
  memset(raw, 0, bytes);
  ((block_header *)raw)->bytes = bytes;
  return (unsigned char *)raw + ALIGNMENT;
}

void tl_memory_free(tl_context *context, void *memory) {
  if (memory == NULL)
    return;
  void *raw = (unsigned char *)memory - ALIGNMENT;
  atomic_fetch_sub(&tl_context_memory(context)->now, ((block_header *)raw)->bytes);
  free(raw);
}

tl_status tl_memory_grow(tl_context *context, void **memory, size_t *capacity, size_t count, size_t size,
                         const char *what) {
  if (count <= *capacity)
    return TL_OK;
  size_t wanted = count;
  size_t half_more;
  if (!__builtin_add_overflow(*capacity, *capacity / 2, &half_more) && half_more > wanted)
    wanted = half_more;
  void *grown = tl_memory_alloc(context, wanted, size);
  if (grown == NULL && wanted > count) {
    wanted = count; /* the spare room is a convenience; what was asked for may still fit */
    grown = tl_memory_alloc(context, wanted, size);
  }
  if (grown == NULL)
    return tl_fail_memory(context, what, (double)count * (double)size);
  if (*memory != NULL)
    memcpy(grown, *memory, *capacity * size);
  tl_memory_free(context, *memory);
  *memory = grown;
  *capacity = wanted;
  return TL_OK;
}
