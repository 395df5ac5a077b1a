/* The trie: exact look-up and longest match, whatever the keys' bytes are. */
#include "text/trie.h"

#include <string.h>

#include "harness.h"

static tl_trie_key key(const char *bytes, size_t size, int32_t value) {
  return (tl_trie_key){.bytes = (const uint8_t *)bytes, .size = size, .value = value};
}

static int32_t find(const tl_trie *trie, const char *bytes, size_t size) {
  return tl_trie_find(trie, (const uint8_t *)bytes, size);
}

TEST(the_trie_finds_what_it_holds_and_nothing_else) {
  tl_context *context = tl_context_create(1);
  tl_trie trie = {0};
  tl_trie_key keys[] = {key("ab", 2, 5),  key("", 0, 3),         key("a\0b", 3, 7),
                        key("abc", 3, 1), key("\xff\x00", 2, 2), key("ab", 2, 6)};
  REQUIRE(tl_trie_build(context, "keys", keys, 6, &trie) == TL_OK);
  CHECK_EQ_INT(find(&trie, "", 0), 3);
  CHECK_EQ_INT(find(&trie, "a", 1), -1);
  CHECK_EQ_INT(find(&trie, "ab", 2), 6); /* added twice: the later one */
  CHECK_EQ_INT(find(&trie, "abc", 3), 1);
  CHECK_EQ_INT(find(&trie, "abcd", 4), -1);
  CHECK_EQ_INT(find(&trie, "a\0b", 3), 7);
  CHECK_EQ_INT(find(&trie, "\xff\x00", 2), 2);
  CHECK_EQ_INT(find(&trie, "\xfe", 1), -1);
  size_t length = 0;
  CHECK_EQ_INT(tl_trie_longest(&trie, TL_TRIE_ROOT, (const uint8_t *)"abx", 3, &length), 6);
  CHECK_EQ_INT(length, 2);
  CHECK_EQ_INT(tl_trie_longest(&trie, TL_TRIE_ROOT, (const uint8_t *)"x", 1, &length), -1);
  CHECK_EQ_INT(tl_trie_longest(&trie, TL_TRIE_ROOT, (const uint8_t *)"a", 1, &length), -1);
  tl_trie_free(context, &trie);
  CHECK_NEAR(tl_context_bytes(context), 0.0, 0.0);
  tl_context_free(context);
}

TEST(an_empty_trie_finds_nothing) {
  tl_context *context = tl_context_create(1);
  tl_trie trie = {0};
  REQUIRE(tl_trie_build(context, "keys", NULL, 0, &trie) == TL_OK);
  CHECK_EQ_INT(find(&trie, "", 0), -1);
  CHECK_EQ_INT(find(&trie, "a", 1), -1);
  tl_trie_free(context, &trie);
  tl_context_free(context);
}

TEST(a_node_may_have_all_256_children) {
  tl_context *context = tl_context_create(1);
  char bytes[256];
  tl_trie_key keys[256];
  for (uint32_t i = 0; i < 256; ++i) {
    bytes[i] = (char)i;
    keys[255 - i] = key(&bytes[i], 1, (int32_t)(1000 + i));
  }
  tl_trie trie = {0};
  REQUIRE(tl_trie_build(context, "keys", keys, 256, &trie) == TL_OK);
  for (int32_t i = 0; i < 256; ++i)
    CHECK_EQ_INT(find(&trie, &bytes[i], 1), 1000 + i);
  tl_trie_free(context, &trie);
  tl_context_free(context);
}

TEST(long_keys_that_differ_late_are_told_apart) {
  tl_context *context = tl_context_create(1);
  enum { KEYS = 100, SIZE = 40 };
  static char bytes[KEYS][SIZE];
  tl_trie_key keys[KEYS];
  for (int32_t i = 0; i < KEYS; ++i) {
    memset(bytes[i], 'x', SIZE);
    bytes[i][SIZE - 1] = (char)('0' + i * 37 % KEYS); /* in no order */
    keys[i] = key(bytes[i], SIZE, i);
  }
  tl_trie trie = {0};
  REQUIRE(tl_trie_build(context, "keys", keys, KEYS, &trie) == TL_OK);
  for (int32_t i = 0; i < KEYS; ++i)
    CHECK_EQ_INT(find(&trie, bytes[i], SIZE), i);
  CHECK_EQ_INT(find(&trie, bytes[0], SIZE - 1), -1);
  tl_trie_free(context, &trie);
  tl_context_free(context);
}
