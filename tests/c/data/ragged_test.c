/* Columns of rows of different lengths. */
#include <string.h>

#include "harness.h"
#include "tunelab/data.h"

TEST(rows_come_back_as_they_were_appended) {
  tl_context *context = tl_context_create(1);
  tl_ragged *column = NULL;
  REQUIRE(tl_ragged_create(context, &column) == TL_OK);
  CHECK_EQ_INT(tl_ragged_rows(column), 0);
  static const int32_t values[6] = {9, 1, 2, 3, 4, 5};
  static const int32_t first[4] = {1, 3, 3, 6}; /* the value before the first offset belongs to no row */
  static const int32_t second[2] = {0, 2};
  CHECK_EQ_INT(tl_ragged_append(column, values, first, 3), TL_OK);
  CHECK_EQ_INT(tl_ragged_append(column, values, second, 1), TL_OK);
  REQUIRE(tl_ragged_rows(column) == 4);
  int32_t length = -1;
  const int32_t *row = tl_ragged_row(column, 0, &length);
  CHECK_EQ_INT(length, 2);
  CHECK_EQ_BYTES(row, values + 1, 2 * sizeof *values);
  tl_ragged_row(column, 1, &length);
  CHECK_EQ_INT(length, 0);
  row = tl_ragged_row(column, 2, &length);
  CHECK_EQ_INT(length, 3);
  CHECK_EQ_BYTES(row, values + 3, 3 * sizeof *values);
  row = tl_ragged_row(column, 3, &length);
  CHECK_EQ_INT(length, 2);
  CHECK_EQ_BYTES(row, values, 2 * sizeof *values);
  tl_ragged_free(column);
  CHECK_NEAR(tl_context_bytes(context), 0.0, 0.0);
  tl_context_free(context);
}

TEST(rows_outside_the_column_are_null_and_empty) {
  tl_context *context = tl_context_create(1);
  tl_ragged *column = NULL;
  REQUIRE(tl_ragged_create(context, &column) == TL_OK);
  int32_t length = 5;
  CHECK(tl_ragged_row(column, 0, &length) == NULL);
  CHECK_EQ_INT(length, 0);
  length = 5;
  CHECK(tl_ragged_row(column, -1, &length) == NULL);
  CHECK_EQ_INT(length, 0);
  tl_ragged_free(column);
  tl_context_free(context);
}

TEST(a_column_of_empty_rows_has_rows) {
  tl_context *context = tl_context_create(1);
  tl_ragged *column = NULL;
  REQUIRE(tl_ragged_create(context, &column) == TL_OK);
  static const int32_t offsets[3] = {0, 0, 0};
  CHECK_EQ_INT(tl_ragged_append(column, NULL, offsets, 2), TL_OK);
  int32_t length = 5;
  tl_ragged_row(column, 1, &length);
  CHECK_EQ_INT(length, 0);
  CHECK_EQ_INT(tl_ragged_rows(column), 2);
  tl_ragged_free(column);
  tl_context_free(context);
}

TEST(offsets_that_fall_or_start_below_zero_are_refused_and_append_nothing) {
  tl_context *context = tl_context_create(1);
  tl_ragged *column = NULL;
  REQUIRE(tl_ragged_create(context, &column) == TL_OK);
  static const int32_t values[4] = {0};
  static const int32_t falling[3] = {0, 3, 2}, negative[2] = {-1, 2};
  CHECK_EQ_INT(tl_ragged_append(column, values, falling, 2), TL_ERR_ARGUMENT);
  CHECK_STR(tl_context_error(context), "offsets must ascend, but offset 2 is 2 after 3");
  CHECK_EQ_INT(tl_ragged_append(column, values, negative, 1), TL_ERR_ARGUMENT);
  CHECK_EQ_INT(tl_ragged_append(column, values, falling, -1), TL_ERR_ARGUMENT);
  CHECK_EQ_INT(tl_ragged_rows(column), 0);
  tl_ragged_free(column);
  tl_context_free(context);
}

TEST(a_column_beyond_the_memory_limit_stays_as_it_was) {
  tl_context *context = tl_context_create(1);
  tl_ragged *column = NULL;
  static const int32_t values[100] = {1};
  static const int32_t one[2] = {0, 1}, hundred[2] = {0, 100};
  REQUIRE(tl_ragged_create(context, &column) == TL_OK);
  REQUIRE(tl_ragged_append(column, values, one, 1) == TL_OK);
  tl_context_set_max_bytes(context, tl_context_bytes(context) + 50.0);
  CHECK_EQ_INT(tl_ragged_append(column, values, hundred, 1), TL_ERR_MEMORY);
  CHECK_EQ_INT(tl_ragged_rows(column), 1);
  int32_t length = 0;
  const int32_t *row = tl_ragged_row(column, 0, &length);
  CHECK(length == 1 && row[0] == 1);
  tl_ragged_free(column);
  tl_context_free(context);
}
