/* Pairing a file with a model when the two disagree, and loading piece by piece. */
#include "model_fixture.h"

/* A file of one tensor a row, float32 unless its dtype says otherwise, all data zero bytes but the first
 * row's, which count up. */
typedef struct row {
  const char *name;
  const char *dtype;
  const char *shape;
  size_t bytes;
} row;

static tl_safetensors *file_of(tl_context *context, const row *rows, size_t count) {
  char json[4096];
  size_t used = (size_t)snprintf(json, sizeof json, "{");
  size_t at = 0;
  for (size_t i = 0; i < count; i++) {
    used += (size_t)snprintf(json + used, sizeof json - used,
                             "%s\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%zu,%zu]}",
                             i > 0 ? "," : "", rows[i].name, rows[i].dtype, rows[i].shape, at,
                             at + rows[i].bytes);
    at += rows[i].bytes;
  }
  used += (size_t)snprintf(json + used, sizeof json - used, "}");
  uint8_t bytes[4096 + 8] = {(uint8_t)used, (uint8_t)(used >> 8)};
  memcpy(bytes + 8, json, used);
  tl_safetensors *file = NULL;
  if (tl_safetensors_open(context, bytes, used + 8, used + 8 + at, &file) != TL_OK)
    printf("  %s\n", tl_context_error(context));
  return file;
}

/* tiny_bert has 12 hidden, 20 words, 2 labels here. */
static const row word = {"bert.embeddings.word_embeddings.weight", "F32", "[20,12]", 20 * 12 * 4};

TEST(a_head_of_another_width_is_refused_unless_it_may_be_initialised_anew) {
  tl_context *context = tl_context_create(1);
  tl_model *model = tiny_bert(context, 1, 2, 0.0);
  const row rows[] = {
      word, {"classifier.weight", "F32", "[5,12]", 240}, {"classifier.bias", "F32", "[5]", 20}};
  tl_safetensors *file = file_of(context, rows, 3);
  REQUIRE(model != NULL && file != NULL);
  CHECK_EQ_INT(tl_model_match(model, file, TL_MATCH_STRICT), TL_ERR_MISMATCH);
  CHECK_STR(tl_context_error(context),
            "size mismatch for classifier.weight: the file has [5, 12], the model [2, 12]; "
            "ignore_mismatched_sizes initialises it anew");
  CHECK(tl_model_match_report(model) == NULL);
  CHECK_EQ_INT(tl_model_match(model, file, TL_MATCH_REINIT_HEAD), TL_OK);
  const char *report = tl_model_match_report(model);
  CHECK(strstr(report, "\"mismatched\": [{\"name\": \"classifier.bias\", \"file\": [5], \"model\": [2]}, "
                       "{\"name\": \"classifier.weight\", \"file\": [5, 12], \"model\": [2, 12]}]") != NULL);
  CHECK(strstr(report, "\"unexpected\": []") != NULL);
  CHECK(model->spans[model->at.classifier].missing);
  CHECK(!model->spans[model->at.word].missing);
  uint8_t bytes[4] = {0};
  CHECK_EQ_INT(tl_model_load(model, file, 1, 0, bytes, 4), TL_ERR_ARGUMENT);
  tl_safetensors_free(file);
  tl_model_free(model);
  tl_context_free(context);
}

TEST(a_base_tensor_of_another_shape_is_refused_in_either_mode) {
  tl_context *context = tl_context_create(1);
  tl_model *model = tiny_bert(context, 1, 2, 0.0);
  const row rows[] = {{word.name, "F32", "[21,12]", 21 * 12 * 4}};
  tl_safetensors *file = file_of(context, rows, 1);
  REQUIRE(model != NULL && file != NULL);
  for (int mode = TL_MATCH_STRICT; mode <= TL_MATCH_REINIT_HEAD; mode++) {
    CHECK_EQ_INT(tl_model_match(model, file, (tl_match_mode)mode), TL_ERR_MISMATCH);
    CHECK_STR(tl_context_error(context),
              "size mismatch for bert.embeddings.word_embeddings.weight: the file has "
              "[21, 12], the model [20, 12]; config and weights disagree");
  }
  tl_safetensors_free(file);
  tl_model_free(model);
  tl_context_free(context);
}

TEST(weights_of_a_type_without_conversion_are_refused_but_unused_ones_are_not) {
  tl_context *context = tl_context_create(1);
  tl_model *model = tiny_bert(context, 1, 2, 0.0);
  const row whole_numbers[] = {{word.name, "I64", "[20,12]", 20 * 12 * 8}};
  tl_safetensors *file = file_of(context, whole_numbers, 1);
  REQUIRE(model != NULL && file != NULL);
  CHECK_EQ_INT(tl_model_match(model, file, TL_MATCH_STRICT), TL_ERR_UNSUPPORTED);
  CHECK_STR(tl_context_error(context), "bert.embeddings.word_embeddings.weight is stored as I64; weights are "
                                       "read from F32, F16, BF16 and F64");
  tl_safetensors_free(file);
  const row buffers[] = {
      word, {"bert.embeddings.position_ids", "I64", "[1,10]", 80}, {"other", "I64", "[1]", 8}};
  file = file_of(context, buffers, 3);
  REQUIRE(file != NULL);
  CHECK_EQ_INT(tl_model_match(model, file, TL_MATCH_STRICT), TL_OK);
  CHECK(strstr(tl_model_match_report(model), "\"unexpected\": [\"other\"]") != NULL);
  tl_safetensors_free(file);
  tl_model_free(model);
  tl_context_free(context);
}

TEST(of_two_tensors_for_one_span_the_one_with_the_whole_name_is_read) {
  tl_context *context = tl_context_create(1);
  tl_model *model = tiny_bert(context, 1, 2, 0.0);
  const row rows[] = {{"embeddings.word_embeddings.weight", "F32", "[20,12]", 20 * 12 * 4}, word};
  tl_safetensors *file = file_of(context, rows, 2);
  REQUIRE(model != NULL && file != NULL);
  CHECK_EQ_INT(tl_model_match(model, file, TL_MATCH_STRICT), TL_OK);
  CHECK(strstr(tl_model_match_report(model), "\"unexpected\": [\"embeddings.word_embeddings.weight\"]") !=
        NULL);
  CHECK(strstr(tl_model_match_report(model), "\"reads\": [{\"tensor\": 1,") != NULL);
  tl_safetensors_free(file);
  tl_model_free(model);
  tl_context_free(context);
}

TEST(the_report_says_where_in_the_file_and_in_the_weights_a_tensor_lies) {
  tl_context *context = tl_context_create(1);
  tl_model *model = tiny_bert(context, 1, 2, 0.0);
  const row rows[] = {{"unknown", "F32", "[1]", 4}, {"bert.pooler.dense.bias", "F16", "[12]", 24}, word};
  tl_safetensors *file = file_of(context, rows, 3);
  REQUIRE(model != NULL && file != NULL);
  CHECK_EQ_INT(tl_model_match(model, file, TL_MATCH_STRICT), TL_OK);
  int32_t bias = tl_model_find_span(model, "bert.pooler.dense.bias");
  REQUIRE(bias >= 0);
  char expected[256];
  snprintf(expected, sizeof expected, "\"dtype\": \"F16\", \"begin\": %llu, \"bytes\": 24, \"offset\": %zu}",
           (unsigned long long)file->data + 4, model->spans[bias].offset);
  CHECK(strstr(tl_model_match_report(model), expected) != NULL);
  tl_safetensors_free(file);
  tl_model_free(model);
  tl_context_free(context);
}

TEST(pieces_that_do_not_lie_in_the_tensor_are_refused_and_write_nothing) {
  tl_context *context = tl_context_create(1);
  tl_model *model = tiny_bert(context, 1, 2, 0.0);
  const row rows[] = {word, {"unknown", "F32", "[1]", 4}};
  tl_safetensors *file = file_of(context, rows, 2);
  tl_safetensors *other = file_of(context, rows, 2);
  REQUIRE(model != NULL && file != NULL && other != NULL);
  size_t bytes = model->parameters * sizeof(float);
  float *before = malloc(bytes);
  REQUIRE(before != NULL);
  memcpy(before, tl_model_weights(model), bytes);
  uint8_t piece[16] = {0};
  CHECK_EQ_INT(tl_model_load(model, file, 0, 0, piece, 4), TL_ERR_ARGUMENT); /* nothing was matched yet */
  REQUIRE(tl_model_match(model, file, TL_MATCH_STRICT) == TL_OK);
  CHECK_EQ_INT(tl_model_load(model, other, 0, 0, piece, 4), TL_ERR_ARGUMENT);
  CHECK_EQ_INT(tl_model_load(model, file, -1, 0, piece, 4), TL_ERR_ARGUMENT);
  CHECK_EQ_INT(tl_model_load(model, file, 1, 0, piece, 4), TL_ERR_ARGUMENT);
  CHECK_EQ_INT(tl_model_load(model, file, 2, 0, piece, 4), TL_ERR_ARGUMENT);
  CHECK_EQ_INT(tl_model_load(model, file, 0, 2, piece, 4), TL_ERR_ARGUMENT);
  CHECK_EQ_INT(tl_model_load(model, file, 0, 0, piece, 3), TL_ERR_ARGUMENT);
  CHECK_EQ_INT(tl_model_load(model, file, 0, word.bytes - 4, piece, 8), TL_ERR_ARGUMENT);
  CHECK_EQ_INT(tl_model_load(model, file, 0, UINT64_MAX - 3, piece, 8), TL_ERR_ARGUMENT);
  CHECK_EQ_BYTES(tl_model_weights(model), before, bytes);
  CHECK_EQ_INT(tl_model_load(model, file, 0, word.bytes - 4, piece, 4), TL_OK);
  CHECK_NEAR(tl_model_weights(model)[model->spans[model->at.word].offset + 20 * 12 - 1], 0.0, 0.0);
  free(before);
  tl_safetensors_free(other);
  tl_safetensors_free(file);
  tl_model_free(model);
  tl_context_free(context);
}
