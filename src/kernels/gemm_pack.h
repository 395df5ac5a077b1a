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

/* Packs rows [begin, end), numbers [k, k + K), into panels: out[j·width + i] = number k + j of the panel's
 * row i, panel after panel. A left operand's panels are those of tlk_gemm_cut; a right one's have TLK_TILE_N
 * rows, and those from `end` on are zeros. */
void tlk_gemm_pack_left(const tlk_operand *left, size_t begin, size_t end, size_t k, size_t K, float *out);
void tlk_gemm_pack_right(const tlk_operand *right, size_t begin, size_t end, size_t k, size_t K, float *out);

#endif
