/* The planned block: the dry run's figure is exactly what the pieces take, and too small a block is noticed.
 */
#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"

typedef struct plan {
  float *activations;
  uint8_t *mask;
  double *sums;
  void *nothing;
} plan;

static void take_plan(tl_arena *arena, plan *p) {
  p->activations = tl_arena_take(arena, 33, sizeof *p->activations);
  p->mask = tl_arena_take(arena, 7, 1);
  p->nothing = tl_arena_take(arena, 0, 8);
  p->sums = tl_arena_take(arena, 3, sizeof *p->sums);
}

TEST(counting_and_taking_agree) {
  plan p;
  tl_arena counting = tl_arena_count();
  take_plan(&counting, &p);
  CHECK(!counting.overflow);
  CHECK(p.activations == NULL && p.mask == NULL && p.sums == NULL);
  CHECK_EQ_INT(counting.used % 64, 0);

  void *block = aligned_alloc(64, (size_t)counting.used);
  REQUIRE(block != NULL);
  tl_arena arena = tl_arena_over(block, (size_t)counting.used);
  take_plan(&arena, &p);
  CHECK(!arena.overflow);
  CHECK_EQ_INT(arena.used, counting.used);
  CHECK_EQ_INT((uintptr_t)p.activations % 64, 0);
  CHECK_EQ_INT((uintptr_t)p.mask % 64, 0);
  CHECK_EQ_INT((uintptr_t)p.sums % 64, 0);
  memset(p.activations, 1,
         33 * sizeof *p.activations); /* a sanitizer would see a piece that leaves the block */
  memset(p.mask, 2, 7);
  memset(p.sums, 3, 3 * sizeof *p.sums);
  CHECK_EQ_INT(((uint8_t *)p.activations)[33 * sizeof *p.activations - 1], 1);
  CHECK_EQ_INT(p.mask[6], 2);
  free(block);
}

TEST(a_block_that_is_too_small_overflows_and_stays_so) {
  _Alignas(64) unsigned char block[128];
  tl_arena arena = tl_arena_over(block, sizeof block);
  CHECK(tl_arena_take(&arena, 65, 1) == block);
  CHECK(tl_arena_take(&arena, 1, 1) == NULL);
  CHECK(arena.overflow);
  CHECK(tl_arena_take(&arena, 0, 1) == NULL);
}

TEST(counting_goes_on_beyond_what_a_32_bit_machine_can_address) {
  tl_arena counting = tl_arena_count();
  tl_arena_take(&counting, UINT64_C(1) << 20, 1 << 13);
  tl_arena_take(&counting, 1, 1);
  CHECK(!counting.overflow);
  CHECK_EQ_INT(counting.used, (INT64_C(1) << 33) + 64);

  _Alignas(64) unsigned char block[128];
  tl_arena taking = tl_arena_over(block, sizeof block);
  CHECK(tl_arena_take(&taking, UINT64_C(1) << 32, 1) == NULL);
  CHECK(taking.overflow);
}

TEST(sizes_beyond_64_bits_overflow_while_counting) {
  tl_arena product = tl_arena_count();
  CHECK(tl_arena_take(&product, UINT64_MAX / 2, 3) == NULL);
  CHECK(product.overflow);
  tl_arena rounding = tl_arena_count();
  tl_arena_take(&rounding, UINT64_MAX - 10, 1);
  CHECK(rounding.overflow);
  tl_arena sum = tl_arena_count();
  tl_arena_take(&sum, UINT64_MAX / 2, 1);
  CHECK(!sum.overflow);
  tl_arena_take(&sum, UINT64_MAX / 2 + 2, 1);
  CHECK(sum.overflow);
}
