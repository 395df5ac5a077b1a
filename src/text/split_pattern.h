/* Patterns that part a text, and what becomes of what they find; names as in tokenizer.json.
 *
 * Regular expressions are known by their text: those that published encoders use, written out as scanners. */
#ifndef TL_TEXT_SPLIT_PATTERN_H
#define TL_TEXT_SPLIT_PATTERN_H

#include "base/json.h"
#include "text/unicode.h"
#include "text/words.h"

typedef enum tl_split_kind {
  TL_SPLIT_STRING,        /* a text */
  TL_SPLIT_RUN,           /* one character or class, repeated: " {2,}", "\s+" */
  TL_SPLIT_FLAG,          /* every single character with a flag */
  TL_SPLIT_WORDS,         /* \w+|[^\w\s]+ */
  TL_SPLIT_GPT2,          /* GPT-2's words */
  TL_SPLIT_CL100K,        /* GPT-4's and Llama 3's words: contractions in any case, numbers of three digits */
  TL_SPLIT_CL100K_DIGITS, /* the same with numbers of one digit (Qwen 2) */
} tl_split_kind;

typedef struct tl_split_pattern {
  tl_split_kind kind;
  bool regex;  /* whether it was written as a regular expression */
  bool invert; /* what lies between is the delimiter */
  size_t text; /* STRING, and any regular expression as written: offset into the owner's strings */
  size_t size;
  uint32_t point;  /* RUN: the character; 0: all with the flag */
  uint16_t flag;   /* RUN, FLAG */
  size_t at_least; /* RUN: how often it stands there */
} tl_split_pattern;

typedef enum tl_split_behavior {
  TL_SPLIT_REMOVED,
  TL_SPLIT_ISOLATED,
  TL_SPLIT_MERGED_WITH_PREVIOUS,
  TL_SPLIT_MERGED_WITH_NEXT,
  TL_SPLIT_CONTIGUOUS,
} tl_split_behavior;

/* Longest text of a STRING pattern: searching takes its length times the text's. */
enum { TL_SPLIT_MAX_STRING = 256 };

/* Knows a regular expression by its text (kept by the caller, at pattern->text). False: it is not known. */
bool tl_split_pattern_of_regex(const char *regex, tl_split_pattern *out);
/* The regular expressions that are known, for a sentence. */
extern const char tl_split_regex_known[];

/* Reads the field "pattern" of an object of tokenizer.json, whose text it appends to `strings`; and writes a
 * pattern (split_pattern_json.c). */
tl_status tl_field_pattern(tl_context *context, const tl_json_value *json, const char *where,
                           tl_bytes *strings, tl_split_pattern *out);
void tl_write_pattern(const tl_split_pattern *pattern, const char *strings, tl_text *out);

/* The next place at or after `from` where the pattern stands in valid UTF-8: text[*begin .. *end), never
 * empty. `strings` holds the pattern's text. False: there is none. */
bool tl_split_find(const tl_split_pattern *pattern, const uint8_t *strings, const uint8_t *text, size_t size,
                   size_t from, size_t *begin, size_t *end);

/* Parts a text at a pattern (its `invert` included) and appends the parts that are not empty. False: no
 * memory. */
bool tl_split(tl_context *context, const tl_split_pattern *pattern, const uint8_t *strings,
              tl_split_behavior behavior, const uint8_t *text, size_t size, tl_words *out);

#endif
