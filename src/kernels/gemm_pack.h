/* Packing the operands of a matrix product into panels that the tile reads from front to back. */
#ifndef TL_KERNELS_GEMM_PACK_H
#define TL_KERNELS_GEMM_PACK_H

#include <stddef.h>

/* One operand of a product, seen as rows of numbers that are multiplied and summed over k: row i's number k
 * is data[i·row_step + k·k_step]. One of the steps is 1. (The right operand's rows are the result's columns.)
 */
typedef struct tlk_operand {
  const float *data;
  size_t row_step;
  size_t k_step;
} tlk_operand;

/* Floats that packing may write past the end of the last panel: vectors are stored whole. (Panels 8 wide:
 * none.) */
enum { TLK_PACK_SLACK = 4 };

/* Packs rows [begin, end), numbers [k, k + K), into panels of `width` rows, 4 <= width <= 8: panel p holds
 * out[(p·K + j)·width + i] = row begin + p·width + i, number k + j. Rows from `end` on are zeros. */
void tlk_gemm_pack(const tlk_operand *operand, size_t begin, size_t end, size_t k, size_t K, size_t width,
                   float *out);

#endif
