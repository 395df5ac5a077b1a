/* A set of a table's rows, a bit each: which rows of an embedding's gradient, or of its moments, are more
 * than zeros. */
#ifndef TL_KERNELS_ROW_SET_H
#define TL_KERNELS_ROW_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The words of a set over `rows` rows. What owns the words keeps the rows. */
static inline size_t row_set_words(size_t rows) { return rows / 32 + (rows % 32 != 0); }

static inline bool row_set_has(const uint32_t *set, size_t row) { return set[row / 32] >> row % 32 & 1u; }

/* How many of the 32 rows that share a word with `row` are in the set. */
static inline int row_set_crowd(const uint32_t *set, size_t row) { return __builtin_popcount(set[row / 32]); }

static inline void row_set_add(uint32_t *set, size_t row) { set[row / 32] |= 1u << row % 32; }

static inline void row_set_clear(uint32_t *set, size_t rows) {
  memset(set, 0, row_set_words(rows) * sizeof *set);
}

static inline void row_set_fill(uint32_t *set, size_t rows) {
  memset(set, 0xff, row_set_words(rows) * sizeof *set);
}

/* set ∪= other. */
static inline void row_set_unite(uint32_t *set, const uint32_t *other, size_t rows) {
  for (size_t word = 0; word < row_set_words(rows); word++)
    set[word] |= other[word];
}

#endif
