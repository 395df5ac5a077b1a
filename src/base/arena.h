/* A planned block handed out piece by piece: first a dry run that counts, then the same code takes the
 * pieces. */
#ifndef TL_BASE_ARENA_H
#define TL_BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

typedef struct tl_arena {
  unsigned char *base; /* NULL while counting */
  size_t size;
  size_t used;
  bool overflow; /* a size did not fit in size_t, or the block was too small */
} tl_arena;

/* An arena that only counts (`used` is then the size to allocate), and one over a block of 64-byte aligned
 * memory. */
tl_arena tl_arena_count(void);
tl_arena tl_arena_over(void *block, size_t size);

/* The next `count` items of `size` bytes, 64-byte aligned. NULL while counting or on overflow. */
void *tl_arena_take(tl_arena *arena, size_t count, size_t size);

#endif
