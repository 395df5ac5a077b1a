/* The memory plan: one function names every buffer of a step; it runs dry to count and again to take. */
#include "model/workspace.h"

#include "kernels/attention.h"
#include "kernels/gemm.h"

/* rows × columns floats. */
static float *take(tl_arena *arena, int32_t rows, int32_t columns) {
  return tl_arena_take(arena, (size_t)rows, (size_t)columns * sizeof(float));
}

static int32_t *take_ints(tl_arena *arena, int32_t count) {
  return tl_arena_take(arena, (size_t)count, sizeof(int32_t));
}

/* A place within a buffer; NULL while counting. */
static float *within(float *buffer, size_t floats) { return buffer != NULL ? buffer + floats : NULL; }

/* The lowest layer that keeps something, which holds its own input; L or more: none does. */
static int32_t first_kept(tl_extent extent) { return extent.lowest > 0 ? extent.lowest : 0; }

/* Query, key and value as one matrix. */
static void place_projections(tl_layer_state *state, const tl_config *config, float *room) {
  size_t C = (size_t)config->C;
  state->q = room;
  state->k = within(room, C);
  state->v = within(room, 2 * C);
  state->ldq = 3 * config->C;
  state->ldkv = 3 * config->C;
}

/* What an adapter of the layer leaves for backward. The last layer's queries and its attention's result are
 * of the [CLS] rows. */
static void lay_out_adapters(tl_layer_state *state, const tl_config *config, tl_extent extent, bool last,
                             tl_arena *arena) {
  for (int32_t p = 0; p < TL_PROJECTIONS; p++) {
    bool few = last && (p == TL_PROJECTION_QUERY || p == TL_PROJECTION_OUTPUT);
    bool adapted = (config->adapters.parts >> p & 1) != 0;
    state->lora[p] = adapted ? take(arena, few ? extent.B : extent.T, config->adapters.r) : NULL;
  }
}

static void lay_out_output_sum(tl_layer_state *state, const tl_config *config, int32_t rows,
                               tl_arena *arena) {
  state->output_sum = take(arena, rows, config->C);
  state->output_mean = take(arena, rows, 1);
  state->output_rstd = take(arena, rows, 1);
}

/* What only a layer that keeps has: without, the activation works in place (a gated one has a place of its
 * own), the second sum takes the first's place (a pre-norm layer's, which goes on, has its own), and the
 * layer norms' statistics are not stored. With it the activation's result lies, until the next layer's, where
 * backward's own will: it is cheap to compute again. */
static void lay_out_kept(tl_layer_state *state, const tl_config *config, int32_t rows, bool keep,
                         float *d_wide, tl_arena *arena) {
  state->attention_mean = keep ? take(arena, rows, 1) : NULL;
  state->attention_rstd = keep ? take(arena, rows, 1) : NULL;
  if (keep) {
    state->activated = d_wide;
    lay_out_output_sum(state, config, rows, arena);
    return;
  }
  if (!config->architecture->gated)
    state->activated = state->hidden;
  if (!tl_config_pre_norm(config))
    state->output_sum = state->attention_sum;
  state->output_mean = state->output_rstd = NULL;
}

/* All but input and result of a layer of T rows. Without `keep`, the feed-forward's inside lies where q, k, v
 * and context were. */
static void lay_out_full_layer(tl_layer_state *state, const tl_config *config, tl_extent extent, bool keep,
                               float *d_wide, tl_arena *arena) {
  int32_t T = extent.T, C = config->C, inside = tl_config_inside(config);
  state->lse = take(arena, T, config->H);
  state->attention_sum = take(arena, T, C);
  state->attention_out = take(arena, T, C);
  lay_out_adapters(state, config, extent, false, arena);
  if (keep) {
    place_projections(state, config, take(arena, T, 3 * C));
    state->context = take(arena, T, C);
    state->hidden = take(arena, T, inside);
  } else {
    int32_t wide = config->architecture->gated ? inside + config->F : inside;
    float *room = take(arena, T, wide > 4 * C ? wide : 4 * C);
    place_projections(state, config, room);
    state->context = within(room, (size_t)T * 3 * (size_t)C);
    state->hidden = room;
    state->activated = within(room, (size_t)T * (size_t)inside);
    state->output_sum = tl_config_pre_norm(config) ? take(arena, T, C) : NULL;
  }
  lay_out_kept(state, config, T, keep, d_wide, arena);
}

/* All but the input of a last layer of [CLS] rows. Its queries are few, so they are a matrix of their own.
 * Without `keep` it works where the layer below did, if there is one: `state` then is that layer's. */
static void lay_out_last_layer(tl_layer_state *state, const tl_config *config, tl_extent extent, bool keep,
                               float *d_wide, tl_arena *arena) {
  int32_t B = extent.B, C = config->C;
  if (keep || config->L == 1) {
    state->k = take(arena, extent.T, 2 * C);
    state->lse = take(arena, B, config->H);
    state->context = take(arena, B, C);
    state->attention_sum = take(arena, B, C);
    state->attention_out = take(arena, B, C);
    state->hidden = take(arena, B, tl_config_inside(config));
    state->activated = keep ? NULL : take(arena, B, config->F);
    state->output_sum = keep ? NULL : take(arena, B, C);
    lay_out_adapters(state, config, extent, true, arena);
  } else {
    state->k = state->q;
  }
  state->v = within(state->k, (size_t)C);
  state->ldkv = 2 * C;
  state->x_rows = take(arena, B, C);
  state->stream_rows = tl_config_pre_norm(config) && config->L > 1 ? take(arena, B, C) : state->x_rows;
  state->q = take(arena, B, C);
  state->ldq = C;
  lay_out_kept(state, config, B, keep, d_wide, arena);
  state->out = take(arena, B, C);
}

/* One state goes from layer to layer, which takes what it may not share with the layer before. Up to the
 * first that keeps something, layers share all, each leaving its result in its input's place. Checkpointed
 * layers above that share all but output_sum. */
static void lay_out_layers(tl_workspace *workspace, const tl_config *config, tl_extent extent,
                           tl_arena *arena) {
  int32_t first = first_kept(extent), last = config->L - 1;
  bool pre_norm = tl_config_pre_norm(config), full = tl_config_last_is_full(config);
  bool keep = full ? first <= last : first < last;
  tl_layer_state state = {.out = take(arena, extent.T, config->C)};
  for (int32_t l = 0; l <= last; l++) {
    bool shares = l > first && extent.checkpointed;
    state.x = state.out;
    state.x_rows = state.x;
    state.stream = state.stream_rows = pre_norm && l > 0 ? state.output_sum : state.x;
    if (l == last && !full) {
      lay_out_last_layer(&state, config, extent, first <= last, workspace->d_wide, arena);
    } else {
      if (l == 0 || (l > first && !extent.checkpointed))
        lay_out_full_layer(&state, config, extent, keep, workspace->d_wide, arena);
      else if (shares || (pre_norm && l == first)) /* which must not overwrite what it adds to */
        lay_out_output_sum(&state, config, extent.T, arena);
      if (l >= first && !shares)
        state.out = take(arena, extent.T, config->C);
    }
    if (workspace->layers != NULL)
      workspace->layers[l] = state;
  }
}

/* What is not kept lies where the first layer's projections will be, 2C a token or more: it is used up before
 * them. Embeddings that are wider than the layers do not fit there. */
static void lay_out_embeddings(tl_workspace *workspace, const tl_config *config, tl_extent extent,
                               tl_arena *arena) {
  bool keep = extent.lowest < 0;
  if (keep || config->E > config->C) {
    workspace->embedding_sum = take(arena, extent.T, config->E);
    workspace->embedded = config->projected ? take(arena, extent.T, config->E) : NULL;
  } else if (workspace->layers != NULL) {
    float *room = config->L > 1 ? workspace->layers[0].q : workspace->layers[0].k;
    workspace->embedding_sum = room;
    workspace->embedded = config->projected ? within(room, (size_t)extent.T * (size_t)config->E) : NULL;
  }
  workspace->embedding_mean = keep ? take(arena, extent.T, 1) : NULL;
  workspace->embedding_rstd = keep ? take(arena, extent.T, 1) : NULL;
}

/* What goes by distances and positions in all layers: rotary positions' angles; the bias, and its gradient
 * where backward comes to it. */
static void lay_out_distances(tl_workspace *workspace, const tl_config *config, tl_extent extent,
                              tl_arena *arena) {
  workspace->reach = extent.S - 1;
  workspace->columns = NULL;
  workspace->bias = workspace->d_bias = NULL;
  workspace->full_angles = workspace->window_angles = NULL;
  if (config->architecture->rotary) {
    workspace->columns = take_ints(arena, extent.T);
    workspace->full_angles = take(arena, extent.S, config->D);
    workspace->window_angles = take(arena, extent.S, config->D);
  }
  if (config->relative_buckets == 0)
    return;
  uint64_t width = 2 * (uint64_t)extent.S - 1;
  uint64_t rows = (uint64_t)extent.B * (uint64_t)config->H;
  workspace->columns = take_ints(arena, extent.T);
  workspace->bias = tl_arena_take(arena, (uint64_t)config->H, width * sizeof(float));
  if (extent.lowest < config->L)
    workspace->d_bias = tl_arena_take(arena, rows, width * sizeof(float));
}

/* The head needs one buffer, a last layer of [CLS] rows few rows; those of all tokens only what lies below
 * it. */
static void lay_out_backward(tl_workspace *workspace, const tl_config *config, tl_extent extent,
                             tl_arena *arena) {
  int32_t full = tl_config_last_is_full(config) ? config->L : config->L - 1;
  bool deep = extent.lowest < full, pre_norm = tl_config_pre_norm(config);
  int32_t rows = deep ? extent.T : extent.B;
  workspace->d_branch = take(arena, rows, config->C);
  if (extent.lowest == config->L)
    return;
  uint64_t inside = (uint64_t)rows * (uint64_t)config->F;
  uint64_t projections = (uint64_t)extent.T * (uint64_t)(deep ? 3 : 2) * (uint64_t)config->C;
  uint64_t embedded = extent.lowest < 0 ? (uint64_t)extent.T * (uint64_t)config->E : 0;
  uint64_t wide = inside > projections ? inside : projections;
  workspace->d_rows = deep ? take(arena, extent.T, config->C) : NULL;
  workspace->d_cls = take(arena, extent.B, config->C);
  workspace->d_stream = deep && pre_norm ? take(arena, extent.T, config->C) : NULL;
  workspace->d_stream_cls = pre_norm ? take(arena, extent.B, config->C) : NULL;
  workspace->d_context = take(arena, rows, config->C);
  workspace->d_wide = tl_arena_take(arena, wide > embedded ? wide : embedded, sizeof(float));
  workspace->d_query = take(arena, extent.B, config->C);
  workspace->d_lora = config->adapters.r > 0 ? take(arena, extent.T, config->adapters.r) : NULL;
}

/* The scratch of a dense layer in the three products of training. */
static size_t dense_scratch(int32_t rows, int32_t in, int32_t out, bool backward, int32_t threads) {
  size_t most = tlk_gemm_scratch(rows, out, in, threads);
  if (!backward)
    return most;
  size_t input = tlk_gemm_scratch(rows, in, out, threads);
  size_t weight = tlk_gemm_scratch(out, in, rows, threads);
  most = input > most ? input : most;
  return weight > most ? weight : most;
}

/* Floats. The kernels run one after another, so the largest need serves all. What overflows size_t overflows
 * the arena too. */
static uint64_t kernel_scratch(const tl_config *config, tl_extent extent, int32_t threads) {
  bool keep = extent.lowest <= config->L;
  size_t needs[] = {
      config->projected ? dense_scratch(extent.T, config->E, config->C, keep, threads) : 0,
      dense_scratch(extent.T, config->C, 3 * config->C, keep, threads),
      dense_scratch(extent.T, config->C, tl_config_inside(config), keep, threads),
      dense_scratch(extent.T, config->F, config->C, keep, threads),
      dense_scratch(extent.B, config->C, config->C, keep, threads),
      dense_scratch(extent.B, config->C, config->K, keep, threads),
      dense_scratch(extent.T, config->C, config->adapters.r, keep, threads),
      dense_scratch(extent.T, config->adapters.r, (tl_config_fused(config) ? 3 : 1) * config->C, keep,
                    threads),
      tlk_attention_scratch(extent.S, extent.S, config->D, threads),
  };
  size_t most = 0;
  for (size_t i = 0; i < sizeof needs / sizeof *needs; i++)
    most = needs[i] > most ? needs[i] : most;
  return most == SIZE_MAX ? UINT64_MAX : most;
}

/* What the head keeps of each sequence. */
static void lay_out_head(tl_workspace *workspace, const tl_config *config, tl_extent extent,
                         tl_arena *arena) {
  bool normed = config->architecture->head_norm != NULL;
  bool features = config->architecture->head_input_dropout || tl_config_last_is_full(config);
  workspace->features = features ? take(arena, extent.B, config->C) : NULL;
  workspace->head_sum = normed ? take(arena, extent.B, config->C) : NULL;
  workspace->head_mean = normed ? take(arena, extent.B, 1) : NULL;
  workspace->head_rstd = normed ? take(arena, extent.B, 1) : NULL;
  workspace->pooled = take(arena, extent.B, config->C);
  workspace->dropped = take(arena, extent.B, config->C);
  workspace->dlogits = take(arena, extent.B, config->K);
}

void tl_workspace_lay_out(tl_workspace *workspace, const tl_config *config, tl_extent extent, int32_t threads,
                          tl_arena *arena) {
  workspace->extent = extent;
  workspace->ids = take_ints(arena, extent.T);
  workspace->types = take_ints(arena, extent.T);
  workspace->positions = take_ints(arena, extent.T);
  workspace->offsets = tl_arena_take(arena, (size_t)extent.B + 1, sizeof(int32_t));
  workspace->cls_offsets = tl_arena_take(arena, (size_t)extent.B + 1, sizeof(int32_t));

  if (extent.lowest <= config->L)
    lay_out_backward(workspace, config, extent, arena);
  lay_out_distances(workspace, config, extent, arena);
  lay_out_layers(workspace, config, extent, arena);
  lay_out_embeddings(workspace, config, extent, arena);
  lay_out_head(workspace, config, extent, arena);
  workspace->lora_input = config->adapters.dropout > 0.0f ? take(arena, extent.T, config->C) : NULL;
  workspace->scratch = tl_arena_take(arena, kernel_scratch(config, extent, threads), sizeof(float));
}

uint64_t tl_workspace_bytes(const tl_config *config, tl_extent extent, int32_t threads) {
  tl_workspace dry = {0};
  tl_arena arena = tl_arena_count();
  tl_workspace_lay_out(&dry, config, extent, threads, &arena);
  return arena.overflow ? 0 : arena.used;
}
