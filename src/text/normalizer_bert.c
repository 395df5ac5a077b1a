/* BertNormalizer: clean the text, set Chinese characters apart, strip accents, lowercase; in this order. */
#include "text/normalizer.h"

/* Drops control and format characters, U+0000 and U+FFFD; every white space becomes a blank. */
static void clean_text(tl_code_points *points) {
  size_t kept = 0;
  for (size_t i = 0; i < points->count; ++i) {
    const uint32_t point = points->items[i];
    const uint16_t flags = tl_unicode_flags(point);
    /* Tab and line ends are control characters too, but count as white space. */
    const bool line_or_tab = point == '\t' || point == '\n' || point == '\r';
    if (point == 0xFFFD || ((flags & TL_CHAR_OTHER) != 0 && !line_or_tab))
      continue;
    points->items[kept++] = (flags & TL_CHAR_WHITE_SPACE) != 0 ? ' ' : point;
  }
  points->count = kept;
}

/* BERT's list of CJK blocks (not Hangul, not kana); U+2B820..2B91F is missing from it, and so here. */
static bool is_chinese(uint32_t point) {
  return point >= 0x3400 &&
         (point <= 0x4DBF || (point >= 0x4E00 && point <= 0x9FFF) || (point >= 0xF900 && point <= 0xFAFF) ||
          (point >= 0x20000 && point <= 0x2A6DF) || (point >= 0x2A700 && point <= 0x2B81F) ||
          (point >= 0x2B920 && point <= 0x2CEAF) || (point >= 0x2F800 && point <= 0x2FA1F));
}

/* Puts a blank on both sides of every Chinese character. */
static bool set_chinese_apart(tl_context *context, tl_normalizer_scratch *scratch) {
  tl_code_points *in = &scratch->points, *out = &scratch->spare;
  size_t found = 0;
  for (size_t i = 0; i < in->count; ++i)
    found += is_chinese(in->items[i]);
  if (found == 0)
    return true;
  out->count = 0;
  if (found > (SIZE_MAX - in->count) / 2 || !tl_code_points_reserve(context, out, in->count + 2 * found))
    return false;
  for (size_t i = 0; i < in->count; ++i) {
    const uint32_t point = in->items[i];
    const bool chinese = is_chinese(point);
    if (chinese)
      out->items[out->count++] = ' ';
    out->items[out->count++] = point;
    if (chinese)
      out->items[out->count++] = ' ';
  }
  const tl_code_points swapped = *in;
  *in = *out;
  *out = swapped;
  return true;
}

bool tl_normalizer_bert_run(tl_context *context, const tl_normalizer_bert *bert,
                            tl_normalizer_scratch *scratch) {
  if (bert->clean_text)
    clean_text(&scratch->points);
  if (bert->handle_chinese_chars && !set_chinese_apart(context, scratch))
    return false;
  const bool strip = bert->strip_accents < 0 ? bert->lowercase : bert->strip_accents > 0;
  if (strip) {
    if (!tl_normalizer_decompose(context, false, scratch))
      return false;
    tl_normalizer_drop(scratch, TL_CHAR_NONSPACING);
  }
  return !bert->lowercase || tl_normalizer_lowercase(context, scratch);
}
