/* Post-processors: templates that put special tokens around a text or a pair of texts, and give every token
 * its type. */
#ifndef TL_TEXT_POST_PROCESSOR_H
#define TL_TEXT_POST_PROCESSOR_H

#include "base/json.h"
#include "text/buffers.h"

typedef enum tl_piece_kind { TL_PIECE_A, TL_PIECE_B, TL_PIECE_SPECIAL } tl_piece_kind;

typedef struct tl_piece {
  tl_piece_kind kind;
  int32_t type_id;
  size_t special; /* index, for TL_PIECE_SPECIAL */
} tl_piece;

typedef struct tl_template {
  tl_piece *pieces;
  size_t count;
  size_t capacity;
  size_t added; /* ids that its special tokens add */
} tl_template;

/* A special token of templates: one name, usually one id of the same name, but it may be several. */
typedef struct tl_special {
  size_t name;  /* offset of its text in `strings` */
  size_t first; /* its ids are ids[first .. first + count) */
  size_t count;
} tl_special;

typedef struct tl_post_processor {
  bool present; /* false: none in the file; the templates are then A, and A B */
  tl_template single;
  tl_template pair;
  tl_special *specials;
  size_t specials_count;
  size_t specials_capacity;
  tl_ids ids;
  size_t *tokens; /* offset of each id's token in `strings`, beside `ids` */
  size_t tokens_capacity;
  tl_bytes strings;
} tl_post_processor;

/* Reads tokenizer.json's "post_processor" (null or absent: none), and writes it as templates. */
tl_status tl_post_processor_read(tl_context *context, const tl_json_value *json, tl_post_processor *out);
void tl_post_processor_write(const tl_post_processor *processor, tl_text *out);

typedef struct tl_cls_sep {
  const char *cls;
  int32_t cls_id;
  const char *sep;
  int32_t sep_id;
} tl_cls_sep;

/* BERT's [CLS] A [SEP], and [CLS] A [SEP] B [SEP] with type 1 from B on; or RoBERTa's <s> A </s>, and
 * <s> A </s></s> B </s>, all of type 0. */
tl_status tl_post_processor_make_cls_sep(tl_context *context, const tl_cls_sep *tokens, bool roberta,
                                         tl_post_processor *out);
/* A, and A B with type 1 for B. */
tl_status tl_post_processor_make_plain(tl_context *context, tl_post_processor *out);
void tl_post_processor_free(tl_context *context, tl_post_processor *processor);

/* Steps of building one. A special token's ids follow it: tl_special_add, then tl_special_add_id for each. */
tl_status tl_special_add(tl_context *context, tl_post_processor *processor, const char *name);
tl_status tl_special_add_id(tl_context *context, tl_post_processor *processor, const char *token, int32_t id);
/* The index of a special token, or -1. */
int64_t tl_special_find(const tl_post_processor *processor, const char *name);
tl_status tl_template_add(tl_context *context, const tl_post_processor *processor, tl_template *to,
                          tl_piece piece);

/* Where an assembled row goes. */
typedef struct tl_row_output {
  tl_ids *ids;
  tl_ids *type_ids;
  tl_bytes *special_mask;
} tl_row_output;

/* Appends a row made of a and, for a pair, b. False: no memory. */
bool tl_post_processor_run(tl_context *context, const tl_post_processor *processor, bool pair,
                           const tl_ids *a, const tl_ids *b, bool add_special_tokens,
                           const tl_row_output *out);

/* How many ids the special tokens add to a row. */
size_t tl_post_processor_added(const tl_post_processor *processor, bool pair);

#endif
