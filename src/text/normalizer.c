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

static bool run_step(tl_context *context, const tl_normalizer_step *step, tl_normalizer_scratch *scratch) {
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
  }
  return true;
}

static bool run_steps(tl_context *context, const tl_normalizer *normalizer, tl_normalizer_scratch *scratch) {
  for (int32_t i = 0; i < normalizer->count; ++i)
    if (!run_step(context, &normalizer->steps[i], scratch))
      return false;
  return true;
}

/* What the steps make of one ASCII character alone. */
static bool normalize_character(tl_context *context, const tl_normalizer *normalizer,
                                tl_normalizer_scratch *scratch, uint8_t character, uint8_t *out) {
  scratch->points.count = 0;
  if (!tl_code_points_reserve(context, &scratch->points, 1)) /* each time: steps swap the arrays */
    return false;
  scratch->points.items[scratch->points.count++] = character;
  if (!run_steps(context, normalizer, scratch))
    return false;
  *out = scratch->points.count == 0 ? (uint8_t)TL_ASCII_DROPPED : (uint8_t)scratch->points.items[0];
  return true;
}

/* No step joins or reorders ASCII characters or makes more than one of them, so a table says it all. */
tl_status tl_normalizer_finish(tl_context *context, tl_normalizer *normalizer) {
  tl_normalizer_scratch scratch = {0};
  bool enough = true;
  for (uint8_t character = 0; enough && character < TL_UNICODE_BLOCK; ++character)
    enough = normalize_character(context, normalizer, &scratch, character, &normalizer->ascii[character]);
  tl_normalizer_scratch_free(context, &scratch);
  return enough ? TL_OK : tl_fail_memory(context, "the normalizer", (double)TL_UNICODE_LONGEST);
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

static bool decode(tl_context *context, tl_code_points *out, const uint8_t *text, size_t size) {
  out->count = 0;
  if (!tl_code_points_reserve(context, out, size))
    return false;
  for (size_t at = 0, taken; at < size; at += taken)
    out->items[out->count++] = tl_utf8_decode(text + at, size - at, &taken);
  return true;
}

static bool encode(tl_context *context, tl_bytes *out, const tl_code_points *points) {
  out->count = 0;
  if (points->count > SIZE_MAX / 4 || !tl_bytes_reserve(context, out, 4 * points->count))
    return false;
  for (size_t i = 0; i < points->count; ++i)
    out->count += tl_utf8_encode(points->items[i], out->items + out->count);
  return true;
}

bool tl_normalizer_run(tl_context *context, const tl_normalizer *normalizer, tl_normalizer_scratch *scratch,
                       const uint8_t *text, size_t size, const uint8_t **out, size_t *out_size) {
  if (normalizer->count == 0) {
    *out = text;
    *out_size = size;
    return true;
  }
  const bool enough = tl_is_ascii(text, size) ? run_ascii(context, normalizer, &scratch->text, text, size)
                                              : decode(context, &scratch->points, text, size) &&
                                                    run_steps(context, normalizer, scratch) &&
                                                    encode(context, &scratch->text, &scratch->points);
  *out = scratch->text.items;
  *out_size = scratch->text.count;
  return enough;
}

void tl_normalizer_scratch_free(tl_context *context, tl_normalizer_scratch *scratch) {
  tl_code_points_free(context, &scratch->points);
  tl_code_points_free(context, &scratch->spare);
  tl_bytes_free(context, &scratch->text);
}
