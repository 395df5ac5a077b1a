/* The general matrix product: blocks for the caches, packed panels, tiles, and their division among threads.
 */
#include "kernels/gemm_product.h"

#include <stdint.h>

#include "kernels/gemm_tile.h"

enum {
  BLOCK_K = 384, /* k at a time: a panel of B, 8 × 384 floats, takes 12 KB of the first-level cache */
  BLOCK_M = 24 * TLK_TILE_M, /* rows at a time: with 384 k about 200 KB, for the second-level cache */
  BLOCK_N = 256 * TLK_TILE_N /* columns at a time: bounds the scratch to some 3 MB */
};

static size_t smaller(size_t a, size_t b) { return a < b ? a : b; }
static size_t divide_up(size_t n, size_t by) { return n / by + (n % by != 0); }

/* The length of k's blocks: about equal, at most BLOCK_K. Depends on K alone. */
static size_t block_k(size_t K) {
  const size_t blocks = divide_up(K, BLOCK_K);
  return blocks == 0 ? 0 : divide_up(K, blocks);
}

/* Floats for the packed panels of `rows` rows, of up to K numbers each. */
static size_t panel_floats(size_t rows, size_t width, size_t K) {
  return divide_up(rows, width) * width * smaller(K, BLOCK_K);
}

static size_t right_floats(size_t N, size_t K) { return panel_floats(smaller(N, BLOCK_N), TLK_TILE_N, K); }

static size_t left_floats(size_t M, size_t K) {
  return panel_floats(smaller(M, BLOCK_M), TLK_TILE_M, K) + TLK_PACK_SLACK;
}

size_t tlk_product_scratch(size_t M, size_t N, size_t K, size_t threads) {
  const size_t right = right_floats(N, K); /* both are bounded by the blocks: only the threads can overflow */
  const size_t left = left_floats(M, K);
  if (threads > (SIZE_MAX / sizeof(float) - right) / left)
    return SIZE_MAX;
  return right + threads * left;
}

/* What is added to a tile's sums: row i's at from + i·step, 8 floats wide. */
typedef struct addend {
  const float *from;
  size_t step;
} addend;

/* A tile at the matrix' edge: computed whole on the side, and the part that exists is copied. */
static void edge_tile(size_t K, const float *a, const float *b, float *c, size_t ldc, size_t rows,
                      size_t columns, addend before) {
  float whole[TLK_TILE_M * TLK_TILE_N] = {0.0f};
  for (size_t i = 0; i < rows; i++)
    for (size_t j = 0; j < columns; j++)
      whole[i * TLK_TILE_N + j] = before.from[i * before.step + j];
  tlk_gemm_tile(K, a, b, whole, TLK_TILE_N, whole, TLK_TILE_N);
  for (size_t i = 0; i < rows; i++)
    for (size_t j = 0; j < columns; j++)
      c[i * ldc + j] = whole[i * TLK_TILE_N + j];
}

/* A thread's place: its part of the result is the cell (row, column) of a grid of `rows` by `columns`
 * threads. */
typedef struct grid {
  size_t rows;
  size_t columns;
  size_t row;
  size_t column;
} grid;

/* Divides a block of M×N among threads so that the busiest has least to do: tiles, and packing its rows of A
 * (about half a tile's work for each tile row). */
static grid choose_grid(size_t M, size_t N, size_t thread, size_t threads) {
  grid best = {threads, 1, 0, 0};
  size_t best_cost = SIZE_MAX;
  for (size_t rows = threads; rows > 0; rows--) {
    if (threads % rows != 0)
      continue;
    const size_t tile_rows = divide_up(divide_up(M, TLK_TILE_M), rows);
    const size_t tile_columns = divide_up(divide_up(N, TLK_TILE_N), threads / rows);
    const size_t cost = tile_rows * (2 * tile_columns + 1);
    if (cost < best_cost) {
      best_cost = cost;
      best.rows = rows;
      best.columns = threads / rows;
    }
  }
  best.row = thread / best.columns;
  best.column = thread % best.columns;
  return best;
}

/* A range of rows or columns. */
typedef struct range {
  size_t begin;
  size_t end;
} range;

/* Part `index` of `parts` of [begin, end), in units of `grain`. */
static range part_of(range whole, size_t grain, size_t index, size_t parts) {
  int64_t begin, end;
  tl_pool_share((int64_t)(whole.end - whole.begin), (int64_t)grain, (int32_t)index, (int32_t)parts, &begin,
                &end);
  return (range){whole.begin + (size_t)begin, whole.begin + (size_t)end};
}

/* What block k of the product at (m, n) is added to: the blocks before it or what was there, the bias, or
 * nothing. */
static addend addend_at(const tlk_product *p, size_t m, size_t n, size_t k) {
  static const float zeros[TLK_TILE_N] = {0.0f};
  if (p->add || k > 0)
    return (addend){p->c + m * p->ldc + n, p->ldc};
  return (addend){p->bias ? p->bias + n : zeros, 0};
}

/* The tiles of rows × columns for one block of k. `packed_right` holds the panels of the columns. */
static void multiply_block(const tlk_product *p, range rows, range columns, range k,
                           const float *packed_right, float *packed_left) {
  const size_t K = k.end - k.begin;
  for (size_t block = rows.begin; block < rows.end; block += BLOCK_M) {
    const size_t block_end = smaller(block + BLOCK_M, rows.end);
    tlk_gemm_pack(&p->left, block, block_end, k.begin, K, TLK_TILE_M, packed_left);
    for (size_t n = columns.begin; n < columns.end; n += TLK_TILE_N) {
      const float *b = packed_right + (n - columns.begin) * K;
      for (size_t m = block; m < block_end; m += TLK_TILE_M) {
        const float *a = packed_left + (m - block) * K;
        float *c = p->c + m * p->ldc + n;
        const addend before = addend_at(p, m, n, k.begin);
        const size_t tile_rows = smaller(TLK_TILE_M, block_end - m);
        const size_t tile_columns = smaller(TLK_TILE_N, columns.end - n);
        if (tile_rows == TLK_TILE_M && tile_columns == TLK_TILE_N)
          tlk_gemm_tile(K, a, b, c, p->ldc, before.from, before.step);
        else
          edge_tile(K, a, b, c, p->ldc, tile_rows, tile_columns, before);
      }
    }
  }
}

/* One thread's share of the product. With a pool all its threads run this together: each packs some of the
 * right operand's panels for all. */
static void run_share(const tlk_product *p, float *scratch, tl_pool *pool, size_t thread, size_t threads) {
  float *packed_right = scratch;
  float *packed_left = scratch + right_floats(p->N, p->K) + thread * left_floats(p->M, p->K);
  const size_t step_k = block_k(p->K);
  for (size_t n = 0; n < p->N; n += BLOCK_N) {
    const range block = {n, smaller(n + BLOCK_N, p->N)};
    const grid place = choose_grid(p->M, block.end - block.begin, thread, threads);
    const range rows = part_of((range){0, p->M}, TLK_TILE_M, place.row, place.rows);
    const range columns = part_of(block, TLK_TILE_N, place.column, place.columns);
    const range packing = part_of(block, TLK_TILE_N, thread, threads);
    for (size_t k = 0; k < p->K; k += step_k) {
      const range ks = {k, smaller(k + step_k, p->K)};
      const size_t K = ks.end - ks.begin;
      tlk_gemm_pack(&p->right, packing.begin, packing.end, k, K, TLK_TILE_N,
                    packed_right + (packing.begin - n) * K);
      if (pool)
        tl_pool_barrier(pool); /* the panels are complete */
      multiply_block(p, rows, columns, ks, packed_right + (columns.begin - n) * K, packed_left);
      if (pool)
        tl_pool_barrier(pool); /* nobody reads them any more */
    }
  }
}

/* A product over no k at all: the bias or zeros, or what was there. */
static void empty_sum(const tlk_product *p) {
  for (size_t m = 0; m < p->M && !p->add; m++)
    for (size_t n = 0; n < p->N; n++)
      p->c[m * p->ldc + n] = p->bias ? p->bias[n] : 0.0f;
}

typedef struct run_arguments {
  const tlk_product *product;
  float *scratch;
  tl_pool *pool;
} run_arguments;

static void run_task(void *argument, int32_t thread, int32_t threads) {
  const run_arguments *run = argument;
  run_share(run->product, run->scratch, run->pool, (size_t)thread, (size_t)threads);
}

void tlk_product_run(tl_pool *pool, const tlk_product *product, float *scratch) {
  run_arguments run = {product, scratch, pool};
  if (product->K == 0)
    empty_sum(product);
  else
    tl_pool_run(pool, run_task, &run);
}

void tlk_product_serial(const tlk_product *product, float *scratch) {
  run_share(product, scratch, NULL, 0, 1);
}
