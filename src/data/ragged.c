/* A column whose rows have different lengths: all values end to end, and where each row starts. */
#include <string.h>

#include "base/context_internal.h"
#include "tunelab/data.h"

struct tl_ragged {
  tl_context *context;
  int32_t rows;
  int32_t *values;
  size_t *starts; /* (rows + 1); NULL while there are no rows */
  size_t values_capacity;
  size_t starts_capacity;
};

tl_status tl_ragged_create(tl_context *context, tl_ragged **out) {
  tl_ragged *column = tl_memory_alloc(context, 1, sizeof *column);
  if (column == NULL)
    return tl_fail_memory(context, "a column", (double)sizeof *column);
  column->context = context;
  *out = column;
  return TL_OK;
}

void tl_ragged_free(tl_ragged *column) {
  if (column == NULL)
    return;
  tl_memory_free(column->context, column->values);
  tl_memory_free(column->context, column->starts);
  tl_memory_free(column->context, column);
}

static tl_status check_offsets(const tl_ragged *column, const int32_t *offsets, int32_t n) {
  if (n < 0 || n > INT32_MAX - 1 - column->rows)
    return tl_fail(column->context, TL_ERR_ARGUMENT, "a column of %d rows cannot take %d more",
                   (int)column->rows, (int)n);
  if (n == 0)
    return TL_OK;
  if (offsets[0] < 0)
    return tl_fail(column->context, TL_ERR_ARGUMENT, "the first offset is %d; it must not be negative",
                   (int)offsets[0]);
  for (int32_t i = 0; i < n; i++) {
    if (offsets[i + 1] < offsets[i])
      return tl_fail(column->context, TL_ERR_ARGUMENT, "offsets must ascend, but offset %d is %d after %d",
                     (int)i + 1, (int)offsets[i + 1], (int)offsets[i]);
  }
  return TL_OK;
}

tl_status tl_ragged_append(tl_ragged *column, const int32_t *values, const int32_t *offsets, int32_t n) {
  tl_status status = check_offsets(column, offsets, n);
  if (status != TL_OK || n == 0)
    return status;
  size_t held = column->starts != NULL ? column->starts[column->rows] : 0;
  size_t added = (size_t)(offsets[n] - offsets[0]);
  if (added > SIZE_MAX - held)
    return tl_fail_memory(column->context, "a column",
                          ((double)held + (double)added) * (double)sizeof *values);

  bool first = column->starts == NULL;
  void *memory = column->values;
  status = tl_memory_grow(column->context, &memory, &column->values_capacity, held + added,
                          sizeof *column->values, "a column's values");
  column->values = memory;
  if (status != TL_OK)
    return status;
  memory = column->starts;
  status = tl_memory_grow(column->context, &memory, &column->starts_capacity,
                          (size_t)column->rows + (size_t)n + 1, sizeof *column->starts, "a column's rows");
  column->starts = memory;
  if (status != TL_OK)
    return status;

  if (first)
    column->starts[0] = 0;
  if (added > 0)
    memcpy(column->values + held, values + offsets[0], added * sizeof *values);
  for (int32_t i = 0; i < n; i++)
    column->starts[column->rows + i + 1] = held + (size_t)(offsets[i + 1] - offsets[0]);
  column->rows += n;
  return TL_OK;
}

int32_t tl_ragged_rows(const tl_ragged *column) { return column->rows; }

const int32_t *tl_ragged_row(const tl_ragged *column, int32_t row, int32_t *length) {
  *length = 0;
  if (row < 0 || row >= column->rows)
    return NULL;
  *length = (int32_t)(column->starts[row + 1] - column->starts[row]);
  return column->values != NULL ? column->values + column->starts[row] : NULL; /* all rows may be empty */
}
