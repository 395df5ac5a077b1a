/* Every code point through every normalizer and between two words, against checksums of what `tokenizers`
 * made of them. */
#include "base/json.h"
#include "base/utf8.h"
#include "text/normalizer.h"
#include "tokenizer_fixture.h"

enum { BLOCK = 0x1000, BLOCKS = 0x110000 / BLOCK };

typedef struct golden_sums {
  tl_json *json;
  tl_context *context;
} golden_sums;

static bool open_sums(golden_sums *sums) {
  sums->context = tl_context_create(1);
  sums->json = golden_open(sums->context, "tokenizer/code_points.json");
  return CHECK(sums->json != NULL) &&
         CHECK_EQ_INT((int64_t)tl_json_number(tl_json_get(tl_json_root(sums->json), "block"), 0), BLOCK);
}

static void close_sums(golden_sums *sums) {
  tl_json_free(sums->json);
  tl_context_free(sums->context);
}

/* Checks one kind of checksum: add(state, c, sum) continues the sum with what came of code point c. */
typedef uint32_t (*add_code_point)(void *state, uint32_t code_point, uint32_t sum);

static void check_blocks(const golden_sums *sums, const char *name, add_code_point add, void *state) {
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

static uint32_t add_normalized(void *argument, uint32_t code_point, uint32_t sum) {
  normalizer_state *state = argument;
  uint8_t bytes[4];
  const uint8_t *out = bytes;
  size_t size = tl_utf8_encode(code_point, bytes);
  CHECK(tl_normalizer_run(state->context, &state->normalizer, &state->scratch, bytes, size, &out, &size));
  return record_crc(record_crc(sum, out, size), "\xff", 1);
}

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
  if (open_sums(&sums)) {
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

/* "go?go ?in in": a word on both sides of the code point, and an added token (single_word, lstrip) after it.
 */
static uint32_t add_words(void *argument, uint32_t code_point, uint32_t sum) {
  tokenizer_fixture *fixture = argument;
  uint8_t character[4], text[32];
  const int size = (int)tl_utf8_encode(code_point, character);
  size_t at = 0;
  for (const char *next = "go?go ?in in"; *next != '\0'; ++next) {
    if (*next == '?') {
      memcpy(text + at, character, (size_t)size);
      at += (size_t)size;
    } else {
      text[at++] = (uint8_t)*next;
    }
  }
  CHECK_EQ_INT(
      fixture_encode(fixture, (golden_text){text, at}, NULL, (tl_encode_options){.add_special_tokens = 1}),
      TL_OK);
  const int32_t count = tl_encoding_offsets(fixture->encoding)[1];
  for (int32_t i = 0; i < count; ++i) {
    const uint32_t id = (uint32_t)tl_encoding_ids(fixture->encoding)[i];
    const uint8_t little[4] = {(uint8_t)id, (uint8_t)(id >> 8), (uint8_t)(id >> 16), (uint8_t)(id >> 24)};
    sum = record_crc(sum, little, sizeof little);
  }
  return record_crc(sum, "\xff", 1);
}

TEST(every_code_point_parts_or_joins_words_as_the_library_does) {
  golden_sums sums = {0};
  tokenizer_fixture fixture = {0};
  if (open_sums(&sums) && fixture_open_file(&fixture, TOKENIZER_GOLDENS, "uncased.json", 1))
    check_blocks(&sums, "words", add_words, &fixture);
  fixture_close(&fixture);
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
