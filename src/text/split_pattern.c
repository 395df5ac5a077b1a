/* Knowing patterns by their text, and finding where they stand. */
#include "text/split_pattern.h"

#include <string.h>

#include "base/utf8.h"
#include "text/split_scanners.h"

const char tl_split_regex_known[] =
    "a character or \\s with + or {n,}, \\w+|[^\\w\\s]+, and the patterns of GPT-2, GPT-4 (cl100k), Qwen 2";

#define CONTRACTIONS "'s|'t|'re|'ve|'m|'ll|'d"
#define CL100K_END "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"
#define CL100K_BEGIN "(?i:" CONTRACTIONS ")|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|"

static const struct {
  const char *text;
  tl_split_kind kind;
} known[] = {
    {CONTRACTIONS "| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+", TL_SPLIT_GPT2},
    {CL100K_BEGIN "\\p{N}{1,3}" CL100K_END, TL_SPLIT_CL100K},
    {CL100K_BEGIN "\\p{N}" CL100K_END, TL_SPLIT_CL100K_DIGITS},
    {"\\w+|[^\\w\\s]+", TL_SPLIT_WORDS},
};
enum { KNOWN = sizeof known / sizeof known[0] };

/* "+" or "{n,}" to the end; the least number, or 0 if it is something else. */
static size_t repetition(const char *text) {
  if (strcmp(text, "+") == 0)
    return 1;
  if (text[0] != '{')
    return 0;
  size_t number = 0;
  const char *at = text + 1;
  for (; *at >= '0' && *at <= '9' && number < TL_SPLIT_MAX_STRING; ++at)
    number = 10 * number + (size_t)(*at - '0');
  return strcmp(at, ",}") == 0 ? number : 0;
}

/* One character or \s, repeated. */
static bool read_run(const char *regex, tl_split_pattern *out) {
  size_t taken = 2;
  if (strncmp(regex, "\\s", 2) == 0) {
    out->flag = TL_CHAR_WHITE_SPACE;
  } else {
    if (regex[0] == '\0' || strchr("\\.[](){}*+?^$|", regex[0]) != NULL)
      return false;
    out->point = tl_utf8_decode((const uint8_t *)regex, strlen(regex), &taken);
  }
  out->kind = TL_SPLIT_RUN;
  out->at_least = repetition(regex + taken);
  return out->at_least > 0;
}

bool tl_split_pattern_of_regex(const char *regex, tl_split_pattern *out) {
  out->regex = true;
  for (int i = 0; i < KNOWN; ++i) {
    if (strcmp(regex, known[i].text) == 0) {
      out->kind = known[i].kind;
      return true;
    }
  }
  return read_run(regex, out);
}

static bool find_string(const uint8_t *string, size_t length, const uint8_t *text, size_t size, size_t *begin,
                        size_t *end) {
  for (size_t at = *begin; size - at >= length; ++at) {
    const uint8_t *first = memchr(text + at, string[0], size - at - length + 1);
    if (first == NULL)
      return false;
    at = (size_t)(first - text);
    if (memcmp(first, string, length) == 0) {
      *begin = at;
      *end = at + length;
      return true;
    }
  }
  return false;
}

static bool fits(const tl_split_pattern *pattern, uint32_t point) {
  return pattern->point != 0 ? point == pattern->point : (tl_unicode_flags(point) & pattern->flag) != 0;
}

/* The next run of at least `at_least` (>= 1) characters that fit, of which it takes `at_most`. */
static bool find_run(const tl_split_pattern *pattern, size_t at_least, size_t at_most, const uint8_t *text,
                     size_t size, size_t *begin, size_t *end) {
  size_t found = 0, taken;
  for (size_t at = *begin; at < size; at += taken) {
    if (!fits(pattern, tl_utf8_decode(text + at, size - at, &taken))) {
      if (found >= at_least)
        return true;
      found = 0;
      continue;
    }
    if (found++ == 0)
      *begin = at;
    *end = at + taken;
    if (found == at_most)
      return true;
  }
  return found >= at_least;
}

/* \w. Oniguruma, which runs the regular expressions of a Split, has six numbers of Latin 1 more than the
 * crate regex, and not the two joiners. */
static bool is_word(uint32_t point, bool oniguruma) {
  static const uint32_t differ[] = {0xB2, 0xB3, 0xB9, 0xBC, 0xBD, 0xBE, 0x200C, 0x200D};
  const bool word = (tl_unicode_flags(point) & TL_CHAR_WORD) != 0;
  for (size_t i = 0; oniguruma && i < sizeof differ / sizeof differ[0]; ++i)
    if (point == differ[i])
      return !word;
  return word;
}

static bool find_words(const uint8_t *text, size_t size, bool oniguruma, size_t *begin, size_t *end) {
  *begin += tl_scan_run(text + *begin, size - *begin, TL_CHAR_WHITE_SPACE, 0, SIZE_MAX);
  bool words = false;
  size_t taken;
  for (*end = *begin; *end < size; *end += taken) {
    const uint32_t point = tl_utf8_decode(text + *end, size - *end, &taken);
    const bool word = is_word(point, oniguruma);
    if (*end == *begin)
      words = word;
    if (word != words || (tl_unicode_flags(point) & TL_CHAR_WHITE_SPACE) != 0)
      break;
  }
  return *end > *begin;
}

bool tl_split_find(const tl_split_pattern *pattern, const uint8_t *strings, const uint8_t *text, size_t size,
                   size_t from, size_t *begin, size_t *end) {
  enum { CL100K_DIGITS = 3 };
  *begin = *end = from;
  if (from == size)
    return false;
  switch (pattern->kind) {
  case TL_SPLIT_STRING:
    return find_string(strings + pattern->text, pattern->size, text, size, begin, end);
  case TL_SPLIT_RUN:
    return find_run(pattern, pattern->at_least, SIZE_MAX, text, size, begin, end);
  case TL_SPLIT_FLAG:
    return find_run(pattern, 1, 1, text, size, begin, end);
  case TL_SPLIT_WORDS:
    return find_words(text, size, pattern->regex, begin, end);
  case TL_SPLIT_GPT2:
    *end = from + tl_scan_gpt2(text + from, size - from);
    return true;
  case TL_SPLIT_CL100K:
    *end = from + tl_scan_cl100k(text + from, size - from, CL100K_DIGITS);
    return true;
  case TL_SPLIT_CL100K_DIGITS:
    *end = from + tl_scan_cl100k(text + from, size - from, 1);
    return true;
  }
  return false;
}

/* Appends text as a word of its own, or (joined) to the last word. */
static bool append(tl_context *context, tl_words *out, const uint8_t *text, size_t size, bool joined) {
  if (!joined || out->count == 0)
    return size == 0 || tl_words_append(context, out, text, size);
  if (!tl_bytes_append(context, &out->text, text, size))
    return false;
  out->ends[out->count - 1] = out->text.count;
  return true;
}

/* Where tl_split stands. */
typedef struct split_state {
  tl_context *context;
  tl_split_behavior behavior;
  tl_words *out;
  size_t before;      /* words that were there at the start: nothing is joined to them */
  bool last_delimits; /* whether the part before was a delimiter */
} split_state;

static bool add_part(split_state *state, const uint8_t *text, size_t size, bool delimits) {
  const bool first = state->out->count == state->before;
  const bool last_delimits = state->last_delimits;
  bool joined = false;
  state->last_delimits = delimits;
  switch (state->behavior) {
  case TL_SPLIT_REMOVED:
    if (delimits)
      return true;
    break;
  case TL_SPLIT_ISOLATED:
    break;
  case TL_SPLIT_MERGED_WITH_PREVIOUS:
    joined = delimits && !last_delimits;
    break;
  case TL_SPLIT_MERGED_WITH_NEXT:
    joined = !delimits && last_delimits;
    break;
  case TL_SPLIT_CONTIGUOUS:
    joined = delimits == last_delimits;
    break;
  }
  return append(state->context, state->out, text, size, joined && !first);
}

bool tl_split(tl_context *context, const tl_split_pattern *pattern, const uint8_t *strings,
              tl_split_behavior behavior, const uint8_t *text, size_t size, tl_words *out) {
  split_state state = {.context = context, .behavior = behavior, .out = out, .before = out->count};
  size_t done = 0, begin, end;
  while (tl_split_find(pattern, strings, text, size, done, &begin, &end)) {
    if ((begin > done && !add_part(&state, text + done, begin - done, pattern->invert)) ||
        !add_part(&state, text + begin, end - begin, !pattern->invert))
      return false;
    done = end;
  }
  return done == size || add_part(&state, text + done, size - done, pattern->invert);
}
