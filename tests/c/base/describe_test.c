/* The description of the build: valid JSON that names every public enumerator with the value its header
 * gives. */
#include <ctype.h>

#include "base/golden_json.h"
#include "harness.h"
#include "tunelab/tunelab.h"

static tl_json *described(tl_context *context) {
  tl_json *json = NULL;
  const char *text = tl_describe();
  if (tl_json_parse(context, "tl_describe()", (const uint8_t *)text, strlen(text), &json) != TL_OK)
    test_check(false, tl_context_error(context), __FILE__, __LINE__);
  return json;
}

TEST(the_build_is_described) {
  tl_context *context = tl_context_create(1);
  tl_json *json = described(context);
  const tl_json_value *root = tl_json_root(json);
  CHECK_STR(tl_json_string(tl_json_get(root, "version"), NULL), TL_VERSION);
  const char *simd = tl_json_string(tl_json_get(root, "simd"), "");
  CHECK(strcmp(simd, "relaxed") == 0 || strcmp(simd, "simd") == 0 || strcmp(simd, "scalar") == 0);
  CHECK_EQ_INT(tl_json_bool(tl_json_get(root, "threads"), !TL_THREADS), TL_THREADS);
  CHECK_NEAR(tl_json_number(tl_json_get(root, "max_threads"), 0), TL_THREADS ? TL_MAX_THREADS : 1, 0);
  const tl_json_value *group = tl_json_get(tl_json_get(root, "structs"), "tl_adamw_group");
  CHECK_NEAR(tl_json_number(tl_json_get(group, "size"), 0), sizeof(tl_adamw_group), 0);
  CHECK_NEAR(tl_json_number(tl_json_get(group, "eps"), 0), offsetof(tl_adamw_group, eps), 0);
  tl_json_free(json);
  tl_context_free(context);
}

/* The value of a constant in whichever object of the description holds it. */
static double described_value(const tl_json *json, const char *name) {
  for (const tl_json_value *object = tl_json_first(tl_json_root(json)); object != NULL;
       object = tl_json_next(object))
    if (tl_json_get(object, name) != NULL)
      return tl_json_number(tl_json_get(object, name), -1);
  return -1;
}

/* Checks each `TL_NAME = number` of a header; returns how many there were. */
static int check_header(const tl_json *json, const char *name) {
  char path[1024];
  snprintf(path, sizeof path, "%s/../../../include/tunelab/%s", TL_TEST_DATA, name);
  size_t size = 0;
  char *text = (char *)read_whole_file(path, &size);
  if (!CHECK(text != NULL && size > 0))
    return 0;
  text[size - 1] = '\0';
  int count = 0;
  for (const char *at = strstr(text, "TL_"); at != NULL; at = strstr(at + 1, "TL_")) {
    size_t length = 0;
    while (isupper((unsigned char)at[length]) || isdigit((unsigned char)at[length]) || at[length] == '_')
      ++length;
    int value;
    char constant[64];
    if (length >= sizeof constant || sscanf(at + length, " = %d", &value) != 1)
      continue;
    memcpy(constant, at, length);
    constant[length] = '\0';
    if (!CHECK_NEAR(described_value(json, constant), value, 0))
      printf("    %s of %s\n", constant, name);
    ++count;
  }
  free(text);
  return count;
}

TEST(every_public_enumerator_is_described) {
  static const char *const headers[] = {"api.h",   "context.h",     "data.h",      "generator.h",
                                        "model.h", "safetensors.h", "tokenizer.h", "train.h"};
  tl_context *context = tl_context_create(1);
  tl_json *json = described(context);
  int count = 0;
  for (size_t i = 0; i < sizeof headers / sizeof *headers; ++i)
    count += check_header(json, headers[i]);
  CHECK(count >= 22); /* what there was when this was written: the search does find them */
  tl_json_free(json);
  tl_context_free(context);
}

TEST(statuses_have_names) {
  CHECK_STR(tl_status_name(TL_OK), "TL_OK");
  CHECK_STR(tl_status_name(TL_ERR_NUMERIC), "TL_ERR_NUMERIC");
  CHECK_STR(tl_status_name((tl_status)99), "unknown status");
}
