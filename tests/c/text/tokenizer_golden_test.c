/* The tokenizer against Hugging Face's `tokenizers`, id for id: thousands of texts, pairs under truncation,
 * decoding. */
#include "golden_rows.h"

static void check_decoding(tokenizer_fixture *fixture, golden_records *records) {
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

static void check_golden(const char *json, const char *bin) {
  tokenizer_fixture fixture;
  if (fixture_open_file(&fixture, TOKENIZER_GOLDENS, json, 1)) {
    golden_records records = records_open(TOKENIZER_GOLDENS, bin);
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

TEST(an_uncased_tokenizer_equals_the_library) { check_golden("uncased.json", "uncased.bin"); }
TEST(a_cased_tokenizer_with_bert_processing_equals_the_library) { check_golden("cased.json", "cased.bin"); }
TEST(a_sequence_of_normalizers_and_an_odd_template_equal_the_library) {
  check_golden("sequence.json", "sequence.bin");
}

/* Opens vocab.txt with BERT's defaults or without lowercasing, and checks single texts. */
static void check_vocab_txt(const char *txt, const char *bin, int32_t do_lower_case) {
  tokenizer_fixture fixture = {.context = tl_context_create(1)};
  golden_records vocab = records_open(TOKENIZER_GOLDENS, txt);
  const tl_bert_options options = {
      .do_lower_case = do_lower_case, .tokenize_chinese_chars = 1, .strip_accents = -1};
  if (CHECK(!vocab.broken) &&
      CHECK_EQ_INT(tl_tokenizer_create_from_vocab(fixture.context, vocab.bytes, vocab.size, &options,
                                                  &fixture.tokenizer),
                   TL_OK) &&
      CHECK_EQ_INT(tl_encoding_create(fixture.context, &fixture.encoding), TL_OK)) {
    golden_records records = records_open(TOKENIZER_GOLDENS, bin);
    golden_texts texts = {0};
    check_singles(&fixture, &records, &texts);
    CHECK_EQ_INT(records.at, records.size);
    free(texts.items);
    records_close(&records);
  }
  records_close(&vocab);
  fixture_close(&fixture);
}

TEST(vocab_txt_makes_berts_uncased_tokenizer) {
  check_vocab_txt("vocab_uncased.txt", "vocab_uncased.bin", 1);
}
TEST(vocab_txt_makes_berts_cased_tokenizer) { check_vocab_txt("vocab_cased.txt", "vocab_cased.bin", 0); }

/* All single texts of a golden as rows of one call. */
static tl_status encode_all(tokenizer_fixture *fixture, const golden_records *from) {
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

TEST(the_ids_do_not_depend_on_the_threads) {
  golden_records records = records_open(TOKENIZER_GOLDENS, "uncased.bin");
  REQUIRE(!records.broken);
  tokenizer_fixture one;
  REQUIRE(fixture_open_file(&one, TOKENIZER_GOLDENS, "uncased.json", 1));
  REQUIRE(encode_all(&one, &records) == TL_OK);
  const int32_t rows = tl_encoding_rows(one.encoding);
  const int32_t *offsets = tl_encoding_offsets(one.encoding);
  CHECK(rows > 8000);
  for (int32_t threads = 2; threads <= 5; ++threads) {
    tokenizer_fixture many;
    REQUIRE(fixture_open_file(&many, TOKENIZER_GOLDENS, "uncased.json", threads));
    REQUIRE(encode_all(&many, &records) == TL_OK);
    REQUIRE(tl_encoding_rows(many.encoding) == rows);
    CHECK_EQ_BYTES(tl_encoding_offsets(many.encoding), offsets, ((size_t)rows + 1) * sizeof *offsets);
    CHECK_EQ_BYTES(tl_encoding_ids(many.encoding), tl_encoding_ids(one.encoding),
                   (size_t)offsets[rows] * sizeof *offsets);
    fixture_close(&many);
  }
  fixture_close(&one);
  records_close(&records);
}

TEST(a_saved_tokenizer_is_the_same_tokenizer) {
  static const char *const names[] = {"uncased.json", "cased.json", "sequence.json"};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; ++i) {
    tokenizer_fixture first, second;
    REQUIRE(fixture_open_file(&first, TOKENIZER_GOLDENS, names[i], 1));
    const uint8_t *saved = NULL, *again = NULL;
    size_t size = 0, again_size = 0;
    REQUIRE(tl_tokenizer_save(first.tokenizer, &saved, &size) == TL_OK);
    REQUIRE(fixture_open(&second, saved, size, 1));
    REQUIRE(tl_tokenizer_save(second.tokenizer, &again, &again_size) == TL_OK);
    if (CHECK_EQ_INT(again_size, size))
      CHECK_EQ_BYTES(again, saved, size);
    golden_records records = records_open(TOKENIZER_GOLDENS, "uncased.bin");
    REQUIRE(encode_all(&first, &records) == TL_OK && encode_all(&second, &records) == TL_OK);
    const int32_t tokens = tl_encoding_offsets(first.encoding)[tl_encoding_rows(first.encoding)];
    CHECK_EQ_INT(tl_encoding_offsets(second.encoding)[tl_encoding_rows(second.encoding)], tokens);
    CHECK_EQ_BYTES(tl_encoding_ids(second.encoding), tl_encoding_ids(first.encoding),
                   (size_t)tokens * sizeof(int32_t));
    records_close(&records);
    fixture_close(&first);
    fixture_close(&second);
  }
}
