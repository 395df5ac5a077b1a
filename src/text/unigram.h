/* The Unigram model (SentencePiece's): the pieces of a text whose scores add up to the most. */
#ifndef TL_TEXT_UNIGRAM_H
#define TL_TEXT_UNIGRAM_H

#include "base/json.h"
#include "text/byte_fallback.h"

typedef struct tl_unigram_piece {
  size_t start; /* of its text (NUL-terminated) in the vocabulary's */
  double score; /* the logarithm of its probability */
} tl_unigram_piece;

typedef struct tl_unigram {
  tl_vocabulary vocabulary;
  tl_unigram_piece *pieces; /* a piece's id is its place here */
  size_t count;
  size_t capacity;
  double unk_score; /* of a character that no piece stands for: 10 below the least */
  int32_t unk_id;
  tl_byte_fallback fallback;
} tl_unigram;

/* The best way to a place in the text. */
typedef struct tl_unigram_node {
  double score;
  size_t start; /* where its last piece begins; SIZE_MAX: nothing leads here */
  size_t end;   /* where the piece from here ends, once the best way is known */
  int32_t id;   /* that piece */
} tl_unigram_node;

/* What encoding works in; one for each thread. */
typedef struct tl_unigram_scratch {
  tl_unigram_node *nodes;
  size_t capacity;
} tl_unigram_scratch;

/* Adds the next piece. */
tl_status tl_unigram_add(tl_context *context, tl_unigram *model, const char *piece, size_t size,
                         double score);
/* Finishes it once all pieces are there; TL_ERR_FORMAT if there is none of id unk_id. */
tl_status tl_unigram_finish(tl_context *context, tl_unigram *model, int64_t unk_id);
void tl_unigram_free(tl_context *context, tl_unigram *model);

/* Reads tokenizer.json's "model", and writes it (unigram_json.c). */
tl_status tl_unigram_read(tl_context *context, const tl_json_value *json, tl_unigram *out);
void tl_unigram_write(const tl_unigram *model, tl_text *out);

/* Appends the ids of a text (valid UTF-8, size >= 1). Its length times the longest piece's, at worst. False:
 * no memory. */
bool tl_unigram_encode(tl_context *context, const tl_unigram *model, tl_unigram_scratch *scratch,
                       const uint8_t *text, size_t size, tl_ids *ids);
void tl_unigram_scratch_free(tl_context *context, tl_unigram_scratch *scratch);

#endif
