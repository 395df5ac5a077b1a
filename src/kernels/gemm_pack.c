/* Packing the operands of a matrix product into panels. */
#include "kernels/gemm_pack.h"

#include <stdbool.h>

#include "kernels/simd.h"

/* Packs one panel from a matrix whose k are adjacent: 4×4 blocks are transposed. Each vector is stored whole;
 * what it writes beyond its panel's width is overwritten by the store after it. */
static void pack_transposed(const float *from, size_t row_step, size_t rows, size_t K, size_t width,
                            float *out) {
  static const float zeros[TL_LANES] = {0.0f, 0.0f, 0.0f, 0.0f};
  const float *row[2 * TL_LANES];
  size_t step[2 * TL_LANES];
  size_t j = 0;
  for (size_t i = 0; i < 2 * TL_LANES; i++) {
    row[i] = i < rows ? from + i * row_step : zeros;
    step[i] = i < rows ? 1 : 0;
  }
  for (; j + TL_LANES <= K; j += TL_LANES) {
    tl_v4 low[4], high[4];
    for (size_t i = 0; i < 4; i++) {
      low[i] = v4_load(row[i] + j * step[i]);
      high[i] = v4_load(row[i + 4] + j * step[i + 4]);
    }
    v4_transpose(low);
    v4_transpose(high);
    for (size_t i = 0; i < 4; i++) {
      v4_store(out + (j + i) * width, low[i]);
      v4_store(out + (j + i) * width + TL_LANES, high[i]);
    }
  }
  for (; j < K; j++)
    for (size_t i = 0; i < width; i++)
      out[j * width + i] = row[i][j * step[i]];
}

/* Packs one panel from a matrix whose rows are adjacent: each step of k is copied. `room`: floats that may be
 * read from the start of each step. */
static void pack_copied(const float *from, size_t k_step, size_t rows, size_t room, size_t K, size_t width,
                        float *out) {
  if (rows == width && room >= 2 * TL_LANES) {
    for (size_t j = 0; j < K; j++) {
      const tl_v4 low = v4_load(from + j * k_step);
      const tl_v4 high = v4_load(from + j * k_step + TL_LANES);
      v4_store(out + j * width, low);
      v4_store(out + j * width + TL_LANES, high);
    }
    return;
  }
  for (size_t j = 0; j < K; j++)
    for (size_t i = 0; i < width; i++)
      out[j * width + i] = i < rows ? from[j * k_step + i] : 0.0f;
}

void tlk_gemm_pack(const tlk_operand *operand, size_t begin, size_t end, size_t k, size_t K, size_t width,
                   float *out) {
  for (size_t row = begin; row < end; row += width) {
    const float *from = operand->data + row * operand->row_step + k * operand->k_step;
    const size_t rows = end - row < width ? end - row : width;
    if (operand->k_step == 1)
      pack_transposed(from, operand->row_step, rows, K, width, out);
    else
      pack_copied(from, operand->k_step, rows, end - row, K, width, out);
    out += K * width;
  }
}
