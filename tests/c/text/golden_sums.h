/* Every code point against checksums over blocks of them, as tests/reference wrote them. */
#ifndef TL_TEST_GOLDEN_SUMS_H
#define TL_TEST_GOLDEN_SUMS_H

#include "base/json.h"
#include "base/utf8.h"
#include "text/normalizer.h"
#include "tokenizer_fixture.h"

enum { BLOCK = 0x1000, BLOCKS = 0x110000 / BLOCK };

typedef struct golden_sums {
  tl_json *json;
  tl_context *context;
} golden_sums;

static inline bool open_sums(golden_sums *sums, const char *path) {
  sums->context = tl_context_create(1);
  sums->json = golden_open(sums->context, path);
  return CHECK(sums->json != NULL) &&
         CHECK_EQ_INT((int64_t)tl_json_number(tl_json_get(tl_json_root(sums->json), "block"), 0), BLOCK);
}

static inline void close_sums(golden_sums *sums) {
  tl_json_free(sums->json);
  tl_context_free(sums->context);
}

/* Checks one kind of checksum: add(state, c, sum) continues the sum with what came of code point c. */
typedef uint32_t (*add_code_point)(void *state, uint32_t code_point, uint32_t sum);

static inline void check_blocks(const golden_sums *sums, const char *name, add_code_point add, void *state) {
  const tl_json_value *value = tl_json_first(tl_json_get(tl_json_root(sums->json), name));
  int blocks = 0, wrong = 0;
  for (uint32_t block = 0; value != NULL; ++block, value = tl_json_next(value)) {
    uint32_t sum = 0;
    for (uint32_t c = block * BLOCK; c < (block + 1) * BLOCK; ++c)
      if (c < 0xD800 || c > 0xDFFF)
        sum = add(state, c, sum);
    ++blocks;
    if (sum == (uint32_t)tl_json_number(value, -1))
      continue;
    printf("    %s differs somewhere in U+%04X..%04X\n", name, (unsigned)(block * BLOCK),
           (unsigned)((block + 1) * BLOCK - 1));
    ++wrong;
  }
  CHECK_EQ_INT(blocks, BLOCKS);
  CHECK_EQ_INT(wrong, 0);
}

typedef struct normalizer_state {
  tl_context *context;
  tl_normalizer normalizer;
  tl_normalizer_scratch scratch;
} normalizer_state;

static inline uint32_t add_normalized(void *argument, uint32_t code_point, uint32_t sum) {
  normalizer_state *state = argument;
  uint8_t bytes[4];
  const uint8_t *out = bytes;
  size_t size = tl_utf8_encode(code_point, bytes);
  CHECK(tl_normalizer_run(state->context, &state->normalizer, &state->scratch, bytes, size, &out, &size));
  return record_crc(record_crc(sum, out, size), "\xff", 1);
}

/* A tokenizer, and the text in which each "#" becomes the code point. */
typedef struct words_state {
  tokenizer_fixture fixture;
  const char *pattern;
} words_state;

static inline size_t fill_pattern(const char *pattern, uint32_t code_point, uint8_t out[64]) {
  uint8_t character[4];
  const size_t size = tl_utf8_encode(code_point, character);
  size_t at = 0;
  for (const char *next = pattern; *next != '\0'; ++next) {
    if (*next == '#') {
      memcpy(out + at, character, size);
      at += size;
    } else {
      out[at++] = (uint8_t)*next;
    }
  }
  return at;
}

static inline uint32_t add_words(void *argument, uint32_t code_point, uint32_t sum) {
  words_state *state = argument;
  const tokenizer_fixture *fixture = &state->fixture;
  uint8_t text[64];
  const size_t at = fill_pattern(state->pattern, code_point, text);
  CHECK_EQ_INT(fixture_encode(&state->fixture, (golden_text){text, at}, NULL,
                              (tl_encode_options){.add_special_tokens = 1}),
               TL_OK);
  const int32_t count = tl_encoding_offsets(fixture->encoding)[1];
  for (int32_t i = 0; i < count; ++i) {
    const uint32_t id = (uint32_t)tl_encoding_ids(fixture->encoding)[i];
    const uint8_t little[4] = {(uint8_t)id, (uint8_t)(id >> 8), (uint8_t)(id >> 16), (uint8_t)(id >> 24)};
    sum = record_crc(sum, little, sizeof little);
  }
  return record_crc(sum, "\xff", 1);
}

#endif
