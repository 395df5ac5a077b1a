/* A saved file is its header and the weights block; reading it back gives the same weights, and nothing is
 * missing. */
#include "model_fixture.h"

TEST(a_saved_model_reads_back_bit_for_bit) {
  tl_context *context = tl_context_create(1);
  tl_model *model = tiny_bert(context, 2, 3, 0.0);
  tl_model *copy = tiny_bert(context, 2, 3, 0.0);
  REQUIRE(model != NULL && copy != NULL);
  fill_weights(model, 99);
  const uint8_t *header = NULL;
  size_t size = 0;
  REQUIRE(tl_model_save_header(model, &header, &size) == TL_OK);
  CHECK_EQ_INT(size % 8, 0);
  size_t block = tl_model_parameter_count(model) * sizeof(float);
  uint64_t claimed = 0;
  REQUIRE(tl_safetensors_header_size(context, header, size + block, &claimed) == TL_OK);
  REQUIRE(claimed + 8 == size);

  tensor_file file = {.size = size + block, .bytes = malloc(size + block)};
  REQUIRE(file.bytes != NULL);
  memcpy(file.bytes, header, size);
  memcpy(file.bytes + size, tl_model_weights(model), block);
  REQUIRE(tl_safetensors_open(context, file.bytes, size, file.size, &file.header) == TL_OK);
  CHECK_EQ_INT(tl_safetensors_count(file.header), tl_model_span_count(model));
  REQUIRE(tl_model_match(copy, file.header, TL_MATCH_STRICT) == TL_OK);
  CHECK(strncmp(tl_model_match_report(copy), "{\"missing\": [], \"unexpected\": [], \"mismatched\": []",
                50) == 0);
  REQUIRE(load_tensors(copy, &file, 5));
  CHECK_EQ_BYTES(tl_model_weights(copy), tl_model_weights(model), block);
  tensor_file_close(&file);
  tl_model_free(copy);
  tl_model_free(model);
  tl_context_free(context);
}
