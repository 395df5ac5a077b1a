/* Scanners for the regular expressions of GPT-2 and GPT-4; see split_scanners.h. */
#include "text/split_scanners.h"

#include <stdbool.h>

#include "base/utf8.h"

enum { WORD_FLAGS = TL_CHAR_WHITE_SPACE | TL_CHAR_LETTER | TL_CHAR_NUMBER };

static uint16_t flags_at(const uint8_t *text, size_t size, size_t *taken) {
  return tl_unicode_flags(tl_utf8_decode(text, size, taken));
}

size_t tl_scan_run(const uint8_t *text, size_t size, uint16_t with, uint16_t without, size_t limit) {
  size_t at = 0, taken;
  for (size_t found = 0; at < size && found < limit; ++found, at += taken) {
    const uint16_t flags = flags_at(text + at, size - at, &taken);
    if ((with != 0 && (flags & with) == 0) || (flags & without) != 0)
      break;
  }
  return at;
}

/* s, t, m, d, re, ve or ll behind an apostrophe; its bytes with the apostrophe, or 0. Oniguruma lets the long
 * s stand for s where case does not count. */
static size_t contraction(const uint8_t *text, size_t size, bool any_case) {
  if (size < 2 || text[0] != '\'')
    return 0;
  const uint8_t fold = any_case ? 0x20 : 0;
  const uint8_t first = text[1] | fold;
  if (first == 's' || first == 't' || first == 'm' || first == 'd')
    return 2;
  if (size < 3)
    return 0;
  const uint8_t second = text[2] | fold;
  if (((first == 'r' || first == 'v') && second == 'e') || (first == 'l' && second == 'l'))
    return 3;
  return any_case && text[1] == 0xC5 && text[2] == 0xBF ? 3 : 0;
}

/* White space at text[0 ..): all of it at the text's end, else all but its last character, if that leaves
 * one. */
static size_t white_space(const uint8_t *text, size_t size) {
  size_t at = 0, last = 0, taken;
  for (; at < size; at += taken) {
    if ((flags_at(text + at, size - at, &taken) & TL_CHAR_WHITE_SPACE) == 0)
      break;
    last = at;
  }
  return at == size || last == 0 ? at : last;
}

size_t tl_scan_gpt2(const uint8_t *text, size_t size) {
  const size_t short_form = contraction(text, size, false);
  if (short_form > 0)
    return short_form;
  const size_t blank = text[0] == ' ' && size > 1;
  size_t taken;
  const uint16_t flags = flags_at(text + blank, size - blank, &taken);
  if ((flags & TL_CHAR_WHITE_SPACE) != 0)
    return white_space(text, size);
  const uint8_t *rest = text + blank;
  if ((flags & TL_CHAR_LETTER) != 0)
    return blank + tl_scan_run(rest, size - blank, TL_CHAR_LETTER, 0, SIZE_MAX);
  if ((flags & TL_CHAR_NUMBER) != 0)
    return blank + tl_scan_run(rest, size - blank, TL_CHAR_NUMBER, 0, SIZE_MAX);
  return blank + tl_scan_run(rest, size - blank, 0, WORD_FLAGS, SIZE_MAX);
}

static bool is_line_end(uint8_t byte) { return byte == '\r' || byte == '\n'; }

/* \s*[\r\n]+: up to the last line end of the white space at text[0 ..); 0: there is none. */
static size_t lines(const uint8_t *text, size_t size) {
  const size_t blank = tl_scan_run(text, size, TL_CHAR_WHITE_SPACE, 0, SIZE_MAX);
  size_t end = 0;
  for (size_t at = 0; at < blank; ++at)
    if (is_line_end(text[at]))
      end = at + 1;
  return end;
}

/* [^\r\n\p{L}\p{N}]?\p{L}+ or 0. */
static size_t letters(const uint8_t *text, size_t size) {
  size_t taken, lead = 0;
  const uint16_t flags = flags_at(text, size, &taken);
  if ((flags & (TL_CHAR_LETTER | TL_CHAR_NUMBER)) == 0 && !is_line_end(text[0]))
    lead = taken;
  const size_t run = tl_scan_run(text + lead, size - lead, TL_CHAR_LETTER, 0, SIZE_MAX);
  return run > 0 ? lead + run : 0;
}

size_t tl_scan_cl100k(const uint8_t *text, size_t size, size_t digits) {
  size_t found = contraction(text, size, true);
  if (found == 0)
    found = letters(text, size);
  if (found == 0)
    found = tl_scan_run(text, size, TL_CHAR_NUMBER, 0, digits);
  if (found > 0)
    return found;
  const size_t blank = text[0] == ' ';
  found = tl_scan_run(text + blank, size - blank, 0, WORD_FLAGS, SIZE_MAX);
  if (found > 0) {
    found += blank;
    while (found < size && is_line_end(text[found]))
      ++found;
    return found;
  }
  found = lines(text, size);
  return found > 0 ? found : white_space(text, size);
}
