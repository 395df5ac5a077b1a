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

/* Query, key and value. The last layer's queries are few, so they are a matrix of their own. */
static void lay_out_projections(tl_layer_state *state, const tl_config *config, tl_extent extent, bool last,
                                tl_arena *arena) {
  size_t C = (size_t)config->C;
  if (last) {
    state->x_rows = take(arena, extent.B, config->C);
    state->q = take(arena, extent.B, config->C);
    state->k = take(arena, extent.T, 2 * config->C);
    state->v = state->k != NULL ? state->k + C : NULL;
    state->ldq = config->C;
    state->ldkv = 2 * config->C;
    return;
  }
  state->x_rows = state->x;
  state->q = take(arena, extent.T, 3 * config->C);
  state->k = state->q != NULL ? state->q + C : NULL;
  state->v = state->q != NULL ? state->q + 2 * C : NULL;
  state->ldq = 3 * config->C;
  state->ldkv = 3 * config->C;
}

/* A layer whose input is state->x. Without `keep`, a buffer whose content is used up serves again: the result
 * takes the input's place (the last layer's is smaller and has its own), the second sum the first's, the
 * activation works in place, and the layer norms' statistics are not stored. */
static void lay_out_layer(tl_layer_state *state, const tl_config *config, tl_extent extent, bool last,
                          tl_arena *arena) {
  int32_t R = last ? extent.B : extent.T;
  bool keep = extent.keep;
  lay_out_projections(state, config, extent, last, arena);
  state->lse = take(arena, R, config->H);
  state->context = take(arena, R, config->C);
  state->attention_sum = take(arena, R, config->C);
  state->attention_mean = keep ? take(arena, R, 1) : NULL;
  state->attention_rstd = keep ? take(arena, R, 1) : NULL;
  state->attention_out = take(arena, R, config->C);
  state->hidden = take(arena, R, config->F);
  state->activated = keep ? take(arena, R, config->F) : state->hidden;
  state->output_sum = keep ? take(arena, R, config->C) : state->attention_sum;
  state->output_mean = keep ? take(arena, R, 1) : NULL;
  state->output_rstd = keep ? take(arena, R, 1) : NULL;
  state->out = keep || last ? take(arena, R, config->C) : state->x;
}

static void lay_out_layers(tl_workspace *workspace, const tl_config *config, tl_extent extent,
                           tl_arena *arena) {
  float *x = take(arena, extent.T, config->C);
  tl_layer_state counted; /* stands for every layer while there is no array to fill */
  for (int32_t l = 0; l < config->L; l++) {
    tl_layer_state *state = workspace->layers != NULL ? &workspace->layers[l] : &counted;
    bool last = l == config->L - 1;
    if (l > 0 && !last && !extent.keep) {
      if (workspace->layers != NULL)
        *state = workspace->layers[0];
      continue;
    }
    state->x = x;
    lay_out_layer(state, config, extent, last, arena);
    x = state->out;
  }
}

static void lay_out_backward(tl_workspace *workspace, const tl_config *config, tl_extent extent,
                             tl_arena *arena) {
  int32_t wide = config->F > 3 * config->C ? config->F : 3 * config->C;
  workspace->d_rows = take(arena, extent.T, config->C);
  workspace->d_cls = take(arena, extent.B, config->C);
  workspace->d_branch = take(arena, extent.T, config->C);
  workspace->d_context = take(arena, extent.T, config->C);
  workspace->d_wide = take(arena, extent.T, wide);
  workspace->d_query = take(arena, extent.B, config->C);
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
  size_t needs[] = {
      dense_scratch(extent.T, config->C, 3 * config->C, extent.keep, threads),
      dense_scratch(extent.T, config->C, config->F, extent.keep, threads),
      dense_scratch(extent.T, config->F, config->C, extent.keep, threads),
      dense_scratch(extent.B, config->C, config->C, extent.keep, threads),
      dense_scratch(extent.B, config->C, config->K, extent.keep, threads),
      tlk_attention_scratch(extent.S, extent.S, config->D, threads),
  };
  size_t most = 0;
  for (size_t i = 0; i < sizeof needs / sizeof *needs; i++)
    most = needs[i] > most ? needs[i] : most;
  return most == SIZE_MAX ? UINT64_MAX : most;
}

void tl_workspace_lay_out(tl_workspace *workspace, const tl_config *config, tl_extent extent, int32_t threads,
                          tl_arena *arena) {
  workspace->extent = extent;
  workspace->ids = take_ints(arena, extent.T);
  workspace->types = take_ints(arena, extent.T);
  workspace->positions = take_ints(arena, extent.T);
  workspace->offsets = tl_arena_take(arena, (size_t)extent.B + 1, sizeof(int32_t));
  workspace->cls_offsets = tl_arena_take(arena, (size_t)extent.B + 1, sizeof(int32_t));

  workspace->embedding_sum = take(arena, extent.T, config->C);
  workspace->embedding_mean = extent.keep ? take(arena, extent.T, 1) : NULL;
  workspace->embedding_rstd = extent.keep ? take(arena, extent.T, 1) : NULL;
  lay_out_layers(workspace, config, extent, arena);
  workspace->pooled = take(arena, extent.B, config->C);
  workspace->dropped = take(arena, extent.B, config->C);
  workspace->dlogits = take(arena, extent.B, config->K);
  if (extent.keep)
    lay_out_backward(workspace, config, extent, arena);
  workspace->scratch = tl_arena_take(arena, kernel_scratch(config, extent, threads), sizeof(float));
}

uint64_t tl_workspace_bytes(const tl_config *config, tl_extent extent, int32_t threads) {
  tl_workspace dry = {0};
  tl_arena arena = tl_arena_count();
  tl_workspace_lay_out(&dry, config, extent, threads, &arena);
  return arena.overflow ? 0 : arena.used;
}
