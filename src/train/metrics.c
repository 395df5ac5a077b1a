/* Metrics of predicted classes: accuracy, and F1 as scikit-learn defines it. */
#include "base/context_internal.h"
#include "tunelab/train.h"

/* Class numbers index the counts; a label beyond any model's is a mistake, not a reason to ask for gigabytes.
 */
enum { MOST_CLASSES = 1 << 20 };

static tl_status check_rows(tl_context *context, const char *metric, int32_t n) {
  if (n >= 1)
    return TL_OK;
  return tl_fail(context, TL_ERR_ARGUMENT, "%s needs at least one prediction, but got %d", metric, n);
}

tl_status tl_metric_accuracy(tl_context *context, const int32_t *predictions, const int32_t *references,
                             int32_t n, double *out) {
  const tl_status status = check_rows(context, "accuracy", n);
  if (status != TL_OK)
    return status;
  int32_t equal = 0;
  for (int32_t i = 0; i < n; ++i)
    equal += predictions[i] == references[i];
  *out = (double)equal / n;
  return TL_OK;
}

/* How often a class was rightly predicted, predicted at all, and there. */
typedef struct class_count {
  int32_t right;
  int32_t predicted;
  int32_t present;
} class_count;

/* 2·right / (predicted + present): the harmonic mean of precision and recall; 0 where that is 0/0
 * (zero_division=0). */
static double f1_of(class_count count) {
  const double both = (double)count.predicted + (double)count.present;
  return both == 0.0 ? 0.0 : 2.0 * (double)count.right / both;
}

static void count_row(class_count *count, int32_t label, int32_t prediction, int32_t reference) {
  count->right += prediction == label && reference == label;
  count->predicted += prediction == label;
  count->present += reference == label;
}

/* The F1 of one class among two. As in scikit-learn, a third class or a pos_label that is neither of two is
 * refused. */
static tl_status binary_f1(tl_context *context, const int32_t *predictions, const int32_t *references,
                           int32_t n, int32_t pos_label, double *out) {
  const int32_t first = references[0];
  int32_t second = first;
  class_count count = {0};
  for (int32_t i = 0; i < n; ++i) {
    const int32_t row[2] = {predictions[i], references[i]};
    for (int side = 0; side < 2; ++side) {
      if (row[side] != first && second == first)
        second = row[side];
      if (row[side] != first && row[side] != second)
        return tl_fail(
            context, TL_ERR_ARGUMENT,
            "f1: there are more than two classes (%d, %d, %d), but average is binary; choose macro, "
            "micro or weighted",
            first, second, row[side]);
    }
    count_row(&count, pos_label, predictions[i], references[i]);
  }
  if (first != second && pos_label != first && pos_label != second)
    return tl_fail(context, TL_ERR_ARGUMENT, "f1: pos_label must be one of the classes %d and %d, but is %d",
                   first, second, pos_label);
  *out = f1_of(count);
  return TL_OK;
}

static double average_f1(const class_count *counts, int32_t classes, tl_average average) {
  double sum = 0.0, weights = 0.0;
  class_count all = {0};
  for (int32_t c = 0; c < classes; ++c) {
    if (counts[c].predicted == 0 && counts[c].present == 0)
      continue; /* a gap in the class numbers is no class */
    const double weight = average == TL_AVERAGE_WEIGHTED ? (double)counts[c].present : 1.0;
    sum += weight * f1_of(counts[c]);
    weights += weight;
    all.right += counts[c].right;
    all.predicted += counts[c].predicted;
    all.present += counts[c].present;
  }
  return average == TL_AVERAGE_MICRO ? f1_of(all) : sum / weights;
}

/* The largest class of the rows, or TL_ERR_ARGUMENT naming the row that has none. */
static tl_status largest_class(tl_context *context, const int32_t *predictions, const int32_t *references,
                               int32_t n, int32_t *out) {
  int32_t most = 0;
  for (int32_t i = 0; i < n; ++i) {
    const int32_t row[2] = {predictions[i], references[i]};
    for (int side = 0; side < 2; ++side) {
      if (row[side] < 0 || row[side] >= MOST_CLASSES)
        return tl_fail(context, TL_ERR_ARGUMENT, "f1: row %d has the class %d; expected 0..%d", i, row[side],
                       MOST_CLASSES - 1);
      most = row[side] > most ? row[side] : most;
    }
  }
  *out = most;
  return TL_OK;
}

tl_status tl_metric_f1(tl_context *context, const int32_t *predictions, const int32_t *references, int32_t n,
                       tl_average average, int32_t pos_label, double *out) {
  const int32_t chosen =
      (int32_t)average; /* an enum's type may be unsigned, and callers from afar pass any number */
  if (chosen < TL_AVERAGE_BINARY || chosen > TL_AVERAGE_WEIGHTED)
    return tl_fail(context, TL_ERR_ARGUMENT,
                   "f1: average must be binary, macro, micro or weighted, but is %d", chosen);
  int32_t most = 0;
  tl_status status = check_rows(context, "f1", n);
  if (status == TL_OK)
    status = largest_class(context, predictions, references, n, &most);
  if (status != TL_OK)
    return status;
  if (average == TL_AVERAGE_BINARY)
    return binary_f1(context, predictions, references, n, pos_label, out);
  const size_t classes = (size_t)most + 1;
  class_count *counts = tl_memory_alloc(context, classes, sizeof *counts);
  if (counts == NULL)
    return tl_fail_memory(context, "counting classes", (double)(classes * sizeof *counts));
  for (int32_t i = 0; i < n; ++i) {
    count_row(&counts[predictions[i]], predictions[i], predictions[i], references[i]);
    if (predictions[i] != references[i])
      count_row(&counts[references[i]], references[i], predictions[i], references[i]);
  }
  *out = average_f1(counts, most + 1, average);
  tl_memory_free(context, counts);
  return TL_OK;
}
