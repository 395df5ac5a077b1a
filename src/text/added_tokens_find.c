/* Searching a text for added tokens, with the conditions and the white space of each. */
#include <string.h>

#include "base/utf8.h"
#include "text/added_tokens.h"

/* Where the character before text[at] begins; at >= 1. */
static size_t before(const uint8_t *text, size_t at) {
  do
    --at;
  while (at > 0 && (text[at] & 0xC0) == 0x80);
  return at;
}

static bool has_flag(const uint8_t *text, size_t size, tl_unicode_flag flag, size_t *taken) {
  return (tl_unicode_flags(tl_utf8_decode(text, size, taken)) & flag) != 0;
}

/* Whether text[begin .. end) touches no word character on either side. */
static bool stands_alone(const uint8_t *text, size_t size, size_t begin, size_t end) {
  size_t taken;
  if (begin > 0) {
    const size_t previous = before(text, begin);
    if (has_flag(text + previous, begin - previous, TL_CHAR_WORD, &taken))
      return false;
  }
  return end == size || !has_flag(text + end, size - end, TL_CHAR_WORD, &taken);
}

/* Where the white space that ends at `at` begins. */
static size_t strip_left(const uint8_t *text, size_t at) {
  size_t taken;
  while (at > 0) {
    const size_t previous = before(text, at);
    if (!has_flag(text + previous, at - previous, TL_CHAR_WHITE_SPACE, &taken))
      break;
    at = previous;
  }
  return at;
}

static size_t strip_right(const uint8_t *text, size_t size, size_t at) {
  size_t taken;
  while (at < size && has_flag(text + at, size - at, TL_CHAR_WHITE_SPACE, &taken))
    at += taken;
  return at;
}

bool tl_added_tokens_find(const tl_added_tokens *added, const tl_added_set *set, const uint8_t *text,
                          size_t size, size_t taken, size_t *cursor, tl_added_match *match) {
  if (set->empty)
    return false;
  for (size_t at = *cursor; at < size;) {
    size_t length = 0;
    const int32_t index =
        set->begins[text[at]] ? tl_trie_longest(&set->trie, TL_TRIE_ROOT, text + at, size - at, &length) : -1;
    if (index < 0) {
      ++at;
      continue;
    }
    const tl_added_token *token = &added->tokens[index];
    const size_t begin = at, end = at + length;
    at = end;
    if (token->flags.single_word && !stands_alone(text, size, begin, end))
      continue;
    *match = (tl_added_match){.begin = begin, .end = end, .id = token->id};
    if (token->flags.lstrip) {
      const size_t stripped = strip_left(text, begin);
      match->begin = stripped > taken ? stripped : taken;
    }
    if (token->flags.rstrip)
      match->end = strip_right(text, size, end);
    if (match->begin >= match->end) /* the token before took all of it as white space */
      continue;
    *cursor = end;
    return true;
  }
  *cursor = size;
  return false;
}
