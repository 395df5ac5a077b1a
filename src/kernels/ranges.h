/* Dividing independent items (numbers, rows, columns) among the threads of a pool. */
#ifndef TL_KERNELS_RANGES_H
#define TL_KERNELS_RANGES_H

#include <stddef.h>

#include "base/pool.h"

/* Works on the items [begin, end). */
typedef void (*tlk_range_work)(const void *arguments, size_t begin, size_t end);

/* Covers n items with contiguous ranges whose bounds are multiples of `grain` (or n). `floats` is how many
 * numbers are touched in all: where they are few, waking the threads would take longer than the work, and the
 * caller's thread does it alone. */
void tlk_run_ranges(tl_pool *pool, size_t n, size_t grain, size_t floats, tlk_range_work work,
                    const void *arguments);

#endif
