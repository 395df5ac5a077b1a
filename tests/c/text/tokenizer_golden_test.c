/* The tokenizer against Hugging Face's `tokenizers`, id for id: thousands of texts, pairs under truncation,
 * decoding. */
#include "golden_tokenizer.h"

static void check_golden(const char *json, const char *bin) { check_tokenizer(TOKENIZER_GOLDENS, json, bin); }

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
  for (size_t i = 0; i < sizeof names / sizeof names[0]; ++i)
    check_saving(TOKENIZER_GOLDENS, names[i], "uncased.bin");
}
