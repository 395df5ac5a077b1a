/* Growing lists of words; see words.h. */
#include "text/words.h"

void tl_words_clear(tl_words *words) {
  words->text.count = 0;
  words->count = 0;
}

void tl_words_free(tl_context *context, tl_words *words) {
  tl_bytes_free(context, &words->text);
  tl_memory_free(context, words->ends);
  *words = (tl_words){0};
}

bool tl_words_close(tl_context *context, tl_words *words) {
  void *ends = words->ends;
  if (!tl_bytes_reserve(context, &words->text, 1)) /* so that even empty words lie somewhere */
    return false;
  if (tl_memory_grow(context, &ends, &words->capacity, words->count + 1, sizeof *words->ends, "a text") !=
      TL_OK)
    return false;
  words->ends = ends;
  words->ends[words->count++] = words->text.count;
  return true;
}

bool tl_words_append(tl_context *context, tl_words *words, const void *word, size_t size) {
  return tl_bytes_append(context, &words->text, word, size) && tl_words_close(context, words);
}
