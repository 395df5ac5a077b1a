/* Truncation as `tokenizers` does it (tokenizers/src/utils/truncation.rs). */
#include "text/truncation.h"

/* What longest_first leaves of two lengths, shorter <= longer, that are together more than max_length. */
static void cut_longest_first(size_t max_length, size_t *shorter, size_t *longer) {
  if (*shorter > max_length)
    *longer = *shorter;
  else
    *longer = max_length - *shorter > *shorter ? max_length - *shorter : *shorter;
  if (*shorter > max_length || *longer > max_length - *shorter) {
    *shorter = max_length / 2;
    *longer = max_length - max_length / 2;
  }
}

static void cut_to(size_t *length, size_t limit) {
  if (*length > limit)
    *length = limit;
}

tl_truncation_result tl_truncate(tl_truncation truncation, size_t max_length, size_t *a, size_t *b) {
  const size_t total = *a + (b != NULL ? *b : 0);
  if (truncation == TL_TRUNCATE_NONE || total <= max_length)
    return TL_TRUNCATED;
  if (max_length == 0) {
    *a = 0;
    if (b != NULL)
      *b = 0;
    return TL_TRUNCATED;
  }
  if (truncation == TL_TRUNCATE_LONGEST_FIRST) {
    if (b == NULL) {
      *a = max_length;
      return TL_TRUNCATED;
    }
    size_t first = *a, second = *b;
    if (first > second)
      cut_longest_first(max_length, &second, &first);
    else
      cut_longest_first(max_length, &first, &second);
    cut_to(a, first);
    cut_to(b, second);
    return TL_TRUNCATED;
  }
  size_t *target = truncation == TL_TRUNCATE_ONLY_FIRST ? a : b;
  if (target == NULL)
    return TL_TRUNCATION_NO_PAIR;
  if (*target <= total - max_length)
    return TL_TRUNCATION_TOO_SHORT;
  *target -= total - max_length;
  return TL_TRUNCATED;
}
