/* The general matrix product: blocks for the caches, packed panels, tiles; and its division among threads,
 * each of which computes a part of the result as a product of its own. */
#include "kernels/gemm_product.h"

#include <stdint.h>

#include "kernels/gemm_tile.h"

enum {
  BLOCK_K = 384, /* k at a time: a panel of B, 8 × 384 floats, takes 12 KB of the first-level cache */
  BLOCK_M = 24 * TLK_TILE_M,  /* rows at a time: with 384 k about 200 KB, for the second-level cache */
  BLOCK_N = 256 * TLK_TILE_N, /* columns at a time: bounds a thread's scratch to some 3 MB */
  CACHE_LINE = 16             /* floats */
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

/* One thread's scratch: panels of the right operand, then of the left; whole cache lines, so that threads
 * keep apart. */
static size_t right_floats(size_t N, size_t K) { return panel_floats(smaller(N, BLOCK_N), TLK_TILE_N, K); }

static size_t thread_floats(size_t M, size_t N, size_t K) {
  const size_t floats = right_floats(N, K) + panel_floats(smaller(M, BLOCK_M), TLK_TILE_M, K);
  return divide_up(floats, CACHE_LINE) * CACHE_LINE;
}

size_t tlk_product_scratch(size_t M, size_t N, size_t K, size_t threads) {
  const size_t floats = thread_floats(M, N, K); /* bounded by the blocks: only the threads can overflow */
  if (floats > 0 && threads > SIZE_MAX / sizeof(float) / floats)
    return SIZE_MAX;
  return threads * floats;
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

/* What block k of the product at (m, n) is added to: the blocks before it or what was there, the bias, or
 * nothing. */
static addend addend_at(const tlk_product *p, size_t m, size_t n, size_t k) {
  static const float zeros[TLK_TILE_N] = {0.0f};
  if (p->add || k > 0)
    return (addend){p->c + m * p->ldc + n, p->ldc};
  return (addend){p->bias ? p->bias + n : zeros, 0};
}

/* A range of columns, or of k. */
typedef struct range {
  size_t begin;
  size_t end;
} range;

/* All tiles of these columns for one block of k. `right` holds their packed panels; `left` is space for the
 * rows'. */
static void multiply_block(const tlk_product *p, range columns, range k, const float *right, float *left) {
  const size_t K = k.end - k.begin;
  for (size_t block = 0; block < p->M; block += BLOCK_M) {
    const size_t block_end = smaller(block + BLOCK_M, p->M);
    tlk_gemm_pack_left(&p->left, block, block_end, k.begin, K, left);
    for (size_t n = columns.begin; n < columns.end; n += TLK_TILE_N) {
      const float *b = right + (n - columns.begin) * K;
      for (size_t m = block; m < block_end; m += TLK_TILE_M) {
        const float *a = left + (m - block) * K;
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

/* A product over no k at all: the bias or zeros, or what was there. */
static void empty_sum(const tlk_product *p) {
  for (size_t m = 0; m < p->M && !p->add; m++)
    for (size_t n = 0; n < p->N; n++)
      p->c[m * p->ldc + n] = p->bias ? p->bias[n] : 0.0f;
}

void tlk_product_serial(const tlk_product *p, float *scratch) {
  float *right = scratch, *left = scratch + right_floats(p->N, p->K);
  const size_t step_k = block_k(p->K);
  if (p->K == 0)
    empty_sum(p);
  for (size_t n = 0; n < p->N; n += BLOCK_N) {
    const range columns = {n, smaller(n + BLOCK_N, p->N)};
    for (size_t k = 0; k < p->K; k += step_k) {
      const range block = {k, smaller(k + step_k, p->K)};
      tlk_gemm_pack_right(&p->right, columns.begin, columns.end, k, block.end - k, right);
      multiply_block(p, columns, block, right, left);
    }
  }
}

/* How many parts the rows and the columns are cut into: one part of the result for each thread. */
typedef struct grid {
  size_t rows;
  size_t columns;
} grid;

/* Threads share nothing: what two of them need both pack, which is cheaper than fetching it from the other's
 * cache. So the busiest thread has its tiles to do, and to pack its rows and its columns; packing a panel
 * takes about as long as a tile. */
static grid choose_grid(size_t M, size_t N, size_t threads) {
  grid best = {threads, 1};
  size_t best_cost = SIZE_MAX;
  for (size_t rows = threads; rows > 0; rows--) {
    if (threads % rows != 0)
      continue;
    const size_t tile_rows = divide_up(divide_up(M, TLK_TILE_M), rows);
    const size_t tile_columns = divide_up(divide_up(N, TLK_TILE_N), threads / rows);
    const size_t cost = tile_rows * tile_columns + tile_rows + tile_columns;
    if (cost < best_cost) {
      best_cost = cost;
      best = (grid){rows, threads / rows};
    }
  }
  return best;
}

/* Part `index` of `parts` of n rows or columns, in whole tiles. */
static range part_of(size_t n, size_t tile, size_t index, size_t parts) {
  int64_t begin, end;
  tl_pool_share((int64_t)n, (int64_t)tile, (int32_t)index, (int32_t)parts, &begin, &end);
  return (range){(size_t)begin, (size_t)end};
}

typedef struct run_arguments {
  const tlk_product *product;
  float *scratch;
} run_arguments;

static void run_part(void *argument, int32_t thread, int32_t threads) {
  const run_arguments *run = argument;
  const tlk_product *whole = run->product;
  const grid cut = choose_grid(whole->M, whole->N, (size_t)threads);
  const range rows = part_of(whole->M, TLK_TILE_M, (size_t)thread / cut.columns, cut.rows);
  const range columns = part_of(whole->N, TLK_TILE_N, (size_t)thread % cut.columns, cut.columns);
  tlk_product part = *whole;
  part.M = rows.end - rows.begin;
  part.N = columns.end - columns.begin;
  part.left.data += rows.begin * part.left.row_step;
  part.right.data += columns.begin * part.right.row_step;
  part.c += rows.begin * part.ldc + columns.begin;
  if (part.bias)
    part.bias += columns.begin;
  if (part.M > 0 && part.N > 0)
    tlk_product_serial(&part, run->scratch + (size_t)thread * thread_floats(whole->M, whole->N, whole->K));
}

void tlk_product_run(tl_pool *pool, const tlk_product *product, float *scratch) {
  run_arguments run = {product, scratch};
  tl_pool_run(pool, run_part, &run);
}
