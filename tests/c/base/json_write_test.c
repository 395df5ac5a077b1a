/* Writing JSON: escapes and numbers that read back, and a text that remembers a failed append. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "harness.h"

TEST(an_empty_text_finishes_as_an_empty_string) {
  tl_context *context = tl_context_create(1);
  tl_text text;
  tl_text_init(&text, context);
  CHECK(text.bytes == NULL);
  CHECK_EQ_INT(tl_text_finish(&text), TL_OK);
  CHECK_STR(text.bytes, "");
  CHECK_EQ_INT(text.size, 0);
  tl_text_free(&text);
  CHECK(text.bytes == NULL);
  CHECK_NEAR(tl_context_bytes(context), 0, 0);
  tl_context_free(context);
}

TEST(strings_are_escaped_as_json_wants) {
  tl_context *context = tl_context_create(1);
  tl_text text;
  tl_text_init(&text, context);
  tl_text_json_string(&text, "a\"b\\c\n\t\r\b\f\x01\x1F/\x7F\xC3\xA9\xF0\x9F\x98\x80");
  tl_text_append(&text, ",", 1);
  tl_text_json_string(&text, "\xFF|\xC3");
  tl_text_append(&text, ",", 1);
  tl_text_json_string(&text, NULL);
  tl_text_append(&text, ",", 1);
  tl_text_json_string(&text, "");
  CHECK_EQ_INT(tl_text_finish(&text), TL_OK);
  CHECK_STR(text.bytes, "\"a\\\"b\\\\c\\n\\t\\r\\b\\f\\u0001\\u001f/\x7F\xC3\xA9\xF0\x9F\x98\x80\","
                        "\"\xEF\xBF\xBD|\xEF\xBF\xBD\",null,\"\"");
  CHECK_EQ_INT(text.size, strlen(text.bytes));
  tl_text_free(&text);
  tl_context_free(context);
}

TEST(every_ascii_character_reads_back) {
  tl_context *context = tl_context_create(1);
  char all[128];
  for (int i = 1; i < 128; ++i)
    all[i - 1] = (char)i;
  all[127] = '\0';
  tl_text text;
  tl_text_init(&text, context);
  tl_text_json_string(&text, all);
  REQUIRE(tl_text_finish(&text) == TL_OK);
  tl_json *json = NULL;
  CHECK_EQ_INT(tl_json_parse(context, "text", (const uint8_t *)text.bytes, text.size, &json), TL_OK);
  CHECK_STR(tl_json_string(tl_json_root(json), NULL), all);
  tl_json_free(json);
  tl_text_free(&text);
  tl_context_free(context);
}

TEST(numbers_have_the_fewest_digits_that_read_back) {
  static const struct {
    double number;
    const char *text;
  } cases[] = {
      {0, "0"},
      {-1, "-1"},
      {0.1, "0.1"},
      {384, "384"},
      {1e22, "1e+22"},
      {5e-5, "5e-05"},
      {1.0 / 3, "0.3333333333333333"},
      {0.1 + 0.2, "0.30000000000000004"},
      {DBL_MAX, "1.7976931348623157e+308"},
      {DBL_TRUE_MIN, "4.94065645841247e-324"},
      {(double)NAN, "null"},
      {HUGE_VAL, "null"},
      {-HUGE_VAL, "null"},
  };
  tl_context *context = tl_context_create(1);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
    tl_text text;
    tl_text_init(&text, context);
    tl_text_json_number(&text, cases[i].number);
    CHECK_EQ_INT(tl_text_finish(&text), TL_OK);
    CHECK_STR(text.bytes, cases[i].text);
    if (isfinite(cases[i].number))
      CHECK_NEAR(strtod(text.bytes, NULL), cases[i].number, 0);
    tl_text_free(&text);
  }
  tl_context_free(context);
}

TEST(a_text_grows_over_many_appends) {
  tl_context *context = tl_context_create(1);
  tl_text text;
  tl_text_init(&text, context);
  for (int i = 0; i < 3000; ++i)
    tl_text_format(&text, "%d;", i % 10);
  CHECK_EQ_INT(tl_text_finish(&text), TL_OK);
  CHECK_EQ_INT(text.size, 6000);
  for (int i = 0; i < 3000; ++i)
    if (text.bytes[2 * i] != '0' + i % 10 || text.bytes[2 * i + 1] != ';') {
      CHECK_EQ_INT(i, -1);
      break;
    }
  CHECK_EQ_INT(text.bytes[6000], 0);
  tl_text_free(&text);
  tl_context_free(context);
}

TEST(a_failed_append_is_remembered_until_the_end) {
  tl_context *context = tl_context_create(1);
  tl_text text;
  tl_text_init(&text, context);
  tl_text_append(&text, "kept", 4);
  tl_context_set_max_bytes(context, tl_context_bytes(context) + 100);
  char long_piece[1000];
  memset(long_piece, 'x', sizeof long_piece);
  tl_text_append(&text, long_piece, sizeof long_piece);
  CHECK(text.broken);
  tl_context_set_max_bytes(context, 0);
  tl_text_append(&text, "lost", 4); /* a text with a hole would be worse than none */
  CHECK_EQ_INT(tl_text_finish(&text), TL_ERR_MEMORY);
  CHECK(strstr(tl_context_error(context), "not enough memory for a text") != NULL);
  CHECK_STR(text.bytes, "kept");
  tl_text_free(&text);
  tl_context_free(context);
}
