/* A tokenizer's parts, shared by the files that build, run and save it. */
#ifndef TL_TEXT_TOKENIZER_INTERNAL_H
#define TL_TEXT_TOKENIZER_INTERNAL_H

#include "text/added_tokens.h"
#include "text/decoder.h"
#include "text/normalizer.h"
#include "text/post_processor.h"
#include "text/pre_tokenizer.h"
#include "text/token_model.h"
#include "tunelab/tokenizer.h"

/* What one thread encodes with: scratch that is kept from call to call, and the rows it made in this one. */
typedef struct tl_encode_worker {
  tl_normalizer_scratch normalizer;
  tl_pre_tokenizer_scratch pre_tokenizer;
  tl_token_model_scratch model;
  tl_bytes repaired; /* the text with U+FFFD for invalid bytes */
  tl_ids a;          /* the tokens of the row's first text, and of its second */
  tl_ids b;
  tl_ids ids; /* this thread's rows, end to end */
  tl_ids type_ids;
  tl_bytes special_mask;
  tl_ids lengths; /* tokens of each row */
} tl_encode_worker;

struct tl_tokenizer {
  tl_context *context;
  tl_normalizer normalizer;
  tl_pre_tokenizer pre_tokenizer;
  tl_token_model model;
  tl_added_tokens added;
  tl_post_processor post_processor;
  tl_decoder decoder;
  tl_encode_worker *workers; /* one for each thread of the context's pool */
  int32_t workers_count;
  tl_text description;
  tl_text saved;
  tl_words decoded; /* what decoding works in; its text is the last one that was decoded */
  tl_words decoding;
};

/* An empty tokenizer (its workers are there), to be filled by a reader; tl_tokenizer_free frees it at any
 * stage. */
tl_status tl_tokenizer_make(tl_context *context, tl_tokenizer **out);

/* Describes a tokenizer whose parts are complete. */
tl_status tl_tokenizer_finish(tl_tokenizer *tokenizer);

void tl_encode_worker_free(tl_context *context, tl_encode_worker *worker);

/* Appends the ids of one text (any bytes) to `ids`, without special tokens; stops at the end of the word with
 * which it has `limit` of them. False: no memory. */
bool tl_encode_text(const tl_tokenizer *tokenizer, tl_encode_worker *worker, const uint8_t *text, size_t size,
                    size_t limit, tl_ids *ids);

#endif
