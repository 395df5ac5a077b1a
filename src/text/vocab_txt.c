/* vocab.txt: one token a line, its line number the id; with BERT's normalizer, words, template and special
 * tokens. */
#include <string.h>

#include "base/utf8.h"
#include "text/tokenizer_internal.h"

enum { MAX_INPUT_CHARS = 100 }; /* as `tokenizers` and transformers set it where nothing else is said */

static tl_status check_line(tl_context *context, const uint8_t *line, size_t size, int32_t number) {
  for (size_t at = 0, taken; at < size; at += taken) {
    const uint32_t point = tl_utf8_decode(line + at, size - at, &taken);
    if (point == 0 || tl_utf8_is_invalid(point, line + at, taken))
      return tl_fail(context, TL_ERR_FORMAT, "vocab.txt: line %d is not valid UTF-8 text", (int)number + 1);
  }
  return TL_OK;
}

/* Lines end with \n or \r\n; the last one may lack it. */
static tl_status read_lines(tl_context *context, const uint8_t *text, size_t size,
                            tl_vocabulary *vocabulary) {
  int32_t number = 0;
  for (size_t at = 0; at < size; ++number) {
    const uint8_t *line = text + at;
    const uint8_t *feed = memchr(line, '\n', size - at);
    size_t length = feed != NULL ? (size_t)(feed - line) : size - at;
    at += length + 1;
    if (length > 0 && line[length - 1] == '\r')
      --length;
    tl_status status = check_line(context, line, length, number);
    if (status == TL_OK)
      status = tl_vocabulary_add(context, vocabulary, (const char *)line, length, number);
    if (status != TL_OK)
      return status;
    if (at >= INT32_MAX)
      return tl_fail(context, TL_ERR_FORMAT, "vocab.txt: larger than any vocabulary");
  }
  return TL_OK;
}

/* The special tokens, all of which must be in the vocabulary. */
static tl_status add_special_tokens(tl_context *context, tl_tokenizer *tokenizer) {
  static const char *const tokens[] = {"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"};
  enum { TOKENS = sizeof tokens / sizeof tokens[0], CLS = 2, SEP = 3 };
  const tl_vocabulary *vocabulary = &tokenizer->model.wordpiece.vocabulary;
  int32_t ids[TOKENS];
  for (int i = 0; i < TOKENS; ++i) {
    ids[i] = tl_vocabulary_id(vocabulary, tokens[i], strlen(tokens[i]));
    if (ids[i] < 0)
      return tl_fail(context, TL_ERR_FORMAT, "vocab.txt: \"%s\" is not in it; expected BERT's special tokens",
                     tokens[i]);
    const tl_status status =
        tl_added_tokens_add(context, &tokenizer->added, tokens[i], (tl_added_flags){.special = true});
    if (status != TL_OK)
      return status;
  }
  const tl_status status = tl_added_tokens_finish(context, &tokenizer->added, vocabulary, vocabulary->count,
                                                  &tokenizer->normalizer);
  if (status != TL_OK)
    return status;
  const tl_cls_sep around = {.cls = tokens[CLS], .cls_id = ids[CLS], .sep = tokens[SEP], .sep_id = ids[SEP]};
  return tl_post_processor_make_cls_sep(context, &around, false, &tokenizer->post_processor);
}

static tl_status fill(tl_context *context, const uint8_t *text, size_t size, const tl_bert_options *options,
                      tl_tokenizer *tokenizer) {
  tokenizer->normalizer.count = 1;
  tokenizer->normalizer.steps[0] =
      (tl_normalizer_step){.kind = TL_NORMALIZER_BERT,
                           .bert = {.clean_text = true,
                                    .handle_chinese_chars = options->tokenize_chinese_chars != 0,
                                    .strip_accents = options->strip_accents,
                                    .lowercase = options->do_lower_case != 0}};
  tl_pre_tokenizer_make(true, &tokenizer->pre_tokenizer);
  tl_status status = tl_normalizer_finish(context, &tokenizer->normalizer);
  if (status == TL_OK)
    status = tl_decoder_add_wordpiece(context, "##", true, &tokenizer->decoder);
  if (status == TL_OK)
    status = read_lines(context, text, size, &tokenizer->model.wordpiece.vocabulary);
  if (status == TL_OK)
    status = tl_wordpiece_finish(context, "vocab.txt", &tokenizer->model.wordpiece, "[UNK]", "##",
                                 MAX_INPUT_CHARS);
  if (status == TL_OK)
    status = add_special_tokens(context, tokenizer);
  return status == TL_OK ? tl_tokenizer_finish(tokenizer) : status;
}

tl_status tl_tokenizer_create_from_vocab(tl_context *context, const uint8_t *vocab, size_t size,
                                         const tl_bert_options *options, tl_tokenizer **out) {
  tl_tokenizer *tokenizer = NULL;
  tl_status status = tl_tokenizer_make(context, &tokenizer);
  if (status == TL_OK)
    status = fill(context, vocab, size, options, tokenizer);
  if (status != TL_OK) {
    tl_tokenizer_free(tokenizer);
    return status;
  }
  *out = tokenizer;
  return TL_OK;
}
