/* A planned block handed out piece by piece: first a dry run that counts, then the same code takes the
 * pieces. */
#ifndef TL_BASE_ARENA_H
#define TL_BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct tl_arena {
  unsigned char *base; /* NULL while counting */
  uint64_t size;
  uint64_t used;
  bool overflow; /* a size did not fit in 64 bits, or the block was too small */
} tl_arena;

/* An arena that only counts, in 64 bits on every machine, so that a plan which does not fit in memory still
 * has a figure (`used` is then the size to allocate); and one over a block of 64-byte aligned memory. */
tl_arena tl_arena_count(void);
tl_arena tl_arena_over(void *block, size_t size);

/* The next `count` items of `size` bytes, 64-byte aligned. NULL while counting or on overflow. */
void *tl_arena_take(tl_arena *arena, uint64_t count, uint64_t size);

#endif
