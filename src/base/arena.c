/* The planned block: one code path counts the pieces and, over a real block, takes them. */
#include "base/arena.h"

enum { ALIGNMENT = 64 };

tl_arena tl_arena_count(void) { return (tl_arena){0}; }

tl_arena tl_arena_over(void *block, size_t size) { return (tl_arena){.base = block, .size = size}; }

void *tl_arena_take(tl_arena *arena, uint64_t count, uint64_t size) {
  uint64_t bytes, rounded, after;
  if (arena->overflow || __builtin_mul_overflow(count, size, &bytes) ||
      __builtin_add_overflow(bytes, ALIGNMENT - 1, &rounded)) {
    arena->overflow = true;
    return NULL;
  }
  rounded &= ~(uint64_t)(ALIGNMENT - 1); /* so the next piece is aligned too */
  const bool counting = arena->base == NULL;
  if (__builtin_add_overflow(arena->used, rounded, &after) || (!counting && after > arena->size)) {
    arena->overflow = true;
    return NULL;
  }
  void *piece = counting ? NULL : arena->base + (size_t)arena->used;
  arena->used = after;
  return piece;
}
