/* UTF-8 against Python's bytes.decode(errors="replace"): a table of tricky sequences, and a grid of 1.5
 * million others. */
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

#include "harness.h"

/* Decodes from a heap copy of the exact size, so that a sanitizer sees a read past the end. */
static size_t decode_all(const void *bytes, size_t size, uint32_t *out) {
  uint8_t *copy = malloc(size + (size == 0));
  memcpy(copy, bytes, size);
  size_t count = 0;
  for (size_t at = 0; at < size;) {
    size_t taken = 0;
    out[count++] = tl_utf8_decode(copy + at, size - at, &taken);
    if (taken < 1 || taken > 4 || taken > size - at)
      break;
    at += taken;
  }
  free(copy);
  return count;
}

typedef struct known {
  const char *bytes;
  size_t size;
  uint32_t code_points[10];
  size_t count;
} known;

/* Made by Python 3: [ord(c) for c in bytes.decode("utf-8", "replace")]. */
static const known python_decodes[] = {
    {"\x61\x62\x63", 3, {0x61, 0x62, 0x63}, 3},
    {"\xC3\xA9", 2, {0xE9}, 1},
    {"\xE4\xB8\xAD", 3, {0x4E2D}, 1},
    {"\xF0\x9F\x98\x80", 4, {0x1F600}, 1},
    {"\xEF\xBF\xBD", 3, {0xFFFD}, 1},
    {"\xF4\x8F\xBF\xBF", 4, {0x10FFFF}, 1},
    {"\x00\x61", 2, {0x0, 0x61}, 2},
    /* Continuation bytes alone, and leads that only overlong forms have. */
    {"\x80", 1, {0xFFFD}, 1},
    {"\xBF\xBF", 2, {0xFFFD, 0xFFFD}, 2},
    {"\xC0\x80", 2, {0xFFFD, 0xFFFD}, 2},
    {"\xC1\xBF", 2, {0xFFFD, 0xFFFD}, 2},
    /* Two bytes cut short. */
    {"\xC2", 1, {0xFFFD}, 1},
    {"\xC2\x61", 2, {0xFFFD, 0x61}, 2},
    {"\xC2\xC2\xA9", 3, {0xFFFD, 0xA9}, 2},
    /* Three bytes: overlong, cut short, surrogates. */
    {"\xE0\x80\x80", 3, {0xFFFD, 0xFFFD, 0xFFFD}, 3},
    {"\xE0\x9F\xBF", 3, {0xFFFD, 0xFFFD, 0xFFFD}, 3},
    {"\xE0\xA0", 2, {0xFFFD}, 1},
    {"\xE0\xA0\x61", 3, {0xFFFD, 0x61}, 2},
    {"\xE4\xB8", 2, {0xFFFD}, 1},
    {"\xE4\xB8\xE4\xB8\xAD", 5, {0xFFFD, 0x4E2D}, 2},
    {"\xED\x9F\xBF", 3, {0xD7FF}, 1},
    {"\xED\xA0\x80", 3, {0xFFFD, 0xFFFD, 0xFFFD}, 3},
    {"\xED\xBF\xBF", 3, {0xFFFD, 0xFFFD, 0xFFFD}, 3},
    {"\xEE\x80\x80", 3, {0xE000}, 1},
    /* Four bytes: overlong, cut short, past U+10FFFF; five-byte leads; bytes that are never UTF-8. */
    {"\xF0\x80\x80\x80", 4, {0xFFFD, 0xFFFD, 0xFFFD, 0xFFFD}, 4},
    {"\xF0\x8F\xBF\xBF", 4, {0xFFFD, 0xFFFD, 0xFFFD, 0xFFFD}, 4},
    {"\xF0\x90\x80\x80", 4, {0x10000}, 1},
    {"\xF0\x9F\x98", 3, {0xFFFD}, 1},
    {"\xF0\x9F\x98\x61", 4, {0xFFFD, 0x61}, 2},
    {"\xF0\x9F", 2, {0xFFFD}, 1},
    {"\xF0\x9F\x41", 3, {0xFFFD, 0x41}, 2},
    {"\xF0", 1, {0xFFFD}, 1},
    {"\xF4\x90\x80\x80", 4, {0xFFFD, 0xFFFD, 0xFFFD, 0xFFFD}, 4},
    {"\xF5\x80\x80\x80", 4, {0xFFFD, 0xFFFD, 0xFFFD, 0xFFFD}, 4},
    {"\xF8\x88\x80\x80\x80", 5, {0xFFFD, 0xFFFD, 0xFFFD, 0xFFFD, 0xFFFD}, 5},
    {"\xFE\xFF", 2, {0xFFFD, 0xFFFD}, 2},
    {"\xFF", 1, {0xFFFD}, 1},
    /* What follows a broken sequence is read afresh. */
    {"\x61\xFF\x62", 3, {0x61, 0xFFFD, 0x62}, 3},
    {"\xF0\x9F\xF0\x9F\x98\x80", 6, {0xFFFD, 0x1F600}, 2},
    /* Unicode 3.9's own example (table 3-8). */
    {"\x61\xF1\x80\x80\xE1\x80\xC2\x62\x80\x63\x80\xBF\x64",
     13,
     {0x61, 0xFFFD, 0xFFFD, 0xFFFD, 0x62, 0xFFFD, 0x63, 0xFFFD, 0xFFFD, 0x64},
     10},
};

TEST(tricky_sequences_decode_as_in_python) {
  for (size_t i = 0; i < sizeof python_decodes / sizeof *python_decodes; ++i) {
    const known *k = &python_decodes[i];
    uint32_t code_points[16];
    CHECK_EQ_INT(decode_all(k->bytes, k->size, code_points), k->count);
    CHECK_EQ_BYTES(code_points, k->code_points, k->count * sizeof *code_points);
  }
}

/* Every lead byte before every triple of these, hashed (FNV-1a over each code point's four bytes, low first).
 * Python: for lead in range(256): for t in itertools.product(grid, repeat=3):
 *             for c in (bytes([lead]) + bytes(t)).decode("utf-8", "replace"): hash(ord(c)) */
TEST(a_grid_of_sequences_decodes_as_in_python) {
  static const uint8_t grid[] = {0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF,
                                 0xC0, 0xC2, 0xDF, 0xE0, 0xED, 0xEF, 0xF0, 0xF4, 0xFF};
  enum { N = sizeof grid };
  uint32_t hash = 2166136261u;
  for (int lead = 0; lead < 256; ++lead)
    for (int triple = 0; triple < N * N * N; ++triple) {
      const uint8_t bytes[4] = {(uint8_t)lead, grid[triple / (N * N)], grid[triple / N % N],
                                grid[triple % N]};
      uint32_t code_points[4];
      const size_t count = decode_all(bytes, sizeof bytes, code_points);
      for (size_t i = 0; i < count; ++i)
        for (int byte = 0; byte < 4; ++byte)
          hash = (hash ^ (code_points[i] >> 8 * byte & 0xFF)) * 16777619u;
    }
  CHECK_EQ_INT(hash, 0xF9854381);
}

TEST(every_code_point_comes_back) {
  for (uint32_t code_point = 0; code_point <= 0x10FFFF; ++code_point) {
    if (code_point >= 0xD800 && code_point <= 0xDFFF)
      continue;
    uint8_t bytes[4];
    size_t taken;
    const size_t size = tl_utf8_encode(code_point, bytes);
    if (tl_utf8_decode(bytes, size, &taken) != code_point || taken != size) {
      CHECK_EQ_INT(code_point, -1);
      return;
    }
  }
}

TEST(what_is_no_character_is_encoded_as_the_replacement) {
  const uint32_t none[] = {0xD800, 0xDFFF, 0x110000, UINT32_MAX};
  for (size_t i = 0; i < sizeof none / sizeof *none; ++i) {
    uint8_t bytes[4];
    CHECK_EQ_INT(tl_utf8_encode(none[i], bytes), 3);
    CHECK_EQ_BYTES(bytes, "\xEF\xBF\xBD", 3);
  }
}

TEST(valid_bytes_are_told_from_invalid_ones) {
  CHECK(tl_utf8_is_valid((const uint8_t *)"a\xEF\xBF\xBD\xF0\x9F\x98\x80", 8));
  CHECK(tl_utf8_is_valid(NULL, 0));
  static const char *const invalid[] = {"\xEF", "\xEF\xBF",     "\xEF\xBF!",
                                        "\x80", "\xED\xA0\x80", "\xF0\x9F\x98"};
  for (size_t i = 0; i < sizeof invalid / sizeof invalid[0]; ++i)
    CHECK(!tl_utf8_is_valid((const uint8_t *)invalid[i], strlen(invalid[i])));
}
