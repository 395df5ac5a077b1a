/* The counters of a context's memory; only the context holds one. */
#ifndef TL_BASE_MEMORY_H
#define TL_BASE_MEMORY_H

#include <stdatomic.h>
#include <stddef.h>

/* Atomic, because a pool's tasks may allocate at once. */
struct tl_memory_count {
  _Atomic size_t now;
  _Atomic size_t peak;
  size_t limit; /* the most that may be held */
};

#endif
