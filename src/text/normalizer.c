/* Running a normalizer: UTF-8 in, UTF-8 out; texts of ASCII only take a table instead of the steps. */
#include "text/normalizer.h"

#include "base/utf8.h"
#include "text/ascii.h"
#include "text/normalization_forms.h"

static void swap(tl_normalizer_scratch *scratch) {
  const tl_code_points points = scratch->points;
  scratch->points = scratch->spare;
  scratch->spare = points;
}

bool tl_normalizer_lowercase(tl_context *context, tl_normalizer_scratch *scratch) {
  const tl_code_points *in = &scratch->points;
  tl_code_points *out = &scratch->spare;
  out->count = 0;
  for (size_t i = 0; i < in->count; ++i) {
    if (!tl_code_points_reserve(context, out, TL_UNICODE_LONGEST))
      return false;
    out->count += tl_unicode_lower(in->items[i], out->items + out->count);
  }
  swap(scratch);
  return true;
}

bool tl_normalizer_decompose(tl_context *context, bool compatible, tl_normalizer_scratch *scratch) {
  if (!tl_normalize_decompose(context, &scratch->points, compatible, &scratch->spare))
    return false;
  swap(scratch);
  return true;
}

void tl_normalizer_drop(tl_normalizer_scratch *scratch, tl_unicode_flag flag) {
  tl_code_points *points = &scratch->points;
  size_t kept = 0;
  for (size_t i = 0; i < points->count; ++i)
    if ((tl_unicode_flags(points->items[i]) & flag) == 0)
      points->items[kept++] = points->items[i];
  points->count = kept;
}

static bool compose(tl_context *context, bool compatible, tl_normalizer_scratch *scratch) {
  if (!tl_normalizer_decompose(context, compatible, scratch))
    return false;
  tl_normalize_compose(&scratch->points);
  return true;
}

/* Nmt: drops controls, and makes blanks of other white space, joiners and marks of direction. */
static void run_nmt(tl_code_points *points) {
  size_t kept = 0;
  for (size_t i = 0; i < points->count; ++i) {
    uint32_t point = points->items[i];
    if ((point >= 0x01 && point <= 0x08) || point == 0x0B || (point >= 0x0E && point <= 0x1F) ||
        point == 0x7F || point == 0x8F || point == 0x9F)
      continue;
    if (point == 0x09 || point == 0x0A || point == 0x0C || point == 0x0D || point == 0x1680 ||
        (point >= 0x200B && point <= 0x200F) || point == 0x2028 || point == 0x2029 || point == 0x2581 ||
        point == 0xFEFF || point == 0xFFFD)
      point = ' ';
    points->items[kept++] = point;
  }
  points->count = kept;
}

static bool run_step(tl_context *context, const tl_normalizer *normalizer, const tl_normalizer_step *step,
                     tl_normalizer_scratch *scratch) {
  if (step->kind >= TL_NORMALIZER_STRIP)
    return tl_normalizer_to_bytes(context, scratch) &&
           tl_normalizer_bytes_run(context, normalizer, step, scratch);
  if (!tl_normalizer_to_points(context, scratch))
    return false;
  switch (step->kind) {
  case TL_NORMALIZER_BERT:
    return tl_normalizer_bert_run(context, &step->bert, scratch);
  case TL_NORMALIZER_NFC:
    return compose(context, false, scratch);
  case TL_NORMALIZER_NFD:
    return tl_normalizer_decompose(context, false, scratch);
  case TL_NORMALIZER_NFKC:
    return compose(context, true, scratch);
  case TL_NORMALIZER_NFKD:
    return tl_normalizer_decompose(context, true, scratch);
  case TL_NORMALIZER_LOWERCASE:
    return tl_normalizer_lowercase(context, scratch);
  case TL_NORMALIZER_STRIP_ACCENTS:
    tl_normalizer_drop(scratch, TL_CHAR_COMBINING);
    return true;
  case TL_NORMALIZER_NMT:
    run_nmt(&scratch->points);
    return true;
  default:
    return true;
  }
}

static bool run_steps(tl_context *context, const tl_normalizer *normalizer, tl_normalizer_scratch *scratch,
                      const uint8_t *text, size_t size) {
  scratch->in_points = false;
  scratch->at = text;
  scratch->size = size;
  for (int32_t i = 0; i < normalizer->count; ++i)
    if (!run_step(context, normalizer, &normalizer->steps[i], scratch))
      return false;
  return true;
}

/* What the steps make of one ASCII character alone. */
static bool normalize_character(tl_context *context, const tl_normalizer *normalizer,
                                tl_normalizer_scratch *scratch, uint8_t character, uint8_t *out) {
  if (!run_steps(context, normalizer, scratch, &character, 1) || !tl_normalizer_to_points(context, scratch))
    return false;
  *out = scratch->points.count == 0 ? (uint8_t)TL_ASCII_DROPPED : (uint8_t)scratch->points.items[0];
  return true;
}

/* No step on code points joins or reorders ASCII characters or makes more than one of them, so a table says
 * it all. */
tl_status tl_normalizer_finish(tl_context *context, tl_normalizer *normalizer) {
  normalizer->by_character = true;
  for (int32_t i = 0; i < normalizer->count; ++i)
    normalizer->by_character = normalizer->by_character && normalizer->steps[i].kind < TL_NORMALIZER_STRIP;
  tl_normalizer_scratch scratch = {0};
  bool enough = true;
  for (uint8_t character = 0; enough && normalizer->by_character && character < TL_UNICODE_BLOCK; ++character)
    enough = normalize_character(context, normalizer, &scratch, character, &normalizer->ascii[character]);
  tl_normalizer_scratch_free(context, &scratch);
  return enough ? TL_OK : tl_fail_memory(context, "the normalizer", (double)TL_UNICODE_LONGEST);
}

void tl_normalizer_free(tl_context *context, tl_normalizer *normalizer) {
  tl_bytes_free(context, &normalizer->strings);
  tl_charsmap_free(context, &normalizer->charsmap);
}

static bool run_ascii(tl_context *context, const tl_normalizer *normalizer, tl_bytes *out,
                      const uint8_t *text, size_t size) {
  out->count = 0;
  if (!tl_bytes_reserve(context, out, size))
    return false;
  size_t count = 0;
  for (size_t i = 0; i < size; ++i) {
    const uint8_t byte = normalizer->ascii[text[i]];
    out->items[count] = byte;
    count += byte != TL_ASCII_DROPPED;
  }
  out->count = count;
  return true;
}

bool tl_normalizer_to_points(tl_context *context, tl_normalizer_scratch *scratch) {
  tl_code_points *out = &scratch->points;
  if (scratch->in_points)
    return true;
  out->count = 0;
  if (!tl_code_points_reserve(context, out, scratch->size))
    return false;
  for (size_t at = 0, taken; at < scratch->size; at += taken)
    out->items[out->count++] = tl_utf8_decode(scratch->at + at, scratch->size - at, &taken);
  scratch->in_points = true;
  return true;
}

bool tl_normalizer_to_bytes(tl_context *context, tl_normalizer_scratch *scratch) {
  const tl_code_points *points = &scratch->points;
  tl_bytes *out = &scratch->text;
  if (!scratch->in_points)
    return true;
  out->count = 0;
  if (points->count > SIZE_MAX / 4 || !tl_bytes_reserve(context, out, 4 * points->count))
    return false;
  for (size_t i = 0; i < points->count; ++i)
    out->count += tl_utf8_encode(points->items[i], out->items + out->count);
  scratch->in_points = false;
  scratch->at = out->items;
  scratch->size = out->count;
  return true;
}

bool tl_normalizer_run(tl_context *context, const tl_normalizer *normalizer, tl_normalizer_scratch *scratch,
                       const uint8_t *text, size_t size, const uint8_t **out, size_t *out_size) {
  if (normalizer->count == 0) {
    *out = text;
    *out_size = size;
    return true;
  }
  if (normalizer->by_character && tl_is_ascii(text, size)) {
    const bool enough = run_ascii(context, normalizer, &scratch->text, text, size);
    *out = scratch->text.items;
    *out_size = scratch->text.count;
    return enough;
  }
  const bool enough =
      run_steps(context, normalizer, scratch, text, size) && tl_normalizer_to_bytes(context, scratch);
  *out = scratch->at;
  *out_size = scratch->size;
  return enough;
}

void tl_normalizer_scratch_free(tl_context *context, tl_normalizer_scratch *scratch) {
  tl_code_points_free(context, &scratch->points);
  tl_code_points_free(context, &scratch->spare);
  tl_bytes_free(context, &scratch->text);
  tl_bytes_free(context, &scratch->spare_text);
}
