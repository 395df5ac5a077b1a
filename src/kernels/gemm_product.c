/* The general matrix product: blocks for the caches, packed panels, tiles; and its division among threads,
 * each of which computes a part of the result as a product of its own. */
#include "kernels/gemm_product.h"

#include <stdint.h>

#include "kernels/gemm_tile.h"

enum {
  BLOCK_K = 384, /* k at a time: a panel of B, 8 × 384 floats, takes 12 KB of the first-level cache */
  BLOCK_M = 24 * TLK_TILE_M,  /* rows at a time: with 384 k about 200 KB, for the second-level cache */
  BLOCK_N = 256 * TLK_TILE_N, /* columns at a time: bounds a thread's scratch to some 3 MB */
  IN_PLACE_TILES = 8,         /* more tiles than this repay a panel's copy */
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

/* A range of rows, columns, or k. */
typedef struct range {
  size_t begin;
  size_t end;
} range;

/* Where panels of an operand lie: packed, or where they are. Row i's panel begins at data + i·advance; its
 * rows are row_step apart, and its steps of k k_step (0: as far as the panel is high). */
typedef struct panels {
  const float *data;
  size_t advance;
  size_t row_step;
  size_t k_step;
} panels;

static panels packed(const float *data, size_t K, size_t k_step) { return (panels){data, K, 1, k_step}; }

static panels in_place(const tlk_operand *operand, size_t row, size_t k) {
  return (panels){operand->data + row * operand->row_step + k * operand->k_step, operand->row_step,
                  operand->row_step, operand->k_step};
}

/* What block k's sums at (m, n) are added to: the blocks before it or what was there, the bias, or nothing.
 */
static const float *addend_at(const tlk_product *p, size_t m, size_t n, size_t k) {
  static const float zeros[TLK_TILE_N] = {0.0f};
  if (p->add || k > 0)
    return p->c + m * p->ldc + n;
  return p->bias ? p->bias + n : zeros;
}

static size_t addend_step(const tlk_product *p, size_t k) { return p->add || k > 0 ? p->ldc : 0; }

/* A tile of the last columns, where they fill none: computed on the side, and the columns that exist copied.
 */
static void edge_tile(const tlk_product *p, size_t rows, tlk_tile_shape shape, const float *a, const float *b,
                      float *c, const float *before) {
  const size_t columns = p->N % TLK_TILE_N;
  float whole[TLK_TILE_M * TLK_TILE_N] = {0.0f};
  for (size_t i = 0; i < rows; i++)
    for (size_t j = 0; j < columns; j++)
      whole[i * TLK_TILE_N + j] = before[i * shape.before_step + j];
  shape.b_step = shape.ldc = shape.before_step = TLK_TILE_N;
  tlk_gemm_tile(rows, &shape, a, b, whole, whole);
  for (size_t i = 0; i < rows; i++)
    for (size_t j = 0; j < columns; j++)
      c[i * p->ldc + j] = whole[i * TLK_TILE_N + j];
}

/* All tiles of these rows and columns for one block of k. `edge` is the packed panel of the last columns
 * where they fill no tile. */
static void multiply_block(const tlk_product *p, range rows, range columns, range k, panels left,
                           panels right, const float *edge) {
  const tlk_cut cut = tlk_gemm_cut(rows.end - rows.begin);
  const tlk_tile_shape shape = {.K = k.end - k.begin,
                                .a_row = left.row_step,
                                .a_step = left.k_step,
                                .b_step = right.k_step,
                                .ldc = p->ldc,
                                .before_step = addend_step(p, k.begin)};
  for (size_t n = columns.begin; n < columns.end; n += TLK_TILE_N) {
    const float *a = left.data, *b = right.data + (n - columns.begin) * right.advance;
    const float *before = addend_at(p, rows.begin, n, k.begin);
    float *c = p->c + rows.begin * p->ldc + n;
    for (size_t m = rows.begin, height, panel = 0; m < rows.end; m += height, panel++) {
      height = tlk_gemm_panel_rows(cut, panel);
      if (p->N - n >= TLK_TILE_N)
        tlk_gemm_tile(height, &shape, a, b, c, before);
      else
        edge_tile(p, height, shape, a, edge, c, before);
      a += height * left.advance;
      c += height * shape.ldc;
      before += height * shape.before_step;
    }
  }
}

/* One block of k: the right operand's panels of these columns, against all rows, BLOCK_M at a time. Panels
 * are read in place where too few tiles would read a copy; for the right operand, whose rows are read as
 * vectors, they must be adjacent. */
static void multiply_columns(const tlk_product *p, range columns, range k, float *right_space,
                             float *left_space) {
  const size_t K = k.end - k.begin, edge_begin = columns.end - (columns.end - columns.begin) % TLK_TILE_N;
  const bool left_stays = divide_up(columns.end - columns.begin, TLK_TILE_N) <= IN_PLACE_TILES;
  const bool right_stays = p->right.row_step == 1 && divide_up(p->M, TLK_TILE_M) <= IN_PLACE_TILES;
  const panels right =
      right_stays ? in_place(&p->right, columns.begin, k.begin) : packed(right_space, K, TLK_TILE_N);
  const size_t pack_begin = right_stays ? edge_begin : columns.begin;
  const float *edge = right_space + (edge_begin - pack_begin) * K;
  tlk_gemm_pack_right(&p->right, pack_begin, columns.end, k.begin, K, right_space);
  for (size_t m = 0; m < p->M; m += BLOCK_M) {
    const range rows = {m, smaller(m + BLOCK_M, p->M)};
    const panels left = left_stays ? in_place(&p->left, m, k.begin) : packed(left_space, K, 0);
    if (!left_stays)
      tlk_gemm_pack_left(&p->left, rows.begin, rows.end, k.begin, K, left_space);
    multiply_block(p, rows, columns, k, left, right, edge);
  }
}

/* Where the left operand has few rows, packing the right one costs as much as the product. If the rows of
 * both lie along k, the operands can change places: the few rows are packed, by eights, and the many are read
 * in place. In cycles for eight columns: packing them takes two for each k; turned, a tile's results take a
 * hundred to sort, and rows that are missing to the next eight one for each k. */
static bool turns(const tlk_product *p) {
  const size_t tiles = divide_up(p->M, TLK_TILE_N), missing = tiles * TLK_TILE_N - p->M;
  const size_t K = block_k(p->K);
  return p->left.k_step == 1 && p->right.k_step == 1 && 100 * tiles + missing * K < 2 * K;
}

/* One block of k of the turned product: tiles of its transpose, computed on the side. */
static void multiply_turned(const tlk_product *p, range k, float *space) {
  const size_t K = k.end - k.begin, step = addend_step(p, k.begin);
  const tlk_cut cut = tlk_gemm_cut(p->N);
  const panels right = in_place(&p->right, 0, k.begin);
  const tlk_tile_shape shape = {.K = K,
                                .a_row = right.row_step,
                                .a_step = 1,
                                .b_step = TLK_TILE_N,
                                .ldc = TLK_TILE_N,
                                .before_step = 0};
  static const float zeros[TLK_TILE_N] = {0.0f};
  tlk_gemm_pack_right(&p->left, 0, p->M, k.begin, K, space);
  for (size_t n = 0, width, panel = 0; n < p->N; n += width, panel++) {
    width = tlk_gemm_panel_rows(cut, panel);
    for (size_t m = 0; m < p->M; m += TLK_TILE_N) {
      const float *before = addend_at(p, m, n, k.begin);
      float tile[TLK_TILE_M * TLK_TILE_N] = {0.0f};
      tlk_gemm_tile(width, &shape, right.data + n * right.advance, space + m * K, tile, zeros);
      for (size_t i = 0; i < smaller(TLK_TILE_N, p->M - m); i++)
        for (size_t j = 0; j < width; j++)
          p->c[(m + i) * p->ldc + n + j] = tile[j * TLK_TILE_N + i] + before[i * step + j];
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
  const bool turned = turns(p);
  if (p->K == 0)
    empty_sum(p);
  for (size_t n = 0; n < p->N; n += turned ? p->N : BLOCK_N) {
    const range columns = {n, smaller(n + BLOCK_N, p->N)};
    for (size_t k = 0; k < p->K; k += step_k) {
      const range block = {k, smaller(k + step_k, p->K)};
      if (turned)
        multiply_turned(p, block, scratch);
      else
        multiply_columns(p, columns, block, right, left);
    }
  }
}

/* How many parts the rows and the columns are cut into: one part of the result for each thread. */
typedef struct grid {
  size_t rows;
  size_t columns;
} grid;

/* Threads share nothing: what two of them need both pack, which is cheaper than fetching it from the other's
 * cache. So the busiest thread has its part to multiply, a cycle for each row, eight columns and k, and its
 * rows and columns to pack: about a third of a cycle for a row, two for eight columns. */
static grid choose_grid(size_t M, size_t N, size_t threads) {
  grid best = {threads, 1};
  size_t best_cost = SIZE_MAX;
  for (size_t rows = threads; rows > 0; rows--) {
    if (threads % rows != 0)
      continue;
    const size_t part_rows = divide_up(M, rows);
    const size_t part_tiles = divide_up(divide_up(N, TLK_TILE_N), threads / rows);
    const size_t cost = 3 * part_rows * part_tiles + part_rows + 6 * part_tiles;
    if (cost < best_cost) {
      best_cost = cost;
      best = (grid){rows, threads / rows};
    }
  }
  return best;
}

/* Part `index` of `parts` of n rows or columns, in multiples of `grain`. */
static range part_of(size_t n, size_t grain, size_t index, size_t parts) {
  int64_t begin, end;
  tl_pool_share((int64_t)n, (int64_t)grain, (int32_t)index, (int32_t)parts, &begin, &end);
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
  const range rows = part_of(whole->M, 1, (size_t)thread / cut.columns, cut.rows);
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
