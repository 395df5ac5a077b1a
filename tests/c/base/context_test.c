/* The context: its last sentence, counted and limited memory, and the threads it was given. */
#include "tunelab/context.h"

#include <stdlib.h>
#include <string.h>

#include "base/context_internal.h"
#include "harness.h"

TEST(a_new_context_has_no_error_and_holds_nothing) {
  tl_context *context = tl_context_create(1);
  REQUIRE(context != NULL);
  CHECK_STR(tl_context_error(context), "");
  CHECK_EQ_INT(tl_context_threads(context), 1);
  CHECK_NEAR(tl_context_bytes(context), 0, 0);
  CHECK_NEAR(tl_context_peak_bytes(context), 0, 0);
  tl_context_free(context);
  tl_context_free(NULL);
}

TEST(thread_counts_are_clamped) {
  const int32_t asked[] = {INT32_MIN, -1, 0, 1};
  for (size_t i = 0; i < sizeof asked / sizeof *asked; ++i) {
    tl_context *context = tl_context_create(asked[i]);
    REQUIRE(context != NULL);
    CHECK_EQ_INT(tl_context_threads(context), 1);
    tl_context_free(context);
  }
  tl_context *context = tl_context_create(TL_MAX_THREADS + 1);
  REQUIRE(context != NULL);
  CHECK(tl_context_threads(context) >= 1 && tl_context_threads(context) <= TL_MAX_THREADS);
  tl_context_free(context);
}

TEST(a_failure_keeps_its_sentence_until_the_next) {
  tl_context *context = tl_context_create(1);
  CHECK_EQ_INT(tl_fail(context, TL_ERR_MISMATCH, "label %d is outside 0..%d", 7, 5), TL_ERR_MISMATCH);
  CHECK_STR(tl_context_error(context), "label 7 is outside 0..5");
  CHECK_EQ_INT(tl_fail(context, TL_ERR_FORMAT, "model: %s", tl_context_error(context)), TL_ERR_FORMAT);
  CHECK_STR(tl_context_error(context), "model: label 7 is outside 0..5");
  tl_context_free(context);
}

TEST(a_sentence_is_one_line_of_valid_utf8_whatever_a_file_put_into_it) {
  tl_context *context = tl_context_create(1);
  tl_fail(context, TL_ERR_FORMAT, "tensor \"%s\"",
          "a\nb\x7F"
          "c\xFF\xC3");
  CHECK_STR(tl_context_error(context), "tensor \"a b c\xEF\xBF\xBD\xEF\xBF\xBD\"");
  tl_context_free(context);
}

TEST(a_long_sentence_is_cut_between_characters) {
  tl_context *context = tl_context_create(1);
  /* "é" is two bytes; an odd prefix makes the buffer's last byte fall into the middle of one. */
  for (size_t prefix = 0; prefix < 2; ++prefix) {
    char name[4001];
    memset(name, 'x', prefix);
    for (size_t i = prefix; i + 2 <= sizeof name - 1; i += 2)
      memcpy(name + i, "\xC3\xA9", 2);
    name[prefix + (sizeof name - 1 - prefix) / 2 * 2] = '\0';
    tl_fail(context, TL_ERR_FORMAT, "%s", name);
    const char *message = tl_context_error(context);
    const size_t length = strlen(message);
    CHECK_EQ_INT(length, prefix + (1023 - prefix) / 2 * 2); /* the buffer has 1024 bytes */
    CHECK_EQ_BYTES(message, name, length);
  }
  tl_context_free(context);
}

TEST(memory_is_zeroed_aligned_and_counted) {
  tl_context *context = tl_context_create(1);
  float *first = tl_memory_alloc(context, 1000, sizeof *first);
  REQUIRE(first != NULL);
  CHECK_EQ_INT((uintptr_t)first % 64, 0);
  for (int i = 0; i < 1000; ++i)
    CHECK(first[i] == 0.0f);
  const double held = tl_context_bytes(context);
  CHECK(held >= 4000 && held <= 4000 + 64);
  void *second = tl_memory_alloc(context, 1, 1);
  REQUIRE(second != NULL);
  CHECK(second != first);
  CHECK(tl_context_bytes(context) > held);
  const double peak = tl_context_peak_bytes(context);
  CHECK_NEAR(peak, tl_context_bytes(context), 0);
  tl_memory_free(context, second);
  CHECK_NEAR(tl_context_bytes(context), held, 0);
  tl_memory_free(context, first);
  tl_memory_free(context, NULL);
  CHECK_NEAR(tl_context_bytes(context), 0, 0);
  CHECK_NEAR(tl_context_peak_bytes(context), peak, 0);
  tl_context_free(context);
}

TEST(memory_for_nothing_is_still_a_block_of_its_own) {
  tl_context *context = tl_context_create(1);
  void *a = tl_memory_alloc(context, 0, 4), *b = tl_memory_alloc(context, 4, 0);
  CHECK(a != NULL && b != NULL && a != b);
  tl_memory_free(context, a);
  tl_memory_free(context, b);
  tl_context_free(context);
}

TEST(sizes_that_overflow_are_refused_and_count_nothing) {
  tl_context *context = tl_context_create(1);
  CHECK(tl_memory_alloc(context, SIZE_MAX / 2, 3) == NULL);
  CHECK(tl_memory_alloc(context, SIZE_MAX, 1) == NULL);
  CHECK(tl_memory_alloc(context, SIZE_MAX - 63, 1) == NULL);
  CHECK(tl_memory_alloc(context, (size_t)PTRDIFF_MAX, 1) == NULL);
  CHECK_NEAR(tl_context_bytes(context), 0, 0);
  CHECK_NEAR(tl_context_peak_bytes(context), 0, 0);
  tl_context_free(context);
}

TEST(a_limit_refuses_what_would_pass_it_and_can_be_lifted) {
  tl_context *context = tl_context_create(1);
  tl_context_set_max_bytes(context, 10000);
  void *fits = tl_memory_alloc(context, 6000, 1);
  CHECK(fits != NULL);
  CHECK(tl_memory_alloc(context, 6000, 1) == NULL);
  tl_context_set_max_bytes(context, 100); /* below what is held: nothing more, and no underflow */
  CHECK(tl_memory_alloc(context, 1, 1) == NULL);
  tl_context_set_max_bytes(context, 0);
  void *again = tl_memory_alloc(context, 6000, 1);
  CHECK(again != NULL);
  tl_memory_free(context, fits);
  tl_memory_free(context, again);
  tl_context_free(context);
}

TEST(growing_keeps_the_contents_and_gains_half) {
  tl_context *context = tl_context_create(1);
  void *memory = NULL;
  size_t capacity = 0;
  CHECK_EQ_INT(tl_memory_grow(context, &memory, &capacity, 10, sizeof(int32_t), "a row"), TL_OK);
  CHECK(capacity >= 10);
  int32_t *values = memory;
  for (int32_t i = 0; i < 10; ++i)
    values[i] = i * i;
  const size_t before = capacity;
  CHECK_EQ_INT(tl_memory_grow(context, &memory, &capacity, before, sizeof(int32_t), "a row"), TL_OK);
  CHECK(memory == values && capacity == before); /* it sufficed */
  CHECK_EQ_INT(tl_memory_grow(context, &memory, &capacity, before + 1, sizeof(int32_t), "a row"), TL_OK);
  CHECK(capacity >= before + before / 2);
  values = memory;
  for (int32_t i = 0; i < 10; ++i)
    CHECK_EQ_INT(values[i], i * i);
  for (size_t i = 10; i < capacity; ++i)
    CHECK_EQ_INT(values[i], 0);
  tl_memory_free(context, memory);
  CHECK_NEAR(tl_context_bytes(context), 0, 0);
  tl_context_free(context);
}

TEST(growth_that_fails_leaves_everything_as_it_was_and_says_why) {
  tl_context *context = tl_context_create(1);
  void *memory = NULL;
  size_t capacity = 0;
  REQUIRE(tl_memory_grow(context, &memory, &capacity, 100, 1, "a row") == TL_OK);
  void *const held = memory;
  const size_t held_capacity = capacity;
  tl_context_set_max_bytes(context, 1000);
  CHECK_EQ_INT(tl_memory_grow(context, &memory, &capacity, 2000, 1, "a row"), TL_ERR_MEMORY);
  CHECK(memory == held && capacity == held_capacity);
  CHECK(strstr(tl_context_error(context), "not enough memory for a row: 2000 bytes") != NULL);
  CHECK_EQ_INT(tl_memory_grow(context, &memory, &capacity, SIZE_MAX, 8, "a row"), TL_ERR_MEMORY);
  CHECK(memory == held && capacity == held_capacity);
  /* Half as much again would not fit beside the old block, the exact size does. */
  tl_context_set_max_bytes(context, tl_context_bytes(context) + 64 + 110);
  CHECK_EQ_INT(tl_memory_grow(context, &memory, &capacity, 105, 1, "a row"), TL_OK);
  CHECK_EQ_INT(capacity, 105);
  tl_memory_free(context, memory);
  tl_context_free(context);
}

typedef struct busy {
  tl_context *context;
  int32_t refused[TL_MAX_THREADS];
} busy;

static void allocate_and_fail(void *argument, int32_t thread, int32_t threads) {
  busy *b = argument;
  (void)threads;
  for (int i = 0; i < 300; ++i) {
    void *memory = NULL;
    size_t capacity = 0;
    if (tl_memory_grow(b->context, &memory, &capacity, (size_t)(1 + i), 16, "a task's row") != TL_OK)
      ++b->refused[thread];
    if (i % 7 == 0)
      tl_fail(b->context, TL_ERR_ARGUMENT, "task %d of many, item %d", thread, i);
    tl_memory_free(b->context, memory);
  }
}

TEST(tasks_may_allocate_and_fail_at_once) {
  tl_context *context = tl_context_create(4);
  busy b = {.context = context};
  tl_pool_run(tl_context_pool(context), allocate_and_fail, &b);
  for (int i = 0; i < TL_MAX_THREADS; ++i)
    CHECK_EQ_INT(b.refused[i], 0);
  CHECK_NEAR(tl_context_bytes(context), 0, 0);
  CHECK(strncmp(tl_context_error(context), "task ", 5) == 0);
  CHECK(strstr(tl_context_error(context), ", item 294") != NULL); /* every task's last failure */
  tl_context_free(context);
}
