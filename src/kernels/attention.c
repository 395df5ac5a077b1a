/* Multi-head attention over packed sequences: one (sequence, head) pair at a time, in blocks of queries, each
 * against the keys that any of them sees. */
#include "kernels/attention.h"

#include <string.h>

#include "kernels/dropout_lanes.h"
#include "kernels/gemm_product.h"
#include "kernels/softmax.h"

enum {
  /* Queries at a time. Their scores stay in the second-level cache (512 keys: 240 KB); a multiple of both
   * tiles' heights. */
  BLOCK_Q = 120,
  /* The same with a window: fewer, since each is set against the windows of all. */
  WINDOW_Q = 30,
};

static size_t smaller(size_t a, size_t b) { return a < b ? a : b; }
static size_t larger(size_t a, size_t b) { return a > b ? a : b; }

/* Rows of scores start on cache lines. */
static size_t score_ld(size_t keys) { return (keys + 15) / 16 * 16; }

/* A thread's scratch: a block of scores, a second one for backward, and packing for any of the products. */
static size_t block_floats(size_t Sq, size_t Sk) { return smaller(Sq, BLOCK_Q) * score_ld(Sk); }

static size_t packing_floats(size_t Sq, size_t Sk, size_t D) {
  const size_t queries = smaller(Sq, BLOCK_Q);
  const size_t for_scores = tlk_product_scratch(queries, Sk, D, 1);
  const size_t for_queries = tlk_product_scratch(queries, D, Sk, 1);
  const size_t for_keys = tlk_product_scratch(Sk, D, queries, 1);
  return larger(for_scores, larger(for_queries, for_keys));
}

size_t tlk_attention_scratch(int32_t Sq, int32_t Sk, int32_t D, int32_t threads) {
  const size_t packing = packing_floats((size_t)Sq, (size_t)Sk, (size_t)D);
  const size_t limit = SIZE_MAX / sizeof(float) / (size_t)threads;
  if (packing > limit || (size_t)Sk + 16 > (limit - packing) / (2 * BLOCK_Q))
    return SIZE_MAX;
  return (size_t)threads * (2 * block_floats((size_t)Sq, (size_t)Sk) + packing);
}

/* Matrices whose rows are ld apart, read and written. */
typedef struct source {
  const float *data;
  size_t ld;
} source;

typedef struct target {
  float *data;
  size_t ld;
} target;

/* A whole call. */
typedef struct call call;
struct call {
  const tlk_attention *shape;
  dropout_lanes dropout;
  source q, k, v;
  target result; /* forward, with: */
  float *lse;
  source out, dout; /* backward, with: */
  const float *row_lse;
  target dq, dk, dv;
  float *dbias;
  float *scratch;        /* of all threads */
  size_t scratch_floats; /* of one thread */
  size_t block_floats;   /* of one block of scores */
};

/* One unit of work: one head of one sequence. */
typedef struct unit {
  size_t q_begin, q_end;
  size_t k_begin, keys;
  size_t head;
  size_t number;    /* of the unit, sequence by sequence */
  size_t column;    /* the head's first */
  uint32_t element; /* the dropout's element for its first query and key */
} unit;

static const float *at(source m, size_t row, size_t column) { return m.data + row * m.ld + column; }
static float *at_target(target m, size_t row, size_t column) { return m.data + row * m.ld + column; }

/* c = left·right, or added to it, on this thread. */
static void multiply(size_t M, size_t N, size_t K, tlk_operand left, tlk_operand right, float *c, size_t ldc,
                     bool add, float *packing) {
  const tlk_product product = {
      .M = M, .N = N, .K = K, .left = left, .right = right, .c = c, .ldc = ldc, .add = add};
  tlk_product_serial(&product, packing);
}

/* Some of a unit's queries, and the keys that any of them sees: `keys` of them from the unit's `first` on. */
typedef struct block {
  size_t begin, end;
  size_t first, keys;
} block;

/* The keys [first, end) of a unit that a query sees. */
typedef struct view {
  size_t first, end;
} view;

/* Moves the view on to what a later query sees. */
static void look_from(const call *c, const unit *u, size_t query, view *seen) {
  if (c->shape->window == 0) {
    *seen = (view){0, u->keys};
    return;
  }
  const int32_t *columns = c->shape->columns + u->k_begin;
  const int32_t here = columns[query - u->q_begin];
  while (columns[seen->first] < here - c->shape->window)
    seen->first++;
  while (seen->end < u->keys && columns[seen->end] <= here + c->shape->window)
    seen->end++;
}

static size_t block_queries(const tlk_attention *shape) { return shape->window > 0 ? WINDOW_Q : BLOCK_Q; }

/* The block of queries from `begin` on. `seen` is what the query before saw, or nothing yet. */
static block block_from(const call *c, const unit *u, size_t begin, view *seen) {
  const size_t end = smaller(begin + block_queries(c->shape), u->q_end);
  look_from(c, u, begin, seen);
  view last = *seen;
  look_from(c, u, end - 1, &last);
  return (block){begin, end, seen->first, last.end - seen->first};
}

/* The queries' rows times the keys' or values' rows: one number for each query and key. */
static void against_keys(const call *c, const unit *u, const block *b, source queries, source keys,
                         float *scores, float *packing) {
  multiply(b->end - b->begin, b->keys, (size_t)c->shape->D,
           tlk_rows_of(at(queries, b->begin, u->column), queries.ld),
           tlk_rows_of(at(keys, u->k_begin + b->first, u->column), keys.ld), scores, score_ld(b->keys), false,
           packing);
}

/* The scores' weighted sums of the keys' or values' rows: one row for each query. */
static void weigh_keys(const call *c, const unit *u, const block *b, const float *scores, source keys,
                       target result, float *packing) {
  multiply(b->end - b->begin, (size_t)c->shape->D, b->keys, tlk_rows_of(scores, score_ld(b->keys)),
           tlk_columns_of(at(keys, u->k_begin + b->first, u->column), keys.ld),
           at_target(result, b->begin, u->column), result.ld, false, packing);
}

/* The scores' weighted sums of the queries' rows: one row for each key, or added to it. */
static void weigh_queries(const call *c, const unit *u, const block *b, const float *scores, source queries,
                          target result, bool add, float *packing) {
  multiply(b->keys, (size_t)c->shape->D, b->end - b->begin, tlk_columns_of(scores, score_ld(b->keys)),
           tlk_columns_of(at(queries, b->begin, u->column), queries.ld),
           at_target(result, u->k_begin + b->first, u->column), result.ld, add, packing);
}

/* The dropout's element of a query and the unit's key `key`. */
static uint32_t element_at(const unit *u, size_t query, size_t key) {
  return u->element + (uint32_t)(query - u->q_begin) * (uint32_t)u->keys + (uint32_t)key;
}

static void drop_row(const dropout_lanes *dropout, uint32_t element, size_t n, float *x) {
  tl_u4 position = dropout_position(dropout, element);
  size_t j = 0;
  for (; j + TL_LANES <= n; j += TL_LANES) {
    v4_store(x + j, dropout_apply_at(dropout, position, v4_load(x + j)));
    position += dropout->stride;
  }
  if (j < n)
    v4_store_part(x + j, dropout_apply_at(dropout, position, v4_load_part(x + j, n - j)), n - j);
}

/* Zeros for those of a block's keys that a query does not see. */
static void hide_unseen(const block *b, view seen, float *row) {
  memset(row, 0, (seen.first - b->first) * sizeof(float));
  memset(row + (seen.end - b->first), 0, (b->first + b->keys - seen.end) * sizeof(float));
}

/* The rows of a bias are by distance: where distance 0 lies in a row. */
static size_t bias_row(const call *c, size_t row) {
  const size_t reach = (size_t)c->shape->reach;
  return row * (2 * reach + 1) + reach;
}

/* Whether every column of a unit's keys has its token, so that distances follow each other without a gap. */
static bool gapless(const call *c, const unit *u) {
  const int32_t *columns = c->shape->columns + u->k_begin;
  return (size_t)(columns[u->keys - 1] - columns[0]) == u->keys - 1;
}

/* scores = scale·scores + bias, for one query and all keys. */
static void add_bias(const call *c, const unit *u, size_t query, float *row) {
  const int32_t *columns = c->shape->columns + u->k_begin;
  const float *bias = c->shape->bias + bias_row(c, u->head) - columns[query - u->q_begin];
  const tl_v4 scale = v4_splat(c->shape->scale);
  size_t j = 0;
  if (gapless(c, u))
    for (; j + TL_LANES <= u->keys; j += TL_LANES)
      v4_store(row + j, v4_madd(scale, v4_load(row + j), v4_load(bias + columns[0] + j)));
  for (; j < u->keys; j++)
    row[j] = v4_madd(scale, v4_splat(row[j]), v4_splat(bias[columns[j]]))[0];
}

/* The bias's gradient is the scores' before their scale: adds a query's row. */
static void add_bias_gradient(const call *c, const unit *u, size_t query, const float *gradients) {
  const int32_t *columns = c->shape->columns + u->k_begin;
  float *dbias = c->dbias + bias_row(c, u->number) - columns[query - u->q_begin];
  const float inverse = 1.0f / c->shape->scale;
  for (size_t j = 0; j < u->keys; j++)
    dbias[columns[j]] += gradients[j] * inverse;
}

static void forward_unit(const call *c, const unit *u, float *scores, float *packing) {
  const size_t H = (size_t)c->shape->H;
  const float scale = c->shape->bias ? 1.0f : c->shape->scale;
  view seen = {0, 0};
  for (size_t begin = u->q_begin; begin < u->q_end; begin += block_queries(c->shape)) {
    const block b = block_from(c, u, begin, &seen);
    against_keys(c, u, &b, c->q, c->k, scores, packing);
    for (size_t i = b.begin; i < b.end; i++) {
      float *row = scores + (i - b.begin) * score_ld(b.keys);
      look_from(c, u, i, &seen);
      float *visible = row + (seen.first - b.first);
      if (c->shape->bias)
        add_bias(c, u, i, row);
      c->lse[i * H + u->head] = tlk_softmax_row((int32_t)(seen.end - seen.first), scale, visible);
      if (tlk_dropout_on(c->shape->dropout))
        drop_row(&c->dropout, element_at(u, i, seen.first), seen.end - seen.first, visible);
      hide_unseen(&b, seen, row);
    }
    weigh_keys(c, u, &b, scores, c->v, c->result, packing);
  }
}

static float dot(const float *a, const float *b, size_t n) {
  tl_v4 sums = v4_zero();
  size_t i = 0;
  for (; i + TL_LANES <= n; i += TL_LANES)
    sums = v4_madd(v4_load(a + i), v4_load(b + i), sums);
  if (i < n)
    sums = v4_madd(v4_load_part(a + i, n - i), v4_load_part(b + i, n - i), sums);
  return v4_sum(sums);
}

/* One query's row of probabilities p and of dout·v becomes the dropped probabilities and the gradient of the
 * scores: scale·p·(dropped dout·v - delta), with delta = Σ p·(dropped dout·v) = dout·out. */
static void row_gradients(const call *c, const unit *u, const block *b, size_t query, view seen, float *p,
                          float *dp) {
  const float *dout = at(c->dout, query, u->column);
  const tl_v4 delta = v4_splat(dot(dout, at(c->out, query, u->column), (size_t)c->shape->D));
  const tl_v4 scale = v4_splat(c->shape->scale);
  const bool drops = tlk_dropout_on(c->shape->dropout);
  const size_t first = (seen.first - b->first) / TL_LANES * TL_LANES;
  tl_u4 position = dropout_position(&c->dropout, element_at(u, query, b->first + first));
  /* Whole vectors: rows are padded to cache lines, what lies in the padding is not read by the products, and
   * what is not seen is set to zero later. */
  for (size_t j = first; j < seen.end - b->first; j += TL_LANES) {
    tl_v4 probability = v4_load(p + j), gradient = v4_load(dp + j);
    const tl_v4 undropped = probability;
    if (drops) {
      probability = dropout_apply_at(&c->dropout, position, probability);
      gradient = dropout_apply_at(&c->dropout, position, gradient);
      position += c->dropout.stride;
    }
    v4_store(p + j, probability);
    v4_store(dp + j, scale * undropped * (gradient - delta));
  }
}

/* A block's rows of scores and of dout·v to the dropped probabilities and the gradients of the scores. */
static void block_gradients(const call *c, const unit *u, const block *b, view *seen, float *scores,
                            float *gradients) {
  const size_t H = (size_t)c->shape->H, ld = score_ld(b->keys);
  const float scale = c->shape->bias ? 1.0f : c->shape->scale;
  for (size_t i = b->begin; i < b->end; i++) {
    float *row = scores + (i - b->begin) * ld, *gradient = gradients + (i - b->begin) * ld;
    look_from(c, u, i, seen);
    if (c->shape->bias)
      add_bias(c, u, i, row);
    tlk_softmax_row_from_lse((int32_t)(seen->end - seen->first), scale, c->row_lse[i * H + u->head],
                             row + (seen->first - b->first));
    row_gradients(c, u, b, i, *seen, row, gradient);
    hide_unseen(b, *seen, row);
    hide_unseen(b, *seen, gradient);
    if (c->dbias)
      add_bias_gradient(c, u, i, gradient);
  }
}

static void zero_keys(const call *c, const unit *u) {
  const size_t D = (size_t)c->shape->D;
  for (size_t i = u->k_begin; i < u->k_begin + u->keys; i++) {
    memset(at_target(c->dk, i, u->column), 0, D * sizeof(float));
    memset(at_target(c->dv, i, u->column), 0, D * sizeof(float));
  }
}

static void backward_unit(const call *c, const unit *u, float *scores, float *packing) {
  float *gradients = scores + c->block_floats;
  const bool zeroed = c->shape->window > 0 || u->q_begin == u->q_end; /* the first block may leave keys out */
  view seen = {0, 0};
  if (zeroed)
    zero_keys(c, u);
  if (c->dbias)
    memset(c->dbias + bias_row(c, u->number) - c->shape->reach, 0,
           (2 * (size_t)c->shape->reach + 1) * sizeof(float));
  for (size_t begin = u->q_begin; begin < u->q_end; begin += block_queries(c->shape)) {
    const block b = block_from(c, u, begin, &seen);
    const bool add = zeroed || begin > u->q_begin;
    against_keys(c, u, &b, c->q, c->k, scores, packing);
    against_keys(c, u, &b, c->dout, c->v, gradients, packing);
    block_gradients(c, u, &b, &seen, scores, gradients);
    weigh_queries(c, u, &b, scores, c->dout, c->dv, add, packing);
    weigh_keys(c, u, &b, gradients, c->k, c->dq, packing);
    weigh_queries(c, u, &b, gradients, c->q, c->dk, add, packing);
  }
}

/* About what a pair costs, for dividing them; never 0. */
static uint64_t cost_of(const tlk_attention *shape, size_t queries, size_t keys) {
  const size_t seen =
      shape->window > 0 ? smaller(keys, WINDOW_Q + 2 * (size_t)shape->window) : keys; /* at a time */
  return (uint64_t)(queries + 8) * (uint64_t)(seen + 8);
}

static size_t length_of(const int32_t *offsets, int32_t b) { return (size_t)(offsets[b + 1] - offsets[b]); }

/* Goes through the pairs in order and does those whose middle, by cost, falls in this thread's part. */
static void run_units(const call *c, int32_t thread, int32_t threads,
                      void (*work)(const call *, const unit *, float *, float *)) {
  const tlk_attention *shape = c->shape;
  float *scores = c->scratch + (size_t)thread * c->scratch_floats;
  uint64_t total = 0, before = 0;
  uint32_t element = 0;
  for (int32_t b = 0; b < shape->B; b++)
    total +=
        (uint64_t)shape->H * cost_of(shape, length_of(shape->q_offsets, b), length_of(shape->kv_offsets, b));
  for (int32_t b = 0; b < shape->B; b++)
    for (int32_t h = 0; h < shape->H; h++) {
      const size_t queries = length_of(shape->q_offsets, b), keys = length_of(shape->kv_offsets, b);
      const uint64_t cost = cost_of(shape, queries, keys);
      const uint64_t owner = (before + cost / 2) * (uint64_t)threads / total;
      if (owner == (uint64_t)thread) {
        const unit u = {.q_begin = (size_t)shape->q_offsets[b],
                        .q_end = (size_t)shape->q_offsets[b + 1],
                        .k_begin = (size_t)shape->kv_offsets[b],
                        .keys = keys,
                        .head = (size_t)h,
                        .number = (size_t)b * (size_t)shape->H + (size_t)h,
                        .column = (size_t)h * (size_t)shape->D,
                        .element = element};
        work(c, &u, scores, scores + 2 * c->block_floats);
      }
      before += cost;
      element += (uint32_t)queries * (uint32_t)keys;
    }
}

static void forward_task(void *argument, int32_t thread, int32_t threads) {
  run_units(argument, thread, threads, forward_unit);
}

static void backward_task(void *argument, int32_t thread, int32_t threads) {
  run_units(argument, thread, threads, backward_unit);
}

/* What forward and backward share of a call: its operands, and scratch for its longest sequences. */
static call make_call(const tlk_attention *shape, source q, source k, source v, float *scratch) {
  size_t Sq = 0, Sk = 0;
  for (int32_t b = 0; b < shape->B; b++) {
    Sq = larger(Sq, length_of(shape->q_offsets, b));
    Sk = larger(Sk, length_of(shape->kv_offsets, b));
  }
  return (call){.shape = shape,
                .dropout = dropout_lanes_of(shape->dropout),
                .q = q,
                .k = k,
                .v = v,
                .scratch = scratch,
                .scratch_floats = 2 * block_floats(Sq, Sk) + packing_floats(Sq, Sk, (size_t)shape->D),
                .block_floats = block_floats(Sq, Sk)};
}

static source source_of(const float *data, int32_t ld) { return (source){data, (size_t)ld}; }
static target target_of(float *data, int32_t ld) { return (target){data, (size_t)ld}; }

void tlk_attention_forward(tl_pool *pool, const tlk_attention *shape, const float *q, int32_t ldq,
                           const float *k, int32_t ldk, const float *v, int32_t ldv, float *out, int32_t ldo,
                           float *lse, float *scratch) {
  call c = make_call(shape, source_of(q, ldq), source_of(k, ldk), source_of(v, ldv), scratch);
  c.result = target_of(out, ldo);
  c.lse = lse;
  tl_pool_run(pool, forward_task, &c);
}

void tlk_attention_backward(tl_pool *pool, const tlk_attention *shape, const float *q, int32_t ldq,
                            const float *k, int32_t ldk, const float *v, int32_t ldv, const float *out,
                            int32_t ldo, const float *dout, int32_t lddo, const float *lse, float *dq,
                            int32_t lddq, float *dk, int32_t lddk, float *dv, int32_t lddv, float *dbias,
                            float *scratch) {
  call c = make_call(shape, source_of(q, ldq), source_of(k, ldk), source_of(v, ldv), scratch);
  c.out = source_of(out, ldo);
  c.dout = source_of(dout, lddo);
  c.row_lse = lse;
  c.dq = target_of(dq, lddq);
  c.dk = target_of(dk, lddk);
  c.dv = target_of(dv, lddv);
  c.dbias = dbias;
  tl_pool_run(pool, backward_task, &c);
}
