/* Normalizers that work on bytes: Strip, Prepend, Replace, Precompiled. */
#include "base/utf8.h"
#include "text/normalizer.h"

/* White space at the beginning, the end, or both. */
static void strip(const tl_normalizer_step *step, tl_normalizer_scratch *scratch) {
  size_t begin = scratch->size, end = 0; /* around all that is no white space */
  for (size_t at = 0, taken; at < scratch->size; at += taken) {
    const uint32_t point = tl_utf8_decode(scratch->at + at, scratch->size - at, &taken);
    if ((tl_unicode_flags(point) & TL_CHAR_WHITE_SPACE) != 0)
      continue;
    begin = at < begin ? at : begin;
    end = at + taken;
  }
  if (step->strip_right)
    scratch->size = end;
  const size_t dropped = begin < scratch->size ? begin : scratch->size;
  if (step->strip_left && dropped > 0) {
    scratch->at += dropped;
    scratch->size -= dropped;
  }
}

/* Makes scratch->spare_text the text. */
static void take_spare(tl_normalizer_scratch *scratch) {
  const tl_bytes made = scratch->spare_text;
  scratch->spare_text = scratch->text;
  scratch->text = made;
  scratch->at = made.items;
  scratch->size = made.count;
}

static bool prepend(tl_context *context, const uint8_t *content, size_t content_size,
                    tl_normalizer_scratch *scratch) {
  if (scratch->size == 0)
    return true;
  tl_bytes *out = &scratch->spare_text;
  out->count = 0;
  if (!tl_bytes_append(context, out, content, content_size) ||
      !tl_bytes_append(context, out, scratch->at, scratch->size))
    return false;
  take_spare(scratch);
  return true;
}

static bool replace(tl_context *context, const tl_normalizer_step *step, const uint8_t *strings,
                    tl_normalizer_scratch *scratch) {
  tl_bytes *out = &scratch->spare_text;
  size_t done = 0, begin, end;
  out->count = 0;
  while (tl_split_find(&step->pattern, strings, scratch->at, scratch->size, done, &begin, &end)) {
    if (!tl_bytes_append(context, out, scratch->at + done, begin - done) ||
        !tl_bytes_append(context, out, strings + step->content, step->content_size))
      return false;
    done = end;
  }
  if (done == 0) /* nothing found: patterns are never empty */
    return true;
  if (!tl_bytes_append(context, out, scratch->at + done, scratch->size - done))
    return false;
  take_spare(scratch);
  return true;
}

bool tl_normalizer_bytes_run(tl_context *context, const tl_normalizer *normalizer,
                             const tl_normalizer_step *step, tl_normalizer_scratch *scratch) {
  const uint8_t *strings = normalizer->strings.items;
  switch (step->kind) {
  case TL_NORMALIZER_STRIP:
    strip(step, scratch);
    return true;
  case TL_NORMALIZER_PREPEND:
    return prepend(context, strings + step->content, step->content_size, scratch);
  case TL_NORMALIZER_REPLACE:
    return replace(context, step, strings, scratch);
  case TL_NORMALIZER_PRECOMPILED:
    scratch->spare_text.count = 0;
    if (!tl_charsmap_run(context, &normalizer->charsmap, scratch->at, scratch->size, &scratch->spare_text))
      return false;
    take_spare(scratch);
    return true;
  default:
    return true;
  }
}
