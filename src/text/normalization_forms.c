/* Unicode normalization forms: decompose, put marks in canonical order, compose (Unicode 3.11, UAX #15). */
#include "text/normalization_forms.h"

#include <string.h>

#include "text/unicode.h"

/* Longer runs of marks are sorted by counting, so that a text of nothing but marks takes linear time. */
enum { SHORT_RUN = 32, CLASSES = 256 };

/* Stable insertion sort by combining class. */
static void sort_short_run(uint32_t *run, size_t count) {
  for (size_t i = 1; i < count; ++i) {
    const uint32_t mark = run[i];
    const uint8_t class = tl_unicode_combining(mark);
    size_t at = i;
    for (; at > 0 && tl_unicode_combining(run[at - 1]) > class; --at)
      run[at] = run[at - 1];
    run[at] = mark;
  }
}

/* Stable counting sort by combining class; `spare` has room for the run. */
static void sort_long_run(uint32_t *run, size_t count, uint32_t *spare) {
  size_t starts[CLASSES + 1] = {0};
  for (size_t i = 0; i < count; ++i)
    ++starts[tl_unicode_combining(run[i]) + 1];
  for (size_t class = 0; class < CLASSES; ++class)
    starts[class + 1] += starts[class];
  for (size_t i = 0; i < count; ++i)
    spare[starts[tl_unicode_combining(run[i])]++] = run[i];
  memcpy(run, spare, count * sizeof *run);
}

/* Sorts every run of marks (code points whose class is not 0). */
static bool order_marks(tl_context *context, tl_code_points *points) {
  for (size_t begin = 0; begin < points->count;) {
    if (tl_unicode_combining(points->items[begin]) == 0) {
      ++begin;
      continue;
    }
    size_t end = begin + 1;
    while (end < points->count && tl_unicode_combining(points->items[end]) != 0)
      ++end;
    const size_t count = end - begin;
    if (count > SHORT_RUN) {
      if (!tl_code_points_reserve(context, points, count))
        return false;
      sort_long_run(points->items + begin, count, points->items + points->count);
    } else {
      sort_short_run(points->items + begin, count);
    }
    begin = end;
  }
  return true;
}

bool tl_normalize_decompose(tl_context *context, const tl_code_points *in, bool compatible,
                            tl_code_points *out) {
  out->count = 0;
  for (size_t i = 0; i < in->count; ++i) {
    if (!tl_code_points_reserve(context, out, TL_UNICODE_LONGEST))
      return false;
    uint32_t *end = out->items + out->count;
    out->count += compatible ? tl_unicode_decompose_compatible(in->items[i], end)
                             : tl_unicode_decompose(in->items[i], end);
  }
  return order_marks(context, out);
}

void tl_normalize_compose(tl_code_points *points) {
  size_t kept = 0;      /* points[0 .. kept) is the result so far */
  size_t starter = 0;   /* where in it the last starter stands */
  bool started = false; /* whether there is one */
  uint8_t last = 0;     /* the class of the last code point kept */
  for (size_t i = 0; i < points->count; ++i) {
    const uint32_t point = points->items[i];
    const uint8_t class = tl_unicode_combining(point);
    /* Not blocked: nothing is between the starter and this, or only marks of lower classes (they are in
     * order). */
    if (started && (kept == starter + 1 || last < class)) {
      const uint32_t composed = tl_unicode_compose(points->items[starter], point);
      if (composed != 0) {
        points->items[starter] = composed;
        continue;
      }
    }
    if (class == 0) {
      starter = kept;
      started = true;
    }
    last = class;
    points->items[kept++] = point;
  }
  points->count = kept;
}
