/* Every code point through every normalizer and between two words, against checksums of what `tokenizers`
 * made of them. */
#include "golden_sums.h"

static void check_normalizer(const golden_sums *sums, const char *name, tl_normalizer_step step) {
  normalizer_state state = {.context = sums->context, .normalizer = {.count = 1, .steps = {step}}};
  if (CHECK_EQ_INT(tl_normalizer_finish(sums->context, &state.normalizer), TL_OK))
    check_blocks(sums, name, add_normalized, &state);
  tl_normalizer_scratch_free(sums->context, &state.scratch);
}

static tl_normalizer_step bert(bool clean_text, bool chinese, int32_t strip_accents, bool lowercase) {
  return (tl_normalizer_step){.kind = TL_NORMALIZER_BERT,
                              .bert = {clean_text, chinese, strip_accents, lowercase}};
}

TEST(every_code_point_is_normalized_as_the_library_does) {
  golden_sums sums = {0};
  if (open_sums(&sums, "tokenizer/code_points.json")) {
    check_normalizer(&sums, "NFC", (tl_normalizer_step){.kind = TL_NORMALIZER_NFC});
    check_normalizer(&sums, "NFD", (tl_normalizer_step){.kind = TL_NORMALIZER_NFD});
    check_normalizer(&sums, "NFKC", (tl_normalizer_step){.kind = TL_NORMALIZER_NFKC});
    check_normalizer(&sums, "NFKD", (tl_normalizer_step){.kind = TL_NORMALIZER_NFKD});
    check_normalizer(&sums, "Lowercase", (tl_normalizer_step){.kind = TL_NORMALIZER_LOWERCASE});
    check_normalizer(&sums, "StripAccents", (tl_normalizer_step){.kind = TL_NORMALIZER_STRIP_ACCENTS});
    check_normalizer(&sums, "clean_text", bert(true, false, 0, false));
    check_normalizer(&sums, "handle_chinese_chars", bert(false, true, 0, false));
    check_normalizer(&sums, "strip_accents", bert(false, false, 1, false));
    check_normalizer(&sums, "clean_and_lower", bert(true, false, 0, true));
    check_normalizer(&sums, "uncased", bert(true, true, -1, true));
    check_normalizer(&sums, "cased", bert(true, true, -1, false));
  }
  close_sums(&sums);
}

TEST(every_code_point_parts_or_joins_words_as_the_library_does) {
  /* A word on both sides of the code point, and an added token (single_word, lstrip) after it. */
  words_state state = {.pattern = "go#go #in in"};
  golden_sums sums = {0};
  if (open_sums(&sums, "tokenizer/code_points.json") &&
      fixture_open_file(&state.fixture, TOKENIZER_GOLDENS, "uncased.json", 1))
    check_blocks(&sums, "words", add_words, &state);
  fixture_close(&state.fixture);
  close_sums(&sums);
}

TEST(normalization_forms_of_whole_texts_equal_the_library) {
  static const tl_normalizer_kind kinds[] = {TL_NORMALIZER_NFC, TL_NORMALIZER_NFD, TL_NORMALIZER_NFKC,
                                             TL_NORMALIZER_NFKD};
  enum { KINDS = sizeof kinds / sizeof kinds[0] };
  tl_context *context = tl_context_create(1);
  tl_normalizer normalizers[KINDS] = {0};
  tl_normalizer_scratch scratch = {0};
  for (int kind = 0; kind < KINDS; ++kind) {
    normalizers[kind].count = 1;
    normalizers[kind].steps[0].kind = kinds[kind];
    CHECK_EQ_INT(tl_normalizer_finish(context, &normalizers[kind]), TL_OK);
  }
  golden_records records = records_open(TOKENIZER_GOLDENS, "forms.bin");
  const uint32_t count = record_number(&records);
  CHECK(count > 600);
  for (uint32_t i = 0; i < count && !records.broken; ++i) {
    const golden_text text = record_text(&records);
    golden_list expected;
    record_list(&records, &expected);
    CHECK_EQ_INT(expected.count, KINDS);
    for (int kind = 0; kind < KINDS; ++kind) {
      const uint8_t *out = NULL;
      size_t size = 0;
      CHECK(tl_normalizer_run(context, &normalizers[kind], &scratch, text.bytes, text.size, &out, &size));
      CHECK_EQ_INT(record_crc(0, out, size), (uint32_t)expected.items[kind]);
    }
  }
  CHECK(!records.broken);
  records_close(&records);
  tl_normalizer_scratch_free(context, &scratch);
  tl_context_free(context);
}
