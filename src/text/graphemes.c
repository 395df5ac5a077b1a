/* The rules of UAX #29, section 3.1.1, from a cluster's first code point on. */
#include "text/graphemes.h"

#include <stdbool.h>

#include "base/utf8.h"

/* What the rules look back at. */
typedef struct cluster {
  tl_grapheme_class last;
  bool pictograph;  /* a pictograph, and nothing but marks since */
  bool joins_next;  /* … and then a joiner: GB11 */
  bool consonant;   /* a consonant, and nothing but joining marks since */
  bool linked;      /* … with a linker among them: GB9c */
  bool odd_of_flag; /* an odd number of regional indicators */
} cluster;

static bool is_control(tl_grapheme_class class) {
  return class == TL_GRAPHEME_CR || class == TL_GRAPHEME_LF || class == TL_GRAPHEME_CONTROL;
}

/* GB6 to GB8. */
static bool hangul_goes_on(tl_grapheme_class last, tl_grapheme_class next) {
  switch (last) {
  case TL_GRAPHEME_L:
    return next == TL_GRAPHEME_L || next == TL_GRAPHEME_V || next == TL_GRAPHEME_LV ||
           next == TL_GRAPHEME_LVT;
  case TL_GRAPHEME_LV:
  case TL_GRAPHEME_V:
    return next == TL_GRAPHEME_V || next == TL_GRAPHEME_T;
  case TL_GRAPHEME_LVT:
  case TL_GRAPHEME_T:
    return next == TL_GRAPHEME_T;
  default:
    return false;
  }
}

static bool goes_on(const cluster *cluster, tl_grapheme_class next) {
  const tl_grapheme_class last = cluster->last;
  if (is_control(last) || is_control(next))
    return last == TL_GRAPHEME_CR && next == TL_GRAPHEME_LF;
  if (next >= TL_GRAPHEME_EXTEND || next == TL_GRAPHEME_SPACING_MARK || last == TL_GRAPHEME_PREPEND ||
      hangul_goes_on(last, next))
    return true;
  return (next == TL_GRAPHEME_PICTOGRAPHIC && cluster->joins_next) ||
         (next == TL_GRAPHEME_CONSONANT && cluster->linked) ||
         (next == TL_GRAPHEME_REGIONAL && last == TL_GRAPHEME_REGIONAL && cluster->odd_of_flag);
}

static void take(cluster *cluster, tl_grapheme_class class) {
  const bool joining = class > TL_GRAPHEME_EXTEND;
  cluster->joins_next = class == TL_GRAPHEME_ZWJ && cluster->pictograph;
  cluster->pictograph = class == TL_GRAPHEME_PICTOGRAPHIC ||
                        (cluster->pictograph && class >= TL_GRAPHEME_EXTEND && class != TL_GRAPHEME_ZWJ);
  cluster->linked = cluster->consonant && joining && (cluster->linked || class == TL_GRAPHEME_LINKER);
  cluster->consonant = class == TL_GRAPHEME_CONSONANT || (cluster->consonant && joining);
  cluster->odd_of_flag = class == TL_GRAPHEME_REGIONAL && !cluster->odd_of_flag;
  cluster->last = class;
}

size_t tl_grapheme(const uint8_t *text, size_t size) {
  size_t at, taken;
  cluster cluster = {0};
  take(&cluster, tl_grapheme_class_of(tl_utf8_decode(text, size, &at)));
  for (; at < size; at += taken) {
    const tl_grapheme_class next = tl_grapheme_class_of(tl_utf8_decode(text + at, size - at, &taken));
    if (!goes_on(&cluster, next))
      break;
    take(&cluster, next);
  }
  return at;
}
