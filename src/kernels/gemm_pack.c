/* Packing the operands of a matrix product into panels. Most are 4 to 8 wide, so two vectors cover them: one
 * from the start and one that ends with the panel. Where they overlap both write the same. */
#include "kernels/gemm_pack.h"

#include "kernels/gemm_tile.h"
#include "kernels/simd.h"

/* Made anew for each width, so that it is a constant in the loops. */
#define PER_WIDTH static inline __attribute__((always_inline))

enum { WIDEST = 2 * TL_LANES };

/* Packs one panel from a matrix whose k are adjacent: 4×4 blocks are transposed. */
PER_WIDTH void pack_transposed(const float *from, size_t row_step, size_t rows, size_t K, size_t width,
                               float *out) {
  static const float zeros[TL_LANES] = {0.0f, 0.0f, 0.0f, 0.0f};
  const float *row[WIDEST]; /* rows that do not exist are zeros, on the spot */
  size_t step[WIDEST];
  size_t j = 0;
  for (size_t i = 0; i < width; i++) {
    row[i] = i < rows ? from + i * row_step : zeros;
    step[i] = i < rows ? 1 : 0;
  }
  const size_t second = width - TL_LANES;
  for (; j + TL_LANES <= K; j += TL_LANES) {
    tl_v4 low[4], high[4];
    for (size_t i = 0; i < 4; i++) {
      low[i] = v4_load(row[i] + j * step[i]);
      high[i] = v4_load(row[second + i] + j * step[second + i]);
    }
    v4_transpose(low);
    v4_transpose(high);
    for (size_t i = 0; i < 4; i++) {
      v4_store(out + (j + i) * width, low[i]);
      v4_store(out + (j + i) * width + second, high[i]);
    }
  }
  for (; j < K; j++)
    for (size_t i = 0; i < width; i++)
      out[j * width + i] = row[i][j * step[i]];
}

/* Packs one panel from a matrix whose rows are adjacent: each step of k is copied. */
PER_WIDTH void pack_copied(const float *from, size_t k_step, size_t K, size_t width, float *out) {
  const size_t second = width - TL_LANES;
  for (size_t j = 0; j < K; j++) {
    const tl_v4 low = v4_load(from + j * k_step);
    const tl_v4 high = v4_load(from + j * k_step + second);
    v4_store(out + j * width, low);
    v4_store(out + j * width + second, high);
  }
}

/* Packs one panel number by number: what is no whole panel, or too narrow for vectors. */
static void pack_scattered(const float *from, const tlk_operand *operand, size_t rows, size_t K, size_t width,
                           float *out) {
  for (size_t j = 0; j < K; j++)
    for (size_t i = 0; i < width; i++)
      out[j * width + i] = i < rows ? from[i * operand->row_step + j * operand->k_step] : 0.0f;
}

/* Packs the panel of rows [row, row + rows), numbers [k, k + K). */
PER_WIDTH void pack_panel(const tlk_operand *operand, size_t row, size_t rows, size_t k, size_t K,
                          size_t width, float *out) {
  const float *from = operand->data + row * operand->row_step + k * operand->k_step;
  if (operand->k_step == 1)
    pack_transposed(from, operand->row_step, rows, K, width, out);
  else if (rows == width)
    pack_copied(from, operand->k_step, K, width, out);
  else
    pack_scattered(from, operand, rows, K, width, out);
}

void tlk_gemm_pack_left(const tlk_operand *left, size_t begin, size_t end, size_t k, size_t K, float *out) {
  const tlk_cut cut = tlk_gemm_cut(end - begin);
  for (size_t row = begin, rows, panel = 0; row < end; row += rows, panel++) {
    rows = tlk_gemm_panel_rows(cut, panel);
    if (rows == 6)
      pack_panel(left, row, rows, k, K, 6, out);
    else if (rows == 5)
      pack_panel(left, row, rows, k, K, 5, out);
    else if (rows == 4)
      pack_panel(left, row, rows, k, K, 4, out);
    else
      pack_scattered(left->data + row * left->row_step + k * left->k_step, left, rows, K, rows, out);
    out += K * rows;
  }
}

void tlk_gemm_pack_right(const tlk_operand *right, size_t begin, size_t end, size_t k, size_t K, float *out) {
  for (size_t row = begin; row < end; row += TLK_TILE_N, out += K * TLK_TILE_N)
    pack_panel(right, row, end - row < TLK_TILE_N ? end - row : TLK_TILE_N, k, K, TLK_TILE_N, out);
}
