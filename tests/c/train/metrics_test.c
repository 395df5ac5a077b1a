/* Accuracy and F1 against scikit-learn's, and what they refuse. */
#include <math.h>
#include <stdlib.h>

#include "base/golden_json.h"
#include "harness.h"
#include "tunelab/train.h"

/* The same few double operations in the same order, up to the order of a sum over classes. */
static const double tolerance = 1e-15;

typedef struct named_average {
  const char *name;
  tl_average average;
} named_average;

TEST(every_value_equals_scikit_learn) {
  static const named_average averages[] = {{"f1", TL_AVERAGE_BINARY},
                                           {"f1_macro", TL_AVERAGE_MACRO},
                                           {"f1_micro", TL_AVERAGE_MICRO},
                                           {"f1_weighted", TL_AVERAGE_WEIGHTED}};
  tl_context *context = tl_context_create(1);
  tl_json *goldens = golden_open(context, "metrics.json");
  REQUIRE(goldens != NULL);
  int checked = 0;
  for (const tl_json_value *item = tl_json_first(tl_json_root(goldens)); item != NULL;
       item = tl_json_next(item)) {
    size_t rows, references_count;
    int32_t *predictions = golden_integers(tl_json_get(item, "predictions"), &rows);
    int32_t *references = golden_integers(tl_json_get(item, "references"), &references_count);
    CHECK_EQ_INT(rows, references_count);
    const tl_json_value *values = tl_json_get(item, "values");
    double value = -1.0;
    CHECK_EQ_INT(tl_metric_accuracy(context, predictions, references, (int32_t)rows, &value), TL_OK);
    CHECK_NEAR(value, tl_json_number(tl_json_get(values, "accuracy"), (double)NAN), tolerance);
    for (size_t i = 0; i < sizeof averages / sizeof *averages; ++i) {
      const tl_json_value *expected = tl_json_get(values, averages[i].name);
      if (expected == NULL) /* binary F1 of more than two classes does not exist */
        continue;
      CHECK_EQ_INT(
          tl_metric_f1(context, predictions, references, (int32_t)rows, averages[i].average, 1, &value),
          TL_OK);
      if (!CHECK_NEAR(value, tl_json_number(expected, (double)NAN), tolerance))
        printf("    %s of \"%s\"\n", averages[i].name, tl_json_name(item));
      ++checked;
    }
    free(predictions);
    free(references);
  }
  CHECK(checked >= 50);
  tl_json_free(goldens);
  CHECK_NEAR(tl_context_bytes(context), 0, 0);
  tl_context_free(context);
}

TEST(binary_f1_is_of_the_class_that_was_asked_for) {
  tl_context *context = tl_context_create(1);
  const int32_t predictions[] = {7, 2, 2, 7}, references[] = {7, 7, 2, 2};
  double value = -1.0;
  CHECK_EQ_INT(tl_metric_f1(context, predictions, references, 4, TL_AVERAGE_BINARY, 7, &value), TL_OK);
  CHECK_NEAR(value, 0.5, 0.0);
  CHECK_EQ_INT(tl_metric_f1(context, predictions, references, 4, TL_AVERAGE_BINARY, 1, &value),
               TL_ERR_ARGUMENT);
  CHECK_STR(tl_context_error(context), "f1: pos_label must be one of the classes 7 and 2, but is 1");
  /* One class alone, and not the one asked for: scikit-learn has no complaint, and no true positive. */
  CHECK_EQ_INT(tl_metric_f1(context, predictions, predictions, 1, TL_AVERAGE_BINARY, 1, &value), TL_OK);
  CHECK_NEAR(value, 0.0, 0.0);
  tl_context_free(context);
}

TEST(questions_without_an_answer_are_refused_and_leave_the_output) {
  tl_context *context = tl_context_create(1);
  const int32_t three[] = {0, 1, 2}, negative[] = {0, -100, 1}, huge[] = {0, INT32_MAX, 1};
  double value = 0.25;
  CHECK_EQ_INT(tl_metric_accuracy(context, three, three, 0, &value), TL_ERR_ARGUMENT);
  CHECK_STR(tl_context_error(context), "accuracy needs at least one prediction, but got 0");
  CHECK_EQ_INT(tl_metric_f1(context, three, three, 0, TL_AVERAGE_MACRO, 1, &value), TL_ERR_ARGUMENT);
  CHECK_EQ_INT(tl_metric_f1(context, three, three, -1, TL_AVERAGE_MACRO, 1, &value), TL_ERR_ARGUMENT);
  CHECK_EQ_INT(tl_metric_f1(context, three, three, 3, TL_AVERAGE_BINARY, 1, &value), TL_ERR_ARGUMENT);
  CHECK(strstr(tl_context_error(context), "more than two classes (0, 1, 2)") != NULL);
  CHECK_EQ_INT(tl_metric_f1(context, three, negative, 3, TL_AVERAGE_MACRO, 1, &value), TL_ERR_ARGUMENT);
  CHECK_STR(tl_context_error(context), "f1: row 1 has the class -100; expected 0..1048575");
  CHECK_EQ_INT(tl_metric_f1(context, huge, three, 3, TL_AVERAGE_MACRO, 1, &value), TL_ERR_ARGUMENT);
  CHECK_EQ_INT(tl_metric_f1(context, three, three, 3, (tl_average)4, 1, &value), TL_ERR_ARGUMENT);
  tl_context_set_max_bytes(context, 10);
  CHECK_EQ_INT(tl_metric_f1(context, three, three, 3, TL_AVERAGE_MACRO, 1, &value), TL_ERR_MEMORY);
  CHECK_NEAR(value, 0.25, 0.0);
  tl_context_free(context);
}
