/* Reading the double array and replacing; as the crate spm_precompiled and `tokenizers` do it. */
#include "text/charsmap.h"

#include <string.h>

#include "base/base64.h"
#include "base/utf8.h"
#include "text/graphemes.h"

static const char what[] = "the normalizer's character map";

static tl_status refuse(tl_context *context) {
  return tl_fail(context, TL_ERR_FORMAT,
                 "the normalizer's precompiled_charsmap is damaged; expected SentencePiece's, in base64");
}

static uint32_t read_u32(const uint8_t *bytes) {
  return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

/* Splits map->bytes, which are there. */
static tl_status split_parts(tl_context *context, tl_charsmap *map) {
  enum { UNIT = 4 };
  const tl_bytes *bytes = &map->bytes;
  if (bytes->count < UNIT)
    return refuse(context);
  const size_t array = read_u32(bytes->items);
  if (array % UNIT != 0 || array == 0 || array > bytes->count - UNIT)
    return refuse(context);
  map->replacements = UNIT + array;
  if (!tl_utf8_is_valid(bytes->items + map->replacements, bytes->count - map->replacements))
    return refuse(context);
  map->units = tl_memory_alloc(context, array / UNIT, sizeof *map->units);
  if (map->units == NULL)
    return tl_fail_memory(context, what, (double)array);
  map->units_count = array / UNIT;
  for (size_t i = 0; i < map->units_count; ++i)
    map->units[i] = read_u32(bytes->items + UNIT + UNIT * i);
  return TL_OK;
}

tl_status tl_charsmap_make(tl_context *context, const uint8_t *bytes, size_t size, tl_charsmap *out) {
  if (!tl_bytes_append(context, &out->bytes, bytes, size))
    return tl_fail_memory(context, what, (double)size);
  return split_parts(context, out);
}

tl_status tl_charsmap_read(tl_context *context, const char *base64, tl_charsmap *out) {
  const size_t size = strlen(base64);
  if (!tl_bytes_reserve(context, &out->bytes, tl_base64_decoded_size(size)))
    return tl_fail_memory(context, what, (double)size);
  if (!tl_base64_decode(base64, size, out->bytes.items, &out->bytes.count))
    return refuse(context);
  return split_parts(context, out);
}

void tl_charsmap_write(const tl_charsmap *map, tl_text *out) {
  tl_text_append(out, "\"", 1);
  for (size_t at = 0; at < map->bytes.count; at += 3) {
    char characters[4];
    const size_t left = map->bytes.count - at;
    tl_base64_encode(map->bytes.items + at, left < 3 ? left : 3, characters);
    tl_text_append(out, characters, sizeof characters);
  }
  tl_text_append(out, "\"", 1);
}

void tl_charsmap_free(tl_context *context, tl_charsmap *map) {
  tl_bytes_free(context, &map->bytes);
  tl_memory_free(context, map->units);
  *map = (tl_charsmap){0};
}

/* A unit's fields: the least of Darts' bits say where its children are, or hold its value. */
static uint32_t offset_of(uint32_t unit) { return (unit >> 10) << ((unit & (1u << 9)) >> 6); }
static uint32_t label_of(uint32_t unit) { return unit & (1u << 31 | 0xFFu); }
static bool has_leaf(uint32_t unit) { return (unit >> 8 & 1) != 0; }
static uint32_t value_of(uint32_t unit) { return unit & ~(1u << 31); }

/* The replacement of the shortest key that the text begins with; NULL: there is none. (Longer keys never
 * count; SentencePiece takes the longest.) */
static const uint8_t *find(const tl_charsmap *map, const uint8_t *text, size_t size, size_t *found_size) {
  size_t at = offset_of(map->units[0]);
  for (size_t i = 0; i < size && text[i] != 0; ++i) {
    at ^= text[i];
    if (at >= map->units_count || label_of(map->units[at]) != text[i])
      return NULL;
    const uint32_t unit = map->units[at];
    at ^= offset_of(unit);
    if (!has_leaf(unit))
      continue;
    const size_t texts = map->bytes.count - map->replacements;
    if (at >= map->units_count || value_of(map->units[at]) >= texts)
      return NULL;
    const size_t start = value_of(map->units[at]);
    const uint8_t *replacement = map->bytes.items + map->replacements + start;
    if ((replacement[0] & 0xC0) == 0x80) /* inside a character: no map that SentencePiece made */
      return NULL;
    const uint8_t *end = memchr(replacement, 0, texts - start);
    *found_size = end != NULL ? (size_t)(end - replacement) : texts - start;
    return replacement;
  }
  return NULL;
}

static bool append_replaced(tl_context *context, const tl_charsmap *map, const uint8_t *text, size_t size,
                            tl_bytes *out) {
  size_t found_size = 0;
  const uint8_t *found = find(map, text, size, &found_size);
  return found != NULL ? tl_bytes_append(context, out, found, found_size)
                       : tl_bytes_append(context, out, text, size);
}

bool tl_charsmap_run(tl_context *context, const tl_charsmap *map, const uint8_t *text, size_t size,
                     tl_bytes *out) {
  enum { SHORT_CLUSTER = 6 }; /* bytes from which on a cluster is taken apart */
  if (!tl_bytes_reserve(context, out, size))
    return false;
  for (size_t at = 0, cluster; at < size; at += cluster) {
    const bool plain = text[at] < 0x80 && text[at] != '\r' && (at + 1 == size || text[at + 1] < 0x80);
    cluster = plain ? 1 : tl_grapheme(text + at, size - at);
    size_t found_size = 0;
    const uint8_t *found = cluster < SHORT_CLUSTER ? find(map, text + at, cluster, &found_size) : NULL;
    if (found != NULL) {
      if (!tl_bytes_append(context, out, found, found_size))
        return false;
      continue;
    }
    for (size_t inner = 0, taken; inner < cluster; inner += taken) {
      tl_utf8_decode(text + at + inner, cluster - inner, &taken);
      if (!append_replaced(context, map, text + at + inner, taken, out))
        return false;
    }
  }
  return true;
}
