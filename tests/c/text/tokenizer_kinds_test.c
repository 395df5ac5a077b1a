/* The kinds of tokenizers beside BERT's against Hugging Face's `tokenizers`: byte-level and other BPE,
 * Unigram, their normalizers, pre-tokenizers, post-processors and decoders. */
#include "golden_sums.h"
#include "golden_tokenizer.h"

#define KINDS_GOLDENS TL_TEST_DATA "/tokenizer_kinds"

static void check_kind(const char *name) {
  char json[64], bin[64];
  snprintf(json, sizeof json, "%s.json", name);
  snprintf(bin, sizeof bin, "%s.bin", name);
  check_tokenizer(KINDS_GOLDENS, json, bin);
  check_saving(KINDS_GOLDENS, json, bin);
}

TEST(byte_level_bpe_with_robertas_template_equals_the_library) { check_kind("roberta"); }
TEST(byte_level_bpe_behind_nfc_equals_the_library) { check_kind("modernbert"); }
TEST(byte_level_bpe_with_a_prefix_space_equals_the_library) { check_kind("prefix_space"); }
TEST(gpt4s_words_and_ignored_merges_equal_the_library) { check_kind("cl100k"); }
TEST(split_punctuation_and_digits_equal_the_library) { check_kind("splits"); }
TEST(bpe_that_falls_back_to_bytes_equals_the_library) { check_kind("fallback"); }
TEST(bpe_with_a_suffix_of_words_equals_the_library) { check_kind("suffix"); }
TEST(bpe_with_a_prefix_inside_words_equals_the_library) { check_kind("continuing"); }
TEST(unigram_behind_a_character_map_equals_the_library) { check_kind("xlm_roberta"); }
TEST(alberts_unigram_equals_the_library) { check_kind("albert"); }
TEST(unigram_with_runs_of_blanks_replaced_equals_the_library) { check_kind("deberta"); }
TEST(unigram_over_unsplit_texts_equals_the_library) { check_kind("first"); }

/* A word of one letter a million times: merges must not take the square of its length. */
TEST(a_word_of_a_million_letters_is_encoded_in_time) {
  enum { LETTERS = 1000000 };
  uint8_t *word = malloc(LETTERS);
  REQUIRE(word != NULL);
  static const char *const names[] = {"roberta.json", "suffix.json", "xlm_roberta.json"};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; ++i) {
    tokenizer_fixture fixture;
    memset(word, 's', LETTERS);
    if (fixture_open_file(&fixture, KINDS_GOLDENS, names[i], 1)) {
      CHECK_EQ_INT(fixture_encode(&fixture, (golden_text){word, LETTERS}, NULL, plain), TL_OK);
      CHECK(tl_encoding_offsets(fixture.encoding)[1] > LETTERS / 32);
    }
    fixture_close(&fixture);
  }
  free(word);
}

TEST(the_ids_of_bpe_and_unigram_do_not_depend_on_the_threads) {
  static const char *const names[] = {"roberta", "xlm_roberta"};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; ++i) {
    char json[64], bin[64];
    snprintf(json, sizeof json, "%s.json", names[i]);
    snprintf(bin, sizeof bin, "%s.bin", names[i]);
    golden_records records = records_open(KINDS_GOLDENS, bin);
    tokenizer_fixture one, three;
    REQUIRE(!records.broken && fixture_open_file(&one, KINDS_GOLDENS, json, 1) &&
            fixture_open_file(&three, KINDS_GOLDENS, json, 3));
    REQUIRE(encode_all(&one, &records) == TL_OK && encode_all(&three, &records) == TL_OK);
    const int32_t tokens = tl_encoding_offsets(one.encoding)[tl_encoding_rows(one.encoding)];
    CHECK(tokens > 5000);
    CHECK_EQ_INT(tl_encoding_offsets(three.encoding)[tl_encoding_rows(three.encoding)], tokens);
    CHECK_EQ_BYTES(tl_encoding_ids(three.encoding), tl_encoding_ids(one.encoding),
                   (size_t)tokens * sizeof(int32_t));
    records_close(&records);
    fixture_close(&one);
    fixture_close(&three);
  }
}

/* Between letters, digits, blanks and itself. */
TEST(every_code_point_parts_gpt4s_words_and_digits_as_the_library_does) {
  static const char *const names[] = {"cl100k", "splits"};
  golden_sums sums = {0};
  REQUIRE(open_sums(&sums, "tokenizer_kinds/code_points.json"));
  for (size_t i = 0; i < sizeof names / sizeof names[0]; ++i) {
    char json[64];
    words_state state = {.pattern = "a#1 ##'\n#"};
    snprintf(json, sizeof json, "%s.json", names[i]);
    if (fixture_open_file(&state.fixture, KINDS_GOLDENS, json, 1))
      check_blocks(&sums, names[i], add_words, &state);
    fixture_close(&state.fixture);
  }
  close_sums(&sums);
}

static uint32_t add_cluster(void *argument, uint32_t code_point, uint32_t sum) {
  normalizer_state *state = argument;
  uint8_t text[64];
  const uint8_t *out = NULL;
  size_t size = fill_pattern("a#o#\xCC\x81\xE2\x98\x95#\xCC\x81"
                             "a",
                             code_point, text);
  CHECK(tl_normalizer_run(state->context, &state->normalizer, &state->scratch, text, size, &out, &size));
  return record_crc(record_crc(sum, out, size), "\xff", 1);
}

TEST(every_code_point_forms_clusters_as_the_library_does) {
  golden_sums sums = {0};
  REQUIRE(open_sums(&sums, "tokenizer_kinds/code_points.json"));
  normalizer_state state = {.context = sums.context};
  if (CHECK_EQ_INT(tl_normalizer_read(sums.context, tl_json_get(tl_json_root(sums.json), "normalizer"),
                                      &state.normalizer),
                   TL_OK))
    check_blocks(&sums, "clusters", add_cluster, &state);
  tl_normalizer_free(sums.context, &state.normalizer);
  tl_normalizer_scratch_free(sums.context, &state.scratch);
  close_sums(&sums);
}
