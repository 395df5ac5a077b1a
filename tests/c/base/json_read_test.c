/* Reading JSON: exact lookups and kinds, and hostile bytes that end in one clear sentence. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "harness.h"

/* Parses a heap copy of the exact size, so that a sanitizer sees a read past the end. */
static tl_status parse(tl_context *context, const void *bytes, size_t size, tl_json **out) {
  uint8_t *copy = malloc(size + (size == 0));
  memcpy(copy, bytes, size);
  const tl_status status = tl_json_parse(context, "config.json", copy, size, out);
  free(copy);
  return status;
}

static tl_json *parse_text(tl_context *context, const char *text) {
  tl_json *json = NULL;
  if (parse(context, text, strlen(text), &json) != TL_OK)
    test_check(false, tl_context_error(context), __FILE__, __LINE__);
  return json;
}

TEST(names_are_matched_letter_for_letter_and_the_last_of_two_wins) {
  tl_context *context = tl_context_create(1);
  tl_json *json = parse_text(context, " {\"Hidden\": 1, \"hidden\": 2, \"a\": 3, \"a\": 4}\r\n\t ");
  const tl_json_value *root = tl_json_root(json);
  CHECK_NEAR(tl_json_number(tl_json_get(root, "hidden"), 0), 2, 0);
  CHECK_NEAR(tl_json_number(tl_json_get(root, "Hidden"), 0), 1, 0);
  CHECK_NEAR(tl_json_number(tl_json_get(root, "a"), 0), 4, 0);
  CHECK(tl_json_get(root, "HIDDEN") == NULL);
  CHECK(tl_json_get(root, "") == NULL);
  CHECK_EQ_INT(tl_json_count(root), 4);
  tl_json_free(json);
  CHECK_NEAR(tl_context_bytes(context), 0, 0);
  tl_context_free(context);
}

TEST(values_are_read_by_kind_and_fall_back_otherwise) {
  tl_context *context = tl_context_create(1);
  tl_json *json =
      parse_text(context, "{\"n\": null, \"t\": true, \"f\": false, \"x\": -1.5e2, \"s\": \"h\\u00e9\\n\","
                          " \"l\": [1, \"two\", []], \"o\": {\"k\": 1}}");
  const tl_json_value *root = tl_json_root(json);
  CHECK_EQ_INT(tl_json_kind_of(root), TL_JSON_OBJECT);
  CHECK_EQ_INT(tl_json_kind_of(tl_json_get(root, "n")), TL_JSON_NULL);
  CHECK_EQ_INT(tl_json_kind_of(tl_json_get(root, "t")), TL_JSON_BOOL);
  CHECK_EQ_INT(tl_json_kind_of(tl_json_get(root, "x")), TL_JSON_NUMBER);
  CHECK_EQ_INT(tl_json_kind_of(tl_json_get(root, "s")), TL_JSON_STRING);
  CHECK_EQ_INT(tl_json_kind_of(tl_json_get(root, "l")), TL_JSON_ARRAY);
  CHECK_EQ_INT(tl_json_kind_of(tl_json_get(root, "o")), TL_JSON_OBJECT);
  CHECK_EQ_INT(tl_json_kind_of(tl_json_get(root, "absent")), TL_JSON_ABSENT);
  CHECK(tl_json_bool(tl_json_get(root, "t"), false));
  CHECK(!tl_json_bool(tl_json_get(root, "f"), true));
  CHECK(tl_json_bool(tl_json_get(root, "x"), true));
  CHECK_NEAR(tl_json_number(tl_json_get(root, "x"), 0), -150, 0);
  CHECK_NEAR(tl_json_number(tl_json_get(root, "s"), 7), 7, 0);
  CHECK_STR(tl_json_string(tl_json_get(root, "s"), NULL), "h\xC3\xA9\n");
  CHECK_STR(tl_json_string(tl_json_get(root, "n"), "fallback"), "fallback");
  CHECK_STR(tl_json_string(NULL, "fallback"), "fallback");

  const tl_json_value *item = tl_json_first(tl_json_get(root, "l"));
  CHECK_NEAR(tl_json_number(item, 0), 1, 0);
  CHECK_STR(tl_json_name(item), "");
  item = tl_json_next(item);
  CHECK_STR(tl_json_string(item, NULL), "two");
  item = tl_json_next(item);
  CHECK_EQ_INT(tl_json_count(item), 0);
  CHECK(tl_json_first(item) == NULL);
  CHECK(tl_json_next(item) == NULL);
  CHECK_STR(tl_json_name(tl_json_first(tl_json_get(root, "o"))), "k");
  CHECK(tl_json_get(tl_json_get(root, "l"), "k") == NULL); /* a list has no members */
  tl_json_free(json);
  tl_context_free(context);
}

TEST(everything_reads_an_absent_value) {
  CHECK_EQ_INT(tl_json_kind_of(NULL), TL_JSON_ABSENT);
  CHECK(tl_json_get(NULL, "a") == NULL);
  CHECK(tl_json_first(NULL) == NULL);
  CHECK(tl_json_next(NULL) == NULL);
  CHECK_STR(tl_json_name(NULL), "");
  CHECK_EQ_INT(tl_json_count(NULL), 0);
  CHECK(tl_json_bool(NULL, true));
  int64_t integer = 5;
  CHECK(!tl_json_integer(NULL, 0, 10, &integer));
  CHECK_EQ_INT(integer, 5);
  tl_json_free(NULL);
}

typedef struct integer_case {
  const char *text;
  int64_t low, high;
  bool read;
  int64_t value;
} integer_case;

TEST(integers_are_whole_in_range_and_exact) {
  static const integer_case cases[] = {
      {"12", 0, 100, true, 12},
      {"-3", -3, -3, true, -3},
      {"1e3", 0, 1000, true, 1000},
      {"5.0", 0, 9, true, 5},
      {"9007199254740992", 0, INT64_MAX, true, INT64_C(9007199254740992)},
      {"101", 0, 100, false, 0},
      {"-1", 0, 100, false, 0},
      {"2.5", 0, 100, false, 0},
      {"1e999", INT64_MIN, INT64_MAX, false, 0},
      {"-1e999", INT64_MIN, INT64_MAX, false, 0},
      {"9223372036854775807", 0, INT64_MAX, false, 0}, /* a double cannot tell it from its neighbours */
      {"\"12\"", 0, 100, false, 0},
      {"true", 0, 100, false, 0},
      {"null", 0, 100, false, 0},
      {"[1]", 0, 100, false, 0},
  };
  tl_context *context = tl_context_create(1);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
    tl_json *json = parse_text(context, cases[i].text);
    int64_t value = 0;
    CHECK_EQ_INT(tl_json_integer(tl_json_root(json), cases[i].low, cases[i].high, &value), cases[i].read);
    CHECK_EQ_INT(value, cases[i].value);
    tl_json_free(json);
  }
  tl_context_free(context);
}

typedef struct hostile {
  const char *bytes;
  size_t size;
  tl_status status;
  const char *sentence;
} hostile;

#define BYTES(literal) literal, sizeof literal - 1

TEST(hostile_documents_are_refused_with_the_place) {
  static const hostile documents[] = {
      {BYTES(""), TL_ERR_FORMAT, "config.json is empty; expected JSON"},
      {BYTES("   "), TL_ERR_FORMAT, "config.json is not valid JSON at byte"},
      {BYTES("{"), TL_ERR_FORMAT, "config.json is not valid JSON at byte"},
      {BYTES("{\"a\":1"), TL_ERR_FORMAT, "config.json is not valid JSON at byte"},
      {BYTES("{\"a\":}"), TL_ERR_FORMAT, "config.json is not valid JSON at byte 5 of 6"},
      {BYTES("{\"a\" 1}"), TL_ERR_FORMAT, "config.json is not valid JSON at byte 5 of 7"},
      {BYTES("{a:1}"), TL_ERR_FORMAT, "config.json is not valid JSON at byte"},
      {BYTES("[1,]"), TL_ERR_FORMAT, "config.json is not valid JSON at byte 3 of 4"},
      {BYTES("[1 2]"), TL_ERR_FORMAT, "config.json is not valid JSON at byte 3 of 5"},
      {BYTES("\"abc"), TL_ERR_FORMAT, "config.json is not valid JSON at byte"},
      {BYTES("\"abc\\"), TL_ERR_FORMAT, "config.json is not valid JSON at byte"},
      {BYTES("\"\\u12\""), TL_ERR_FORMAT, "config.json is not valid JSON at byte"},
      {BYTES("\"\\ud800\""), TL_ERR_FORMAT,
       "config.json is not valid JSON at byte"}, /* half a surrogate pair */
      {BYTES("\"\\udc00\\ud800\""), TL_ERR_FORMAT, "config.json is not valid JSON at byte"},
      {BYTES("\"\\x41\""), TL_ERR_FORMAT, "config.json is not valid JSON at byte"},
      {BYTES("nul"), TL_ERR_FORMAT, "config.json is not valid JSON at byte 0 of 3"},
      {BYTES("NaN"), TL_ERR_FORMAT, "config.json is not valid JSON at byte 0 of 3"},
      {BYTES("-"), TL_ERR_FORMAT, "config.json is not valid JSON at byte 0 of 1"},
      {BYTES("-Infinity"), TL_ERR_FORMAT, "config.json is not valid JSON at byte"},
      {BYTES("{} {}"), TL_ERR_FORMAT, "config.json is not valid JSON at byte 3 of 5"},
      {BYTES("1 x"), TL_ERR_FORMAT, "config.json is not valid JSON at byte 2 of 3"},
      {BYTES("{}\0"), TL_ERR_FORMAT, "config.json is not valid JSON: a zero byte at 2 of 3"},
      {BYTES("{\"a\0b\":1}"), TL_ERR_FORMAT, "config.json is not valid JSON: a zero byte at 3 of 9"},
      {BYTES("\"\xFF\""), TL_ERR_FORMAT, "config.json is not valid UTF-8 at byte 1 of 3"},
      {BYTES("\"\xED\xA0\x80\""), TL_ERR_FORMAT, "config.json is not valid UTF-8 at byte 1 of 5"},
      {BYTES("\"\xF0\x9F\x98\""), TL_ERR_FORMAT, "config.json is not valid UTF-8 at byte 1 of 5"},
      {BYTES("\"\xC3"), TL_ERR_FORMAT, "config.json is not valid UTF-8 at byte 1 of 2"},
      {BYTES("{\"a\\u0000b\":1}"), TL_ERR_UNSUPPORTED, "config.json holds a string with U+0000 at byte 3"},
      {BYTES("[\"\\\\\\u0000\"]"), TL_ERR_UNSUPPORTED, "config.json holds a string with U+0000 at byte 4"},
  };
  tl_context *context = tl_context_create(1);
  for (size_t i = 0; i < sizeof documents / sizeof *documents; ++i) {
    const hostile *document = &documents[i];
    tl_json *json = NULL;
    CHECK_EQ_INT(parse(context, document->bytes, document->size, &json), document->status);
    CHECK(json == NULL);
    if (!CHECK(strncmp(tl_context_error(context), document->sentence, strlen(document->sentence)) == 0))
      CHECK_STR(tl_context_error(context), document->sentence);
    tl_json_free(json);
  }
  CHECK_NEAR(tl_context_bytes(context), 0, 0);
  tl_context_free(context);
}

TEST(an_escaped_backslash_before_u0000_is_plain_text) {
  tl_context *context = tl_context_create(1);
  tl_json *json = parse_text(context, "\"\\\\u0000\"");
  CHECK_STR(tl_json_string(tl_json_root(json), NULL), "\\u0000");
  tl_json_free(json);
  json = parse_text(context, "\"\xEF\xBF\xBD\""); /* U+FFFD itself is valid */
  CHECK_STR(tl_json_string(tl_json_root(json), NULL), "\xEF\xBF\xBD");
  tl_json_free(json);
  tl_context_free(context);
}

TEST(every_cut_of_a_document_is_refused) {
  static const char document[] =
      "{\"model_type\": \"bert\", \"x\": [1, -2.5e-3, true, null, {\"\\u00e9\\ud83d\\ude00\": \"\\\\\"}]}";
  tl_context *context = tl_context_create(1);
  for (size_t size = 0; size < sizeof document - 1; ++size) {
    tl_json *json = NULL;
    CHECK_EQ_INT(parse(context, document, size, &json), TL_ERR_FORMAT);
    CHECK(json == NULL);
  }
  tl_json_free(parse_text(context, document));
  tl_context_free(context);
}

TEST(nesting_is_bounded_so_that_no_document_exhausts_the_stack) {
  tl_context *context = tl_context_create(1);
  enum { DEEP = 100000, FINE = 500 };
  char *text = malloc(2 * DEEP + 1);
  memset(text, '[', DEEP);
  memset(text + DEEP, ']', DEEP);
  tl_json *json = NULL;
  CHECK_EQ_INT(parse(context, text, 2 * DEEP, &json), TL_ERR_FORMAT);
  CHECK_EQ_INT(parse(context, text + DEEP - FINE, 2 * FINE, &json), TL_OK);
  tl_json_free(json);
  free(text);
  tl_context_free(context);
}

TEST(a_number_too_long_for_the_parser_is_an_error_not_a_wrong_value) {
  tl_context *context = tl_context_create(1);
  char digits[200];
  memset(digits, '1', sizeof digits);
  tl_json *json = NULL;
  CHECK_EQ_INT(parse(context, digits, sizeof digits, &json), TL_ERR_FORMAT);
  CHECK(json == NULL);
  tl_context_free(context);
}
