/* A context and a tokenizer from a golden file, and calls that print the text they failed on. */
#ifndef TL_TEST_TOKENIZER_FIXTURE_H
#define TL_TEST_TOKENIZER_FIXTURE_H

#include "golden_records.h"
#include "tunelab/tokenizer.h"

#define TOKENIZER_GOLDENS TL_TEST_DATA "/tokenizer"

typedef struct tokenizer_fixture {
  tl_context *context;
  tl_tokenizer *tokenizer;
  tl_encoding *encoding;
} tokenizer_fixture;

static inline void fixture_close(tokenizer_fixture *fixture) {
  tl_encoding_free(fixture->encoding);
  tl_tokenizer_free(fixture->tokenizer);
  tl_context_free(fixture->context);
}

/* A tokenizer from the bytes of a tokenizer.json, on `threads` threads. */
static inline bool fixture_open(tokenizer_fixture *fixture, const uint8_t *json, size_t size,
                                int32_t threads) {
  *fixture = (tokenizer_fixture){.context = tl_context_create(threads)};
  return CHECK(fixture->context != NULL) && CHECK(json != NULL) &&
         CHECK_EQ_INT(tl_tokenizer_create(fixture->context, json, size, &fixture->tokenizer), TL_OK) &&
         CHECK_EQ_INT(tl_encoding_create(fixture->context, &fixture->encoding), TL_OK);
}

static inline bool fixture_open_file(tokenizer_fixture *fixture, const char *folder, const char *name,
                                     int32_t threads) {
  golden_records json = records_open(folder, name);
  const bool opened = fixture_open(fixture, json.bytes, json.size, threads);
  records_close(&json);
  return opened;
}

/* Encodes one text (and a second, if it is not NULL). */
static inline tl_status fixture_encode(tokenizer_fixture *fixture, golden_text a, const golden_text *b,
                                       tl_encode_options options) {
  const uint32_t end = (uint32_t)a.size, pair_end = b != NULL ? (uint32_t)b->size : 0;
  return tl_tokenizer_encode(fixture->tokenizer, 1, a.bytes, &end, b != NULL ? b->bytes : NULL,
                             b != NULL ? &pair_end : NULL, &options, fixture->encoding);
}

/* Whether row `row` has exactly these ids; prints both if not. */
static inline bool fixture_ids_are(const tokenizer_fixture *fixture, int32_t row, golden_text text,
                                   const golden_list *expected) {
  const int32_t *offsets = tl_encoding_offsets(fixture->encoding);
  const int32_t *ids = tl_encoding_ids(fixture->encoding) + offsets[row];
  const int32_t count = offsets[row + 1] - offsets[row];
  if (count == expected->count && memcmp(ids, expected->items, (size_t)count * sizeof *ids) == 0)
    return true;
  printf("    text \"%.*s\"\n    got     ", (int)text.size, (const char *)text.bytes);
  for (int32_t i = 0; i < count; ++i)
    printf(" %d", (int)ids[i]);
  printf("\n    expected");
  for (int32_t i = 0; i < expected->count; ++i)
    printf(" %d", (int)expected->items[i]);
  printf("\n");
  return false;
}

#endif
