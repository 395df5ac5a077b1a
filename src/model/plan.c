/* How much memory a job needs, told before it runs, and taken before a step runs: both by the same plan. */
#include "model/model_internal.h"
#include "model/rotary.h"

static const char the_activations[] = "the activations of a batch";

tl_extent tl_model_extent(const tl_model *model, int32_t B, int32_t T, int32_t S, bool keep) {
  int32_t nothing = model->config.L + 1;
  return (tl_extent){.B = B,
                     .T = T,
                     .S = S,
                     .lowest = keep ? tl_model_lowest_trainable(model) : nothing,
                     .checkpointed = model->checkpointed};
}

/* Whether a batch of `asked` runs in the buffers as they are laid out. */
static bool covers(const tl_extent *held, const tl_extent *asked) {
  return asked->B <= held->B && asked->T <= held->T && asked->S <= held->S && held->lowest <= asked->lowest &&
         held->checkpointed == asked->checkpointed;
}

static tl_extent larger(tl_extent extent, const tl_extent *other) {
  extent.B = extent.B > other->B ? extent.B : other->B;
  extent.T = extent.T > other->T ? extent.T : other->T;
  extent.S = extent.S > other->S ? extent.S : other->S;
  return extent;
}

/* Frees the block, and with it what backward needs of the last forward. */
static void drop_block(tl_model *model) {
  tl_workspace *w = &model->workspace;
  model->run.can_backward = false;
  tl_memory_free(model->context, w->block);
  *w = (tl_workspace){.layers = w->layers};
}

/* The old block goes first: both together might not fit. */
static tl_status replace_block(tl_model *model, size_t bytes) {
  tl_workspace *w = &model->workspace;
  drop_block(model);
  w->block = tl_memory_alloc(model->context, bytes, 1);
  if (w->block == NULL)
    return tl_fail_memory(model->context, the_activations, (double)bytes);
  w->size = bytes;
  return TL_OK;
}

tl_status tl_model_reserve_extent(tl_model *model, tl_extent extent) {
  tl_context *context = model->context;
  tl_workspace *w = &model->workspace;
  if (covers(&w->extent, &extent))
    return TL_OK;
  bool keep = extent.lowest <= model->config.L;
  extent = larger(extent, &w->most[keep]);
  int32_t threads = tl_context_threads(context);
  uint64_t bytes = tl_workspace_bytes(&model->config, extent, threads);
  if (bytes == 0)
    return tl_fail(context, TL_ERR_MEMORY,
                   "a batch of %d sequences with %d tokens does not fit in memory; take a smaller batch",
                   (int)extent.B, (int)extent.T);
  if (bytes > PTRDIFF_MAX)
    return tl_fail_memory(context, the_activations, (double)bytes);
  float *logits = model->logits;
  if (extent.B > model->logits_rows) {
    logits = tl_memory_alloc(context, (size_t)extent.B, (size_t)model->config.K * sizeof *logits);
    if (logits == NULL)
      return tl_fail_memory(context, "the logits",
                            (double)extent.B * (double)model->config.K * (double)sizeof *logits);
  }
  model->run.can_backward = false;
  if (bytes > w->size && replace_block(model, (size_t)bytes) != TL_OK) {
    if (logits != model->logits)
      tl_memory_free(context, logits);
    return TL_ERR_MEMORY;
  }
  if (logits != model->logits) {
    tl_memory_free(context, model->logits);
    model->logits = logits;
    model->logits_rows = extent.B;
    model->run.B = 0;
    model->run.has_loss = false;
  }
  tl_arena arena = tl_arena_over(w->block, w->size);
  tl_workspace_lay_out(w, &model->config, extent, threads, &arena);
  tl_rotary_fill(model);
  w->most[keep] = extent;
  return TL_OK;
}

/* Sizes that a batch can have at all. */
static bool possible(int32_t B, int32_t T, int32_t S) { return B >= 1 && S >= 1 && T >= B; }

tl_status tl_model_reserve(tl_model *model, int32_t B, int32_t T, int32_t S) {
  if (!possible(B, T, S))
    return tl_fail(model->context, TL_ERR_ARGUMENT,
                   "a batch cannot have %d sequences, %d tokens and a longest sequence of %d", (int)B, (int)T,
                   (int)S);
  tl_status status = tl_model_reserve_extent(model, tl_model_extent(model, B, T, S, model->grad_enabled));
  return status == TL_OK && model->grad_enabled ? tl_gradients_lay_out(model) : status;
}

void tl_model_set_activation_checkpointing(tl_model *model, bool enabled) {
  if (model->checkpointed != enabled)
    drop_block(model);
  model->checkpointed = enabled;
}

bool tl_model_activation_checkpointing(const tl_model *model) { return model->checkpointed; }

double tl_model_activation_bytes(const tl_model *model, int32_t B, int32_t T, int32_t S, bool training) {
  if (!possible(B, T, S))
    return 0.0;
  tl_extent extent = tl_model_extent(model, B, T, S, training);
  uint64_t workspace = tl_workspace_bytes(&model->config, extent, tl_context_threads(model->context));
  if (workspace == 0)
    return 0.0;
  return (double)workspace + (double)B * (double)model->config.K * (double)sizeof(float);
}

double tl_model_plan_bytes(const tl_model *model, int32_t B, int32_t T, int32_t S, bool training) {
  double activations = tl_model_activation_bytes(model, B, T, S, training);
  double trained = training ? 3.0 * (double)tl_trainable_floats(model) : 0.0; /* gradients, two moments */
  double floats = (double)model->parameters + trained;
  return activations > 0.0 ? floats * (double)sizeof(float) + activations : 0.0;
}
