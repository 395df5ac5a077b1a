/* Broken and unknown tokenizers, and calls that cannot be met: a status, and a sentence that names what is
 * wrong. */
#include "tokenizer_fixture.h"

/* A small valid file; each test spoils one part of it. */
#define ADDED                                                                                                \
  "[{\"id\":0,\"content\":\"[UNK]\",\"single_word\":false,\"lstrip\":false,\"rstrip\":false,"                \
  "\"normalized\":false,\"special\":true}]"
#define NORMALIZER                                                                                           \
  "{\"type\":\"BertNormalizer\",\"clean_text\":true,\"handle_chinese_chars\":true,"                          \
  "\"strip_accents\":null,\"lowercase\":true}"
#define WORDS "{\"type\":\"BertPreTokenizer\"}"
#define TEMPLATE "{\"type\":\"BertProcessing\",\"sep\":[\"[SEP]\",2],\"cls\":[\"[CLS]\",1]}"
#define DECODER "{\"type\":\"WordPiece\",\"prefix\":\"##\",\"cleanup\":true}"
#define VOCAB "{\"[UNK]\":0,\"[CLS]\":1,\"[SEP]\":2,\"a\":3,\"##b\":4}"
#define MODEL(vocab)                                                                                         \
  "{\"type\":\"WordPiece\",\"unk_token\":\"[UNK]\",\"continuing_subword_prefix\":\"##\","                    \
  "\"max_input_chars_per_word\":100,\"vocab\":" vocab "}"
#define FILE_OF(added, normalizer, words, template, decoder, model)                                          \
  "{\"version\":\"1.0\",\"added_tokens\":" added ",\"normalizer\":" normalizer ",\"pre_tokenizer\":" words   \
  ",\"post_processor\":" template ",\"decoder\":" decoder ",\"model\":" model "}"

static void check_refused(const char *json, tl_status status, const char *names) {
  tl_context *context = tl_context_create(1);
  tl_tokenizer *tokenizer = NULL;
  const bool refused =
      CHECK_EQ_INT(tl_tokenizer_create(context, (const uint8_t *)json, strlen(json), &tokenizer), status);
  CHECK(tokenizer == NULL);
  if (refused && !CHECK(strstr(tl_context_error(context), names) != NULL))
    printf("    the sentence is \"%s\", which lacks \"%s\"\n", tl_context_error(context), names);
  CHECK_NEAR(tl_context_bytes(context), 0.0, 0.0);
  tl_context_free(context);
}

static bool open_small(tokenizer_fixture *fixture) {
  static const char json[] = FILE_OF(ADDED, NORMALIZER, WORDS, TEMPLATE, DECODER, MODEL(VOCAB));
  return fixture_open(fixture, (const uint8_t *)json, sizeof json - 1, 1);
}

TEST(unknown_kinds_of_components_are_named) {
  check_refused(FILE_OF(ADDED, "{\"type\":\"Unheard\"}", WORDS, TEMPLATE, DECODER, MODEL(VOCAB)),
                TL_ERR_UNSUPPORTED, "Unheard");
  check_refused(FILE_OF(ADDED, "{\"type\":\"Sequence\",\"normalizers\":[{\"type\":\"ByteLevel\"}]}", WORDS,
                        TEMPLATE, DECODER, MODEL(VOCAB)),
                TL_ERR_UNSUPPORTED, "normalizer of type \"ByteLevel\"");
  check_refused(FILE_OF(ADDED, NORMALIZER, "{\"type\":\"UnicodeScripts\"}", TEMPLATE, DECODER, MODEL(VOCAB)),
                TL_ERR_UNSUPPORTED, "pre_tokenizer of type \"UnicodeScripts\"");
  check_refused(FILE_OF(ADDED, NORMALIZER, WORDS, "{\"type\":\"Unheard\"}", DECODER, MODEL(VOCAB)),
                TL_ERR_UNSUPPORTED, "post_processor of type \"Unheard\"");
  check_refused(FILE_OF(ADDED, NORMALIZER, WORDS, TEMPLATE, "{\"type\":\"CTC\"}", MODEL(VOCAB)),
                TL_ERR_UNSUPPORTED, "CTC");
  check_refused(FILE_OF(ADDED, NORMALIZER, WORDS, TEMPLATE, DECODER, "{\"type\":\"WordLevel\",\"vocab\":{}}"),
                TL_ERR_UNSUPPORTED, "WordLevel");
  check_refused("{\"version\":\"2.0\"}", TL_ERR_UNSUPPORTED, "version");
}

#define PLAIN_FILE(normalizer, words, decoder, model)                                                        \
  "{\"normalizer\":" normalizer ",\"pre_tokenizer\":" words ",\"decoder\":" decoder ",\"model\":" model "}"
#define MODEL_FILE(model) PLAIN_FILE("null", "null", "null", model)
#define BPE(fields) MODEL_FILE("{\"type\":\"BPE\",\"vocab\":{\"a\":0,\"b\":1,\"ab\":2}," fields "}")
#define UNIGRAM(vocab, unk) "{\"type\":\"Unigram\",\"vocab\":" vocab ",\"unk_id\":" unk "}"

TEST(what_bpe_and_unigram_cannot_be_made_of_is_named) {
  check_refused(BPE("\"merges\":[\"a c\"]"), TL_ERR_FORMAT, "\"a\" and \"c\"");
  check_refused(BPE("\"merges\":[\"b a\"]"), TL_ERR_FORMAT, "what they become");
  check_refused(BPE("\"merges\":[\"a b\",\"a\"]"), TL_ERR_FORMAT, "model.merges[1]");
  check_refused(BPE("\"merges\":[[\"a\",\"b\",\"a\"]]"), TL_ERR_FORMAT, "model.merges[0]");
  check_refused(BPE("\"merges\":[],\"dropout\":0.1"), TL_ERR_UNSUPPORTED, "dropout");
  check_refused(BPE("\"merges\":[],\"unk_token\":\"?\""), TL_ERR_FORMAT, "unknown token");
  check_refused(MODEL_FILE("{\"type\":\"BPE\",\"vocab\":{\"a\":0,\"b\":0},\"merges\":[]}"),
                TL_ERR_UNSUPPORTED, "the id 0");
  check_refused(MODEL_FILE(UNIGRAM("[[\"a\",0]]", "1")), TL_ERR_FORMAT, "unk_id");
  check_refused(MODEL_FILE(UNIGRAM("[[\"a\",0]]", "null")), TL_ERR_FORMAT, "unk_id");
  check_refused(MODEL_FILE(UNIGRAM("[[\"a\",0],[\"b\"]]", "0")), TL_ERR_FORMAT, "model.vocab[1]");
}

TEST(patterns_and_maps_that_are_not_known_are_named) {
#define SPLIT(pattern)                                                                                       \
  WORDS_FILE("{\"type\":\"Split\",\"pattern\":" pattern ",\"behavior\":\"Isolated\",\"invert\":false}")
#define WORDS_FILE(words) PLAIN_FILE("null", words, "null", UNIGRAM("[[\"a\",0]]", "0"))
#define NORMALIZER_FILE(normalizer) PLAIN_FILE(normalizer, "null", "null", UNIGRAM("[[\"a\",0]]", "0"))
#define MAP_FILE(map) NORMALIZER_FILE("{\"type\":\"Precompiled\",\"precompiled_charsmap\":\"" map "\"}")
  check_refused(SPLIT("{\"Regex\":\"(a|b)+\"}"), TL_ERR_UNSUPPORTED, "(a|b)+");
  check_refused(SPLIT("{\"Regex\":\" {0,}\"}"), TL_ERR_UNSUPPORTED, " {0,}");
  check_refused(SPLIT("{\"String\":\"\"}"), TL_ERR_FORMAT, "pattern");
  check_refused(WORDS_FILE("{\"type\":\"Punctuation\",\"behavior\":\"Away\"}"), TL_ERR_FORMAT, "behavior");
  check_refused(WORDS_FILE("{\"type\":\"Metaspace\",\"replacement\":\"__\"}"), TL_ERR_FORMAT,
                "one character");
  check_refused(MAP_FILE("AAA"), TL_ERR_FORMAT, "precompiled_charsmap");
  check_refused(MAP_FILE("BAAAAAAAAAD/"), TL_ERR_FORMAT, "precompiled_charsmap");
  check_refused(NORMALIZER_FILE("{\"type\":\"Replace\",\"pattern\":{\"String\":\"a\"}}"), TL_ERR_FORMAT,
                "content");
}

TEST(missing_and_wrong_fields_are_named) {
  check_refused("", TL_ERR_FORMAT, "tokenizer.json");
  check_refused("[1, 2]", TL_ERR_FORMAT, "object");
  check_refused("{}", TL_ERR_FORMAT, "model");
  check_refused("{\"model\":{\"type\":\"WordPiece\"}}", TL_ERR_FORMAT, "unk_token");
  check_refused(FILE_OF(ADDED, NORMALIZER, WORDS, TEMPLATE, DECODER, MODEL("[]")), TL_ERR_FORMAT, "vocab");
  check_refused(FILE_OF("{}", NORMALIZER, WORDS, TEMPLATE, DECODER, MODEL(VOCAB)), TL_ERR_FORMAT,
                "added_tokens");
  check_refused(FILE_OF("[{\"id\":0}]", NORMALIZER, WORDS, TEMPLATE, DECODER, MODEL(VOCAB)), TL_ERR_FORMAT,
                "added_tokens[0].content");
  check_refused(FILE_OF(ADDED, "{\"type\":\"BertNormalizer\",\"clean_text\":1}", WORDS, TEMPLATE, DECODER,
                        MODEL(VOCAB)),
                TL_ERR_FORMAT, "clean_text");
  check_refused(FILE_OF(ADDED, "7", WORDS, TEMPLATE, DECODER, MODEL(VOCAB)), TL_ERR_FORMAT, "normalizer");
  check_refused(
      FILE_OF(ADDED, NORMALIZER, WORDS, "{\"type\":\"BertProcessing\",\"cls\":[]}", DECODER, MODEL(VOCAB)),
      TL_ERR_FORMAT, "cls");
}

TEST(ids_out_of_range_and_a_vocabulary_without_its_unknown_token_are_refused) {
  check_refused(FILE_OF(ADDED, NORMALIZER, WORDS, TEMPLATE, DECODER, MODEL("{\"[UNK]\":-1}")), TL_ERR_FORMAT,
                "[UNK]");
  check_refused(FILE_OF(ADDED, NORMALIZER, WORDS, TEMPLATE, DECODER, MODEL("{\"[UNK]\":0.5}")), TL_ERR_FORMAT,
                "[UNK]");
  check_refused(FILE_OF(ADDED, NORMALIZER, WORDS, TEMPLATE, DECODER, MODEL("{\"[UNK]\":0,\"x\":3000000000}")),
                TL_ERR_FORMAT, "\"x\"");
  check_refused(FILE_OF(ADDED, NORMALIZER, WORDS, TEMPLATE, DECODER, MODEL("{}")), TL_ERR_FORMAT, "[UNK]");
  check_refused(FILE_OF(ADDED, NORMALIZER, WORDS, TEMPLATE, DECODER, MODEL("{\"[UNK]\":0}")), TL_ERR_MISMATCH,
                "id 1");
}

TEST(templates_that_cannot_be_run_are_refused) {
#define PIECES(single, pair)                                                                                 \
  "{\"type\":\"TemplateProcessing\",\"single\":[" single "],\"pair\":[" pair                                 \
  "],\"special_tokens\":{\"s\":{\"id\":"                                                                     \
  "\"s\",\"ids\":[2],\"tokens\":[\"[SEP]\"]}}}"
#define A "{\"Sequence\":{\"id\":\"A\",\"type_id\":0}}"
#define B "{\"Sequence\":{\"id\":\"B\",\"type_id\":1}}"
  check_refused(FILE_OF(ADDED, NORMALIZER, WORDS, PIECES(B, A), DECODER, MODEL(VOCAB)), TL_ERR_FORMAT,
                "single");
  check_refused(FILE_OF(ADDED, NORMALIZER, WORDS,
                        PIECES("{\"SpecialToken\":{\"id\":\"nobody\",\"type_id\":0}}", A), DECODER,
                        MODEL(VOCAB)),
                TL_ERR_FORMAT, "nobody");
  check_refused(FILE_OF(ADDED, NORMALIZER, WORDS, PIECES("{}", A), DECODER, MODEL(VOCAB)), TL_ERR_FORMAT,
                "piece");
  check_refused(FILE_OF(ADDED, NORMALIZER, WORDS, PIECES("{\"Sequence\":{\"id\":\"A\",\"type_id\":-1}}", A),
                        DECODER, MODEL(VOCAB)),
                TL_ERR_FORMAT, "type_id");
}

TEST(sparse_and_repeated_ids_are_taken_as_they_are) {
  static const char json[] =
      FILE_OF(ADDED, NORMALIZER, WORDS, TEMPLATE, DECODER,
              MODEL("{\"[UNK]\":0,\"[CLS]\":1,\"[SEP]\":2,\"a\":1000000000,\"b\":7,\"c\":7}"));
  tokenizer_fixture fixture;
  if (fixture_open(&fixture, (const uint8_t *)json, sizeof json - 1, 1)) {
    CHECK_EQ_INT(tl_tokenizer_token_to_id(fixture.tokenizer, (const uint8_t *)"a", 1), 1000000000);
    CHECK_STR(tl_tokenizer_id_to_token(fixture.tokenizer, 1000000000), "a");
    CHECK_STR(tl_tokenizer_id_to_token(fixture.tokenizer, 7), "c");
    CHECK(tl_tokenizer_id_to_token(fixture.tokenizer, 999999999) == NULL);
    CHECK(tl_tokenizer_id_to_token(fixture.tokenizer, -1) == NULL);
  }
  fixture_close(&fixture);
}

TEST(every_cut_of_a_file_is_refused) {
  static const char json[] = FILE_OF(ADDED, NORMALIZER, WORDS, TEMPLATE, DECODER, MODEL(VOCAB));
  tl_context *context = tl_context_create(1);
  for (size_t size = 0; size + 1 < sizeof json; ++size) {
    tl_tokenizer *tokenizer = NULL;
    CHECK_EQ_INT(tl_tokenizer_create(context, (const uint8_t *)json, size, &tokenizer), TL_ERR_FORMAT);
  }
  CHECK_NEAR(tl_context_bytes(context), 0.0, 0.0);
  tl_context_free(context);
}

static void check_call(tokenizer_fixture *fixture, const char *pair, int32_t truncation, int32_t max_length,
                       const char *names) {
  const golden_text a = {(const uint8_t *)"a a a a a a", 11},
                    b = {(const uint8_t *)pair, pair ? strlen(pair) : 0};
  const tl_encode_options options = {
      .add_special_tokens = 1, .truncation = truncation, .max_length = max_length};
  CHECK_EQ_INT(fixture_encode(fixture, a, pair ? &b : NULL, options), TL_ERR_ARGUMENT);
  if (!CHECK(strstr(tl_context_error(fixture->context), names) != NULL))
    printf("    the sentence is \"%s\"\n", tl_context_error(fixture->context));
}

TEST(calls_that_cannot_be_met_leave_the_encoding_as_it_was) {
  tokenizer_fixture fixture;
  if (open_small(&fixture)) {
    const golden_text text = {(const uint8_t *)"ab", 2};
    CHECK_EQ_INT(fixture_encode(&fixture, text, NULL, (tl_encode_options){.add_special_tokens = 1}), TL_OK);
    check_call(&fixture, NULL, TL_TRUNCATE_LONGEST_FIRST, 1, "max_length 1 cannot hold the 2 special tokens");
    check_call(&fixture, "a", TL_TRUNCATE_LONGEST_FIRST, 2, "max_length 2 cannot hold the 3 special tokens");
    check_call(&fixture, NULL, TL_TRUNCATE_ONLY_SECOND, 5, "row 0");
    check_call(&fixture, "a", TL_TRUNCATE_ONLY_SECOND, 7, "row 0");
    check_call(&fixture, NULL, TL_TRUNCATE_LONGEST_FIRST, -1, "max_length -1");
    check_call(&fixture, NULL, 9, 5, "9 is no truncation");
    static const golden_list expected = {{1, 3, 4, 2}, 4};
    CHECK(fixture_ids_are(&fixture, 0, text, &expected));
  }
  fixture_close(&fixture);
}

TEST(no_rows_and_empty_rows_are_fine) {
  tokenizer_fixture fixture;
  if (open_small(&fixture)) {
    const tl_encode_options options = {.add_special_tokens = 1};
    CHECK_EQ_INT(tl_encoding_rows(fixture.encoding), 0);
    CHECK_EQ_INT(
        tl_tokenizer_encode(fixture.tokenizer, 0, NULL, NULL, NULL, NULL, &options, fixture.encoding), TL_OK);
    CHECK_EQ_INT(tl_encoding_offsets(fixture.encoding)[0], 0);
    const uint32_t ends[3] = {0, 1, 1};
    CHECK_EQ_INT(tl_tokenizer_encode(fixture.tokenizer, 3, (const uint8_t *)"a", ends, NULL, NULL, &options,
                                     fixture.encoding),
                 TL_OK);
    static const int32_t offsets[4] = {0, 2, 5, 7}, ids[7] = {1, 2, 1, 3, 2, 1, 2};
    CHECK_EQ_BYTES(tl_encoding_offsets(fixture.encoding), offsets, sizeof offsets);
    CHECK_EQ_BYTES(tl_encoding_ids(fixture.encoding), ids, sizeof ids);
    const uint32_t falling[2] = {1, 0};
    CHECK_EQ_INT(tl_tokenizer_encode(fixture.tokenizer, 2, (const uint8_t *)"a", falling, NULL, NULL,
                                     &options, fixture.encoding),
                 TL_ERR_ARGUMENT);
  }
  fixture_close(&fixture);
}

TEST(a_vocabulary_file_without_berts_special_tokens_is_refused) {
  tl_context *context = tl_context_create(1);
  const tl_bert_options options = {.do_lower_case = 1, .tokenize_chinese_chars = 1, .strip_accents = -1};
  static const struct {
    const char *vocab;
    const char *names;
  } cases[] = {
      {"", "[UNK]"}, {"[PAD]\n[UNK]\n[SEP]\n[MASK]\na\n", "[CLS]"}, {"[PAD]\n[UNK]\n\xff\n", "line 3"}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
    tl_tokenizer *tokenizer = NULL;
    CHECK_EQ_INT(tl_tokenizer_create_from_vocab(context, (const uint8_t *)cases[i].vocab,
                                                strlen(cases[i].vocab), &options, &tokenizer),
                 TL_ERR_FORMAT);
    CHECK(strstr(tl_context_error(context), cases[i].names) != NULL);
  }
  CHECK_NEAR(tl_context_bytes(context), 0.0, 0.0);
  tl_context_free(context);
}

TEST(a_tokenizer_describes_itself) {
  tokenizer_fixture fixture;
  if (open_small(&fixture))
    CHECK_STR(tl_tokenizer_describe(fixture.tokenizer),
              "{\"vocab_size\":5,\"length\":5,\"model\":\"WordPiece\",\"special_tokens\":{\"pad_token\":null,"
              "\"unk_token\":\"[UNK]\",\"cls_token\":\"[CLS]\",\"sep_token\":\"[SEP]\",\"mask_token\":null},"
              "\"pad_token_id\":null,\"unk_token_id\":0,\"cls_token_id\":1,\"sep_token_id\":2,\"mask_token_"
              "id\":null}");
  fixture_close(&fixture);
}
