/* Checks of single texts and of rows (pairs, truncation) as tests/reference/tokenizer_records.py wrote them.
 */
#ifndef TL_TEST_GOLDEN_ROWS_H
#define TL_TEST_GOLDEN_ROWS_H

#include "tokenizer_fixture.h"

static const tl_encode_options plain = {.add_special_tokens = 1};

/* The texts that the single-text part of a golden holds. */
typedef struct golden_texts {
  golden_text *items;
  uint32_t count;
} golden_texts;

/* Checks the single texts and keeps them for the rows that refer to them. */
static inline void check_singles(tokenizer_fixture *fixture, golden_records *records, golden_texts *texts) {
  texts->count = record_number(records);
  REQUIRE(texts->count > 0 && texts->count < 100000);
  texts->items = calloc(texts->count, sizeof *texts->items);
  REQUIRE(texts->items != NULL);
  int wrong = 0;
  for (uint32_t i = 0; i < texts->count && !records->broken; ++i) {
    golden_list expected;
    texts->items[i] = record_text(records);
    record_list(records, &expected);
    const tl_status status = fixture_encode(fixture, texts->items[i], NULL, plain);
    wrong += status != TL_OK || !fixture_ids_are(fixture, 0, texts->items[i], &expected);
  }
  CHECK_EQ_INT(wrong, 0);
  CHECK(!records->broken);
}

static inline bool same_types(const tokenizer_fixture *fixture, const golden_list *types,
                              const golden_list *mask) {
  const int32_t count = tl_encoding_offsets(fixture->encoding)[1];
  if (count != types->count || count != mask->count)
    return false;
  for (int32_t i = 0; i < count; ++i)
    if (tl_encoding_type_ids(fixture->encoding)[i] != types->items[i] ||
        tl_encoding_special_mask(fixture->encoding)[i] != mask->items[i])
      return false;
  return true;
}

/* One row: ids, types and mask, or the refusal that the library gave too. */
static inline bool row_matches(tokenizer_fixture *fixture, golden_records *records,
                               const golden_texts *texts) {
  golden_list which, options, ids, types, mask;
  record_list(records, &which);
  record_list(records, &options);
  const bool encodable = record_number(records) != 0;
  if (encodable) {
    record_list(records, &ids);
    record_list(records, &types);
    record_list(records, &mask);
  }
  const golden_text *a = &texts->items[which.items[0]];
  const golden_text *b = which.items[1] > 0 ? &texts->items[which.items[1] - 1] : NULL;
  const tl_status status = fixture_encode(fixture, *a, b,
                                          (tl_encode_options){.truncation = options.items[0],
                                                              .max_length = options.items[1],
                                                              .add_special_tokens = options.items[2]});
  if (!encodable)
    return status == TL_ERR_ARGUMENT;
  return status == TL_OK && fixture_ids_are(fixture, 0, *a, &ids) && same_types(fixture, &types, &mask);
}

static inline void check_rows(tokenizer_fixture *fixture, golden_records *records,
                              const golden_texts *texts) {
  const uint32_t count = record_number(records);
  REQUIRE(count > 0);
  int wrong = 0;
  for (uint32_t i = 0; i < count && !records->broken; ++i)
    wrong += !row_matches(fixture, records, texts);
  CHECK_EQ_INT(wrong, 0);
  CHECK(!records->broken);
}

#endif
