/* Hostile safetensors headers: each is refused with the right status and a sentence that names what is wrong.
 */
#include "model_fixture.h"

typedef struct bad_header {
  const char *json;
  uint64_t data; /* the data's bytes */
  tl_status status;
  const char *sentence; /* a part of it */
} bad_header;

#define HEADER "safetensors header: "
static const bad_header bad_headers[] = {
    {"", 0, TL_ERR_FORMAT, "safetensors header"},
    {"{", 0, TL_ERR_FORMAT, "safetensors header"},
    {"[]", 0, TL_ERR_FORMAT, "is not a JSON object"},
    {"null", 0, TL_ERR_FORMAT, "is not a JSON object"},
    {"{} x", 0, TL_ERR_FORMAT, "safetensors header"},
    {"{\"a\":{}}", 0, TL_ERR_FORMAT, HEADER "tensor a has no dtype"},
    {"{\"a\":3}", 0, TL_ERR_FORMAT, HEADER "tensor a is not described by an object"},
    {"{\"a\":{\"dtype\":7,\"shape\":[1],\"data_offsets\":[0,4]}}", 4, TL_ERR_FORMAT, "has no dtype"},
    {"{\"a\":{\"dtype\":\"Q7\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4, TL_ERR_UNSUPPORTED,
     "unknown dtype \"Q7\""},
    {"{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,4]}}", 4, TL_ERR_FORMAT, "tensor a has no shape"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":4,\"data_offsets\":[0,4]}}", 4, TL_ERR_FORMAT,
     "tensor a has no shape"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}", 4, TL_ERR_FORMAT,
     "no list of whole numbers"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,6]}}", 6, TL_ERR_FORMAT,
     "no list of whole numbers"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[\"1\"],\"data_offsets\":[0,4]}}", 4, TL_ERR_FORMAT,
     "no list of whole numbers"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1e300],\"data_offsets\":[0,4]}}", 4, TL_ERR_FORMAT,
     "no list of whole numbers"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,0]}}", 0, TL_ERR_FORMAT,
     "overflows"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904],\"data_offsets\":[0,0]}}", 0, TL_ERR_FORMAT,
     "whole numbers"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1,1,1,1,1,1,1,1,1],\"data_offsets\":[0,4]}}", 4,
     TL_ERR_UNSUPPORTED, "dimensions"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}", 4, TL_ERR_FORMAT, "no data_offsets"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":4}}", 4, TL_ERR_FORMAT, "no data_offsets"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4]}}", 4, TL_ERR_FORMAT, "no data_offsets"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4,8]}}", 4, TL_ERR_FORMAT,
     "no data_offsets"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":{\"x\":0,\"y\":4}}}", 4, TL_ERR_FORMAT,
     "no data_offsets"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[-4,0]}}", 4, TL_ERR_FORMAT,
     "no data_offsets"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4.5]}}", 4, TL_ERR_FORMAT,
     "no data_offsets"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}}", 4, TL_ERR_FORMAT, "run backwards"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}", 4, TL_ERR_FORMAT,
     "disagree with its shape"},
    {"{\"a\":{\"dtype\":\"F16\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4, TL_ERR_FORMAT,
     "disagree with its shape"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 3, TL_ERR_FORMAT,
     "truncated: tensor a ends at byte 4"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 5, TL_ERR_FORMAT,
     "end at byte 4 of the data, which has 5"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", 8, TL_ERR_FORMAT, "leaves a hole"},
    {"{}", 4, TL_ERR_FORMAT, "end at byte 0"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
     "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
     8, TL_ERR_FORMAT, "tensor b overlaps"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
     "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
     4, TL_ERR_FORMAT, "tensor b overlaps"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
     "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[8,12]}}",
     12, TL_ERR_FORMAT, "tensor b leaves a hole"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
     "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
     8, TL_ERR_FORMAT, "tensor a is there twice"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]},"
     "\"a\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}}",
     0, TL_ERR_FORMAT, "tensor a is there twice"},
    {"{\"__metadata__\":4}", 0, TL_ERR_FORMAT, "__metadata__ is not an object of strings"},
    {"{\"__metadata__\":{\"format\":1}}", 0, TL_ERR_FORMAT, "__metadata__ is not an object of strings"},
    {"{\"a\\u0000b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4, TL_ERR_UNSUPPORTED,
     "safetensors header"},
    {"{\"a\xff\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4, TL_ERR_FORMAT,
     "safetensors header"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,9007199254740994]}}", 4, TL_ERR_FORMAT,
     "no data_offsets"},
};

/* Opens a header text as a file would have it, with `data` bytes behind it. */
static tl_status open_text(tl_context *context, const char *json, uint64_t data, tl_safetensors **out) {
  size_t length = strlen(json);
  /* Of exactly the header's size: a sanitizer sees what reads beyond it. */
  uint8_t *bytes = malloc(length + 8);
  if (bytes == NULL)
    return TL_ERR_MEMORY;
  for (int i = 0; i < 8; i++)
    bytes[i] = (uint8_t)((uint64_t)length >> (8 * i));
  memcpy(bytes + 8, json, length);
  tl_status status = tl_safetensors_open(context, bytes, length + 8, length + 8 + data, out);
  free(bytes);
  return status;
}

TEST(every_malformed_header_is_refused_with_its_reason) {
  tl_context *context = tl_context_create(1);
  for (size_t i = 0; i < sizeof bad_headers / sizeof *bad_headers; i++) {
    const bad_header *bad = &bad_headers[i];
    tl_safetensors *file = NULL;
    bool ok = CHECK_EQ_INT(open_text(context, bad->json, bad->data, &file), bad->status) &&
              CHECK(file == NULL) && CHECK(strstr(tl_context_error(context), bad->sentence) != NULL);
    if (!ok)
      printf("    header %zu: %s\n    error: %s\n", i, bad->json, tl_context_error(context));
    tl_safetensors_free(file);
  }
  CHECK_NEAR(tl_context_bytes(context), 0.0, 0.0);
  tl_context_free(context);
}

TEST(a_length_that_cannot_be_is_refused) {
  tl_context *context = tl_context_create(1);
  uint64_t size = 77;
  static const uint8_t huge[8] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
  static const uint8_t ten[8] = {10};
  static const uint8_t beyond_cap[8] = {1, 0xe1, 0xf5, 5}; /* 100,000,001 */
  CHECK_EQ_INT(tl_safetensors_header_size(context, ten, 7, &size), TL_ERR_FORMAT);
  CHECK_EQ_INT(tl_safetensors_header_size(context, huge, 1000, &size), TL_ERR_FORMAT);
  CHECK_EQ_INT(tl_safetensors_header_size(context, beyond_cap, (uint64_t)1 << 40, &size), TL_ERR_FORMAT);
  CHECK_EQ_INT(tl_safetensors_header_size(context, ten, 17, &size), TL_ERR_FORMAT);
  CHECK(strstr(tl_context_error(context), "truncated") != NULL);
  CHECK_EQ_INT(size, 77);
  CHECK_EQ_INT(tl_safetensors_header_size(context, ten, 18, &size), TL_OK);
  CHECK_EQ_INT(size, 10);
  tl_context_free(context);
}

TEST(fewer_or_more_bytes_than_the_header_has_are_refused) {
  tl_context *context = tl_context_create(1);
  static const uint8_t bytes[12] = {2, 0, 0, 0, 0, 0, 0, 0, '{', '}', 'x', 'x'};
  tl_safetensors *file = NULL;
  CHECK_EQ_INT(tl_safetensors_open(context, bytes, 5, 10, &file), TL_ERR_FORMAT);
  CHECK_EQ_INT(tl_safetensors_open(context, bytes, 9, 10, &file), TL_ERR_ARGUMENT);
  CHECK_EQ_INT(tl_safetensors_open(context, bytes, 12, 12, &file), TL_ERR_ARGUMENT);
  CHECK_EQ_INT(tl_safetensors_open(context, bytes, 10, 10, &file), TL_OK);
  CHECK_EQ_INT(tl_safetensors_count(file), 0);
  tl_safetensors_free(file);
  tl_context_free(context);
}

TEST(a_valid_header_is_read_in_file_order_whatever_its_own_order) {
  tl_context *context = tl_context_create(1);
  tl_safetensors *file = NULL;
  static const char json[] = "{\"__metadata__\":{\"format\":\"pt\"},"
                             "\"second\":{\"dtype\":\"F16\",\"shape\":[2,1],\"data_offsets\":[8,12]},"
                             "\"empty\":{\"dtype\":\"F32\",\"shape\":[0,3],\"data_offsets\":[8,8]},"
                             "\"scalar\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[0,8]}}   ";
  REQUIRE(open_text(context, json, 12, &file) == TL_OK);
  REQUIRE(tl_safetensors_count(file) == 3);
  CHECK_STR(file->tensors[0].name, "scalar");
  CHECK_STR(file->tensors[1].name, "empty");
  CHECK_STR(file->tensors[2].name, "second");
  CHECK_EQ_INT(file->tensors[0].rank, 0);
  CHECK_EQ_INT(file->tensors[2].shape[0], 2);
  CHECK_EQ_INT(file->tensors[2].begin, 8);
  CHECK_EQ_INT(file->data, 8 + strlen(json));
  tl_safetensors_free(file);
  tl_context_free(context);
}
