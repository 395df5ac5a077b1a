/* One text to ids: repair the bytes, find added tokens, normalize what is between them, split it into words,
 * encode those. */
#include "base/utf8.h"
#include "text/ascii.h"
#include "text/tokenizer_internal.h"

/* A text on its way, and where its ids go. */
typedef struct text_run {
  const tl_tokenizer *tokenizer;
  tl_encode_worker *worker;
  tl_ids *ids;
  size_t enough; /* ids->count at which to stop */
  bool at_start; /* whether the piece at hand begins where the text does */
  bool stopped;
  bool no_memory;
} text_run;

/* Invalid bytes as U+FFFD; *text stays where it is if there are none. */
static bool repair(tl_context *context, tl_bytes *repaired, const uint8_t **text, size_t *size) {
  size_t at = 0, taken;
  for (; at < *size; at += taken) {
    const uint32_t point = tl_utf8_decode(*text + at, *size - at, &taken);
    if (tl_utf8_is_invalid(point, *text + at, taken))
      break;
  }
  if (at == *size)
    return true;
  repaired->count = 0;
  if (*size > SIZE_MAX / 3 || !tl_bytes_reserve(context, repaired, 3 * *size)) /* U+FFFD takes three bytes */
    return false;
  for (at = 0; at < *size; at += taken)
    repaired->count +=
        tl_utf8_encode(tl_utf8_decode(*text + at, *size - at, &taken), repaired->items + repaired->count);
  *text = repaired->items;
  *size = repaired->count;
  return true;
}

/* One word; it stops the run where there are enough ids, or no memory. */
static void encode_word(text_run *run, const uint8_t *word, size_t size) {
  const tl_tokenizer *tokenizer = run->tokenizer;
  run->no_memory = !tl_token_model_encode(tokenizer->context, &tokenizer->model, &run->worker->model, word,
                                          size, run->ids);
  run->stopped = run->no_memory || run->ids->count >= run->enough;
}

/* A piece without added tokens in it, normalized. */
static void encode_words(text_run *run, const uint8_t *text, size_t size) {
  const tl_tokenizer *tokenizer = run->tokenizer;
  const tl_pre_tokenizer *pre_tokenizer = &tokenizer->pre_tokenizer;
  if (tl_pre_tokenizer_streams(pre_tokenizer)) {
    for (size_t at = 0, begin;
         !run->stopped && tl_pre_tokenizer_next(pre_tokenizer, text, size, &at, &begin);)
      encode_word(run, text + begin, at - begin);
    return;
  }
  tl_pre_tokenizer_scratch *scratch = &run->worker->pre_tokenizer;
  if (!tl_pre_tokenizer_run(tokenizer->context, pre_tokenizer, scratch, text, size, run->at_start)) {
    run->no_memory = run->stopped = true;
    return;
  }
  for (size_t word = 0; !run->stopped && word < scratch->words.count; ++word) {
    size_t word_size;
    const uint8_t *bytes = tl_words_at(&scratch->words, word, &word_size);
    encode_word(run, bytes, word_size);
  }
}

/* What to do with a piece between added tokens. */
typedef void (*piece_task)(text_run *run, const uint8_t *text, size_t size);

/* Splits a text at the tokens of a set: their ids are appended, and `between` runs on what is between them.
 */
static void split_at_added(text_run *run, const tl_added_set *set, const uint8_t *text, size_t size,
                           piece_task between) {
  const tl_tokenizer *tokenizer = run->tokenizer;
  const bool at_start = run->at_start;
  size_t done = 0, cursor = 0;
  tl_added_match match;
  while (!run->stopped && tl_added_tokens_find(&tokenizer->added, set, text, size, done, &cursor, &match)) {
    if (match.begin > done)
      between(run, text + done, match.begin - done);
    if (run->stopped)
      return;
    if (!tl_ids_reserve(tokenizer->context, run->ids, 1)) {
      run->no_memory = run->stopped = true;
      return;
    }
    run->ids->items[run->ids->count++] = match.id;
    done = match.end;
    run->at_start = false;
  }
  if (!run->stopped && done < size)
    between(run, text + done, size - done);
  run->at_start = at_start;
}

/* A piece without raw added tokens in it, not yet normalized. */
static void encode_piece(text_run *run, const uint8_t *text, size_t size) {
  const tl_tokenizer *tokenizer = run->tokenizer;
  if (!tl_normalizer_run(tokenizer->context, &tokenizer->normalizer, &run->worker->normalizer, text, size,
                         &text, &size)) {
    run->no_memory = run->stopped = true;
    return;
  }
  split_at_added(run, &tokenizer->added.normalized, text, size, encode_words);
}

bool tl_encode_text(const tl_tokenizer *tokenizer, tl_encode_worker *worker, const uint8_t *text, size_t size,
                    size_t limit, tl_ids *ids) {
  text_run run = {.tokenizer = tokenizer, .worker = worker, .ids = ids, .at_start = true};
  if (__builtin_add_overflow(ids->count, limit, &run.enough))
    run.enough = SIZE_MAX;
  if (!tl_is_ascii(text, size) && !repair(tokenizer->context, &worker->repaired, &text, &size))
    return false;
  split_at_added(&run, &tokenizer->added.raw, text, size, encode_piece);
  return !run.no_memory;
}
