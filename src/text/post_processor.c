/* Building templates and running them. */
#include "text/post_processor.h"

#include <string.h>

static const char what[] = "the post-processor";

/* Far above any real file; bounds the time of tl_special_find's plain search. */
enum { MAX_SPECIALS = 1024 };

tl_status tl_special_add(tl_context *context, tl_post_processor *processor, const char *name) {
  if (processor->specials_count == MAX_SPECIALS)
    return tl_fail(context, TL_ERR_UNSUPPORTED, "more than %d special tokens in %s are not supported",
                   MAX_SPECIALS, what);
  void *specials = processor->specials;
  const tl_status status = tl_memory_grow(context, &specials, &processor->specials_capacity,
                                          processor->specials_count + 1, sizeof *processor->specials, what);
  if (status != TL_OK)
    return status;
  processor->specials = specials;
  tl_special special = {.first = processor->ids.count};
  if (!tl_bytes_append_string(context, &processor->strings, name, strlen(name), &special.name))
    return tl_fail_memory(context, what, (double)processor->strings.count + (double)strlen(name));
  processor->specials[processor->specials_count++] = special;
  return TL_OK;
}

tl_status tl_special_add_id(tl_context *context, tl_post_processor *processor, const char *token,
                            int32_t id) {
  void *tokens = processor->tokens;
  const tl_status status = tl_memory_grow(context, &tokens, &processor->tokens_capacity,
                                          processor->ids.count + 1, sizeof *processor->tokens, what);
  if (status != TL_OK)
    return status;
  processor->tokens = tokens;
  size_t start;
  if (!tl_bytes_append_string(context, &processor->strings, token, strlen(token), &start) ||
      !tl_ids_reserve(context, &processor->ids, 1))
    return tl_fail_memory(context, what, (double)processor->strings.count + (double)strlen(token));
  processor->tokens[processor->ids.count] = start;
  processor->ids.items[processor->ids.count++] = id;
  ++processor->specials[processor->specials_count - 1].count;
  return TL_OK;
}

int64_t tl_special_find(const tl_post_processor *processor, const char *name) {
  /* From the end: of two with one name the last counts. */
  for (size_t i = processor->specials_count; i > 0; --i)
    if (strcmp((const char *)processor->strings.items + processor->specials[i - 1].name, name) == 0)
      return (int64_t)(i - 1);
  return -1;
}

tl_status tl_template_add(tl_context *context, const tl_post_processor *processor, tl_template *to,
                          tl_piece piece) {
  void *pieces = to->pieces;
  const tl_status status =
      tl_memory_grow(context, &pieces, &to->capacity, to->count + 1, sizeof *to->pieces, what);
  if (status != TL_OK)
    return status;
  to->pieces = pieces;
  to->pieces[to->count++] = piece;
  if (piece.kind == TL_PIECE_SPECIAL)
    to->added += processor->specials[piece.special].count;
  return TL_OK;
}

static tl_status add_pieces(tl_context *context, tl_post_processor *processor, tl_template *to,
                            const tl_piece *pieces, size_t count) {
  tl_status status = TL_OK;
  for (size_t i = 0; i < count && status == TL_OK; ++i)
    status = tl_template_add(context, processor, to, pieces[i]);
  return status;
}

tl_status tl_post_processor_make_cls_sep(tl_context *context, const tl_cls_sep *tokens, bool roberta,
                                         tl_post_processor *out) {
  enum { CLS, SEP, SINGLE = 3, BERT_PAIR = 5, ROBERTA_PAIR = 6 };
  static const tl_piece bert_pieces[] = {
      {TL_PIECE_SPECIAL, 0, CLS}, {TL_PIECE_A, 0, 0},         {TL_PIECE_SPECIAL, 0, SEP},
      {TL_PIECE_B, 1, 0},         {TL_PIECE_SPECIAL, 1, SEP},
  };
  static const tl_piece roberta_pieces[] = {
      {TL_PIECE_SPECIAL, 0, CLS}, {TL_PIECE_A, 0, 0}, {TL_PIECE_SPECIAL, 0, SEP},
      {TL_PIECE_SPECIAL, 0, SEP}, {TL_PIECE_B, 0, 0}, {TL_PIECE_SPECIAL, 0, SEP},
  };
  const tl_piece *pieces = roberta ? roberta_pieces : bert_pieces;
  out->present = true;
  tl_status status = tl_special_add(context, out, tokens->cls);
  if (status == TL_OK)
    status = tl_special_add_id(context, out, tokens->cls, tokens->cls_id);
  if (status == TL_OK)
    status = tl_special_add(context, out, tokens->sep);
  if (status == TL_OK)
    status = tl_special_add_id(context, out, tokens->sep, tokens->sep_id);
  if (status == TL_OK)
    status = add_pieces(context, out, &out->single, pieces, SINGLE);
  if (status == TL_OK)
    status = add_pieces(context, out, &out->pair, pieces, roberta ? ROBERTA_PAIR : BERT_PAIR);
  return status;
}

tl_status tl_post_processor_make_plain(tl_context *context, tl_post_processor *out) {
  static const tl_piece pieces[] = {{TL_PIECE_A, 0, 0}, {TL_PIECE_B, 1, 0}};
  const tl_status status = add_pieces(context, out, &out->single, pieces, 1);
  return status == TL_OK ? add_pieces(context, out, &out->pair, pieces, 2) : status;
}

void tl_post_processor_free(tl_context *context, tl_post_processor *processor) {
  tl_memory_free(context, processor->single.pieces);
  tl_memory_free(context, processor->pair.pieces);
  tl_memory_free(context, processor->specials);
  tl_memory_free(context, processor->tokens);
  tl_ids_free(context, &processor->ids);
  tl_bytes_free(context, &processor->strings);
  *processor = (tl_post_processor){0};
}

static bool append_run(tl_context *context, const int32_t *ids, size_t count, int32_t type_id, bool special,
                       const tl_row_output *out) {
  if (!tl_ids_reserve(context, out->ids, count) || !tl_ids_reserve(context, out->type_ids, count) ||
      !tl_bytes_reserve(context, out->special_mask, count))
    return false;
  for (size_t i = 0; i < count; ++i) {
    out->ids->items[out->ids->count++] = ids[i];
    out->type_ids->items[out->type_ids->count++] = type_id;
    out->special_mask->items[out->special_mask->count++] = special;
  }
  return true;
}

bool tl_post_processor_run(tl_context *context, const tl_post_processor *processor, bool pair,
                           const tl_ids *a, const tl_ids *b, bool add_special_tokens,
                           const tl_row_output *out) {
  const tl_template *template = pair ? &processor->pair : &processor->single;
  for (size_t i = 0; i < template->count; ++i) {
    const tl_piece *piece = &template->pieces[i];
    bool enough = true;
    if (piece->kind == TL_PIECE_SPECIAL) {
      const tl_special *special = &processor->specials[piece->special];
      if (add_special_tokens && special->count > 0)
        enough = append_run(context, processor->ids.items + special->first, special->count, piece->type_id,
                            true, out);
    } else {
      const tl_ids *text = piece->kind == TL_PIECE_A ? a : b;
      enough = append_run(context, text->items, text->count, piece->type_id, false, out);
    }
    if (!enough)
      return false;
  }
  return true;
}

size_t tl_post_processor_added(const tl_post_processor *processor, bool pair) {
  return pair ? processor->pair.added : processor->single.added;
}
