/* Mappings of one code point: lowercase, decomposition, composition. Hangul syllables by arithmetic, the rest
 * by table. */
#include "text/unicode.h"

/* Unicode's numbers for Hangul (chapter 3.12): S syllables, L leading, V vowel, T trailing. */
enum {
  HANGUL_S = 0xAC00,
  HANGUL_L = 0x1100,
  HANGUL_V = 0x1161,
  HANGUL_T = 0x11A7,
  HANGUL_L_COUNT = 19,
  HANGUL_V_COUNT = 21,
  HANGUL_T_COUNT = 28,
  HANGUL_S_COUNT = HANGUL_L_COUNT * HANGUL_V_COUNT * HANGUL_T_COUNT,
};

/* Copies a run of UTF-16 units out of the pool as code points. */
static size_t read_run(size_t offset, uint32_t *out) {
  const uint16_t *run = tl_unicode_pool + offset;
  const size_t units = *run++;
  size_t count = 0;
  for (size_t i = 0; i < units; ++i) {
    uint32_t unit = run[i];
    if (unit >= 0xD800 && unit < 0xDC00) /* a surrogate pair */
      unit = 0x10000 + ((unit - 0xD800) << 10) + (run[++i] - 0xDC00u);
    out[count++] = unit;
  }
  return count;
}

/* Offset into the pool of what a two-level table maps the code point to; 0: unchanged. */
static size_t look_up(const uint8_t *blocks, const uint16_t *entries, uint32_t blocks_count,
                      uint32_t code_point) {
  const uint32_t block = code_point / TL_UNICODE_BLOCK;
  if (block >= blocks_count)
    return 0;
  return entries[(uint32_t)blocks[block] * TL_UNICODE_BLOCK + code_point % TL_UNICODE_BLOCK];
}

static size_t map_or_keep(size_t offset, uint32_t code_point, uint32_t *out) {
  if (offset != 0)
    return read_run(offset, out);
  out[0] = code_point;
  return 1;
}

size_t tl_unicode_lower(uint32_t code_point, uint32_t *out) {
  if (code_point < TL_UNICODE_BLOCK) {
    out[0] = code_point >= 'A' && code_point <= 'Z' ? code_point + ('a' - 'A') : code_point;
    return 1;
  }
  const size_t offset =
      look_up(tl_unicode_lower_blocks, tl_unicode_lower_entries, tl_unicode_lower_blocks_count, code_point);
  return map_or_keep(offset, code_point, out);
}

static size_t decompose_hangul(uint32_t syllable, uint32_t *out) {
  const uint32_t index = syllable - HANGUL_S;
  const uint32_t trailing = index % HANGUL_T_COUNT;
  out[0] = HANGUL_L + index / (HANGUL_V_COUNT * HANGUL_T_COUNT);
  out[1] = HANGUL_V + index / HANGUL_T_COUNT % HANGUL_V_COUNT;
  if (trailing == 0)
    return 2;
  out[2] = HANGUL_T + trailing;
  return 3;
}

size_t tl_unicode_decompose(uint32_t code_point, uint32_t *out) {
  if (code_point - HANGUL_S < HANGUL_S_COUNT)
    return decompose_hangul(code_point, out);
  const size_t offset = look_up(tl_unicode_canonical_blocks, tl_unicode_canonical_entries,
                                tl_unicode_canonical_blocks_count, code_point);
  return map_or_keep(offset, code_point, out);
}

size_t tl_unicode_decompose_compatible(uint32_t code_point, uint32_t *out) {
  /* The table holds only what differs from the canonical decomposition. */
  const size_t offset = look_up(tl_unicode_compatible_blocks, tl_unicode_compatible_entries,
                                tl_unicode_compatible_blocks_count, code_point);
  return offset != 0 ? read_run(offset, out) : tl_unicode_decompose(code_point, out);
}

static uint32_t compose_hangul(uint32_t first, uint32_t second) {
  if (first - HANGUL_L < HANGUL_L_COUNT && second - HANGUL_V < HANGUL_V_COUNT)
    return HANGUL_S + ((first - HANGUL_L) * HANGUL_V_COUNT + (second - HANGUL_V)) * HANGUL_T_COUNT;
  const uint32_t trailing = second - HANGUL_T;
  if (first - HANGUL_S < HANGUL_S_COUNT && (first - HANGUL_S) % HANGUL_T_COUNT == 0 && trailing > 0 &&
      trailing < HANGUL_T_COUNT)
    return first + trailing;
  return 0;
}

uint32_t tl_unicode_compose(uint32_t first, uint32_t second) {
  const uint32_t syllable = compose_hangul(first, second);
  if (syllable != 0)
    return syllable;
  uint32_t low = 0, high = tl_unicode_compositions_count;
  while (low < high) {
    const uint32_t middle = low + (high - low) / 2;
    const tl_unicode_composition *pair = &tl_unicode_compositions[middle];
    if (pair->first == first && pair->second == second)
      return pair->composed;
    if (pair->first < first || (pair->first == first && pair->second < second))
      low = middle + 1;
    else
      high = middle;
  }
  return 0;
}
