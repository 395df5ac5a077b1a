/* Checks of whole tokenizers against goldens: ids, rows, decoding, and what saving keeps. */
#ifndef TL_TEST_GOLDEN_TOKENIZER_H
#define TL_TEST_GOLDEN_TOKENIZER_H

#include "golden_rows.h"

static inline void check_decoding(tokenizer_fixture *fixture, golden_records *records) {
  const uint32_t count = record_number(records);
  REQUIRE(count > 0);
  int wrong = 0;
  for (uint32_t i = 0; i < count && !records->broken; ++i) {
    golden_list ids, options;
    record_list(records, &ids);
    record_list(records, &options);
    const golden_text expected = record_text(records);
    const uint8_t *text = NULL;
    size_t size = 0;
    REQUIRE(tl_tokenizer_decode(fixture->tokenizer, ids.items, ids.count, options.items[0] != 0,
                                options.items[1] != 0, &text, &size) == TL_OK);
    if (size == expected.size && (size == 0 || memcmp(text, expected.bytes, size) == 0))
      continue;
    printf("    got      \"%.*s\"\n    expected \"%.*s\"\n", (int)size, (const char *)text,
           (int)expected.size, (const char *)expected.bytes);
    ++wrong;
  }
  CHECK_EQ_INT(wrong, 0);
  CHECK(!records->broken);
  CHECK_EQ_INT(records->at, records->size);
}

/* folder/json against folder/bin. */
static inline void check_tokenizer(const char *folder, const char *json, const char *bin) {
  tokenizer_fixture fixture;
  if (fixture_open_file(&fixture, folder, json, 1)) {
    golden_records records = records_open(folder, bin);
    golden_texts texts = {0};
    check_singles(&fixture, &records, &texts);
    if (texts.items != NULL) {
      check_rows(&fixture, &records, &texts);
      check_decoding(&fixture, &records);
    }
    free(texts.items);
    records_close(&records);
  }
  fixture_close(&fixture);
}

/* All single texts of a golden as rows of one call. */
static inline tl_status encode_all(tokenizer_fixture *fixture, const golden_records *from) {
  golden_records records = *from;
  const uint32_t count = record_number(&records);
  uint32_t *ends = calloc(count, sizeof *ends);
  uint8_t *bytes = malloc(records.size);
  uint32_t end = 0;
  golden_list ids;
  for (uint32_t i = 0; i < count; ++i) {
    const golden_text text = record_text(&records);
    memcpy(bytes + end, text.bytes, text.size);
    end += (uint32_t)text.size;
    ends[i] = end;
    record_list(&records, &ids);
  }
  const tl_status status = tl_tokenizer_encode(fixture->tokenizer, (int32_t)count, bytes, ends, NULL, NULL,
                                               &plain, fixture->encoding);
  free(bytes);
  free(ends);
  return status;
}

/* A saved tokenizer is read again, saved to the same bytes, and gives the same ids. */
static inline void check_saving(const char *folder, const char *json, const char *bin) {
  tokenizer_fixture first, second;
  REQUIRE(fixture_open_file(&first, folder, json, 1));
  const uint8_t *saved = NULL, *again = NULL;
  size_t size = 0, again_size = 0;
  REQUIRE(tl_tokenizer_save(first.tokenizer, &saved, &size) == TL_OK);
  REQUIRE(fixture_open(&second, saved, size, 1));
  REQUIRE(tl_tokenizer_save(second.tokenizer, &again, &again_size) == TL_OK);
  if (CHECK_EQ_INT(again_size, size))
    CHECK_EQ_BYTES(again, saved, size);
  golden_records records = records_open(folder, bin);
  REQUIRE(encode_all(&first, &records) == TL_OK && encode_all(&second, &records) == TL_OK);
  const int32_t tokens = tl_encoding_offsets(first.encoding)[tl_encoding_rows(first.encoding)];
  CHECK_EQ_INT(tl_encoding_offsets(second.encoding)[tl_encoding_rows(second.encoding)], tokens);
  CHECK_EQ_BYTES(tl_encoding_ids(second.encoding), tl_encoding_ids(first.encoding),
                 (size_t)tokens * sizeof(int32_t));
  records_close(&records);
  fixture_close(&first);
  fixture_close(&second);
}

#endif
