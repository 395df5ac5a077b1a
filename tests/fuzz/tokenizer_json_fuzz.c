/* Fuzzes the reader of tokenizer.json: any bytes give a tokenizer that encodes, decodes and saves, or one
 * clear sentence. */
#include <assert.h>
#include <string.h>

#include "tunelab/tunelab.h"

/* Accents, CJK, controls, emoji, a broken byte, the special tokens written as text; digits, line ends, runs
 * of blanks, a mark by itself and the character that stands for blanks. */
static const char text[] = "Un-affable caf\xC3\xA9 \xE4\xB8\xAD\xE6\x96\x87\t\x01[MASK] "
                           "\xF0\x9F\x98\x80\xFF don't [CLS] <mask>  ``12\xC2\xBD''\r\n"
                           "e\xCC\x81\xE2\x96\x81 \xE2\x96";

static void check_ids(const tl_tokenizer *tokenizer, const tl_encoding *encoding) {
  const int32_t rows = tl_encoding_rows(encoding);
  const int32_t *offsets = tl_encoding_offsets(encoding), *ids = tl_encoding_ids(encoding);
  for (int32_t row = 0; row < rows; ++row)
    assert(offsets[row] <= offsets[row + 1]);
  for (int32_t i = 0; i < offsets[rows]; ++i) {
    assert(ids[i] >= 0);
    tl_tokenizer_id_to_token(tokenizer,
                             ids[i]); /* may be NULL: a template may insert an id that no token has */
  }
}

static void use(tl_context *context, tl_tokenizer *tokenizer) {
  assert(strlen(tl_tokenizer_describe(tokenizer)) > 2);
  tl_encoding *encoding = NULL;
  if (tl_encoding_create(context, &encoding) != TL_OK)
    return;
  const uint32_t ends[2] = {20, sizeof text - 1}, pair_ends[2] = {0, sizeof text - 1};
  for (int32_t truncation = TL_TRUNCATE_NONE; truncation <= TL_TRUNCATE_ONLY_SECOND; ++truncation) {
    const tl_encode_options options = {.add_special_tokens = truncation != TL_TRUNCATE_ONLY_FIRST,
                                       .truncation = truncation,
                                       .max_length = 12};
    const tl_status status =
        tl_tokenizer_encode(tokenizer, 2, (const uint8_t *)text, ends,
                            truncation == TL_TRUNCATE_NONE ? NULL : (const uint8_t *)text,
                            truncation == TL_TRUNCATE_NONE ? NULL : pair_ends, &options, encoding);
    if (status != TL_OK)
      continue;
    check_ids(tokenizer, encoding);
    const uint8_t *decoded = NULL;
    size_t decoded_size = 0;
    const int32_t tokens = tl_encoding_offsets(encoding)[tl_encoding_rows(encoding)];
    for (int flags = 0; flags < 4; ++flags)
      tl_tokenizer_decode(tokenizer, tl_encoding_ids(encoding), tokens, (flags & 1) != 0, (flags & 2) != 0,
                          &decoded, &decoded_size);
  }
  tl_encoding_free(encoding);
}

/* What a tokenizer saves must be readable again. */
static void save_and_reload(tl_context *context, tl_tokenizer *tokenizer) {
  const uint8_t *bytes = NULL;
  size_t size = 0;
  if (tl_tokenizer_save(tokenizer, &bytes, &size) != TL_OK)
    return;
  tl_tokenizer *again = NULL;
  const tl_status status = tl_tokenizer_create(context, bytes, size, &again);
  assert(status == TL_OK || status == TL_ERR_MEMORY);
  tl_tokenizer_free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  tl_context *context = tl_context_create(1);
  assert(context != NULL);
  tl_context_set_max_bytes(context, 64e6);
  tl_tokenizer *tokenizer = NULL;
  if (tl_tokenizer_create(context, data, size, &tokenizer) == TL_OK) {
    use(context, tokenizer);
    save_and_reload(context, tokenizer);
  } else {
    assert(tokenizer == NULL && tl_context_error(context)[0] != '\0');
  }
  tl_tokenizer_free(tokenizer);
  assert(tl_context_bytes(context) == 0.0); /* nothing is left behind, whatever the way out */
  tl_context_free(context);
  return 0;
}
