/* LoRA's detour around a frozen matrix: down to rank r and up again, forward and back. */
#include "model/lora.h"

#include "kernels/gemm.h"
#include "kernels/pointwise.h"
#include "model/encoder.h"

/* One adapter at work. */
typedef struct detour {
  int32_t a; /* the span of lora_A; lora_B follows */
  int32_t in;
  int32_t out;
  int32_t r;
  float *reduced; /* (rows, r) scaling · A·dropout(x), kept from forward to backward */
  tlk_dropout dropout;
} detour;

int32_t tl_projection_span(const tl_model *model, int32_t layer, tl_projection projection) {
  int32_t part = projection == TL_PROJECTION_OUTPUT ? (int32_t)TL_PART_ATTENTION_WEIGHT
                                                    : (int32_t)TL_PART_QUERY_WEIGHT + (int32_t)projection;
  return tl_layer_span(model, layer, (tl_layer_part)part);
}

/* False if the projection has no adapter. */
static bool find_detour(const tl_model *model, int32_t layer, tl_projection projection, detour *found) {
  int32_t span = tl_projection_span(model, layer, projection);
  if (span < 0 || model->spans[span].adapter < 0)
    return false;
  const tl_span *weight = &model->spans[span];
  int32_t site = TL_SITE_LORA + layer * TL_PROJECTIONS + (int32_t)projection;
  *found = (detour){
      .a = weight->adapter,
      .in = weight->shape[1],
      .out = weight->shape[0],
      .r = model->config.adapters.r,
      .reduced = model->workspace.layers[layer].lora[projection],
      .dropout = tl_run_dropout(model, site, model->config.adapters.dropout),
  };
  return true;
}

/* x after the adapter's dropout: x itself where nothing is dropped. */
static const float *dropped_input(tl_model *model, const detour *d, int32_t rows, const float *x) {
  if (!tlk_dropout_on(d->dropout))
    return x;
  float *dropped = model->workspace.lora_input;
  tlk_dropout_forward(tl_context_pool(model->context), d->dropout, x, dropped, (size_t)rows * (size_t)d->in);
  return dropped;
}

/* scaling · what is in `reduced`, rows of the rank. */
static void scale(tl_model *model, const detour *d, int32_t rows, float *reduced) {
  tlk_scale(tl_context_pool(model->context), model->config.adapters.scaling, reduced,
            (size_t)rows * (size_t)d->r);
}

void tl_lora_forward(tl_model *model, int32_t layer, tl_projection projection, int32_t rows, const float *x,
                     float *y, int32_t ldy) {
  detour d;
  if (!find_detour(model, layer, projection, &d))
    return;
  tl_pool *pool = tl_context_pool(model->context);
  float *scratch = model->workspace.scratch;
  const float *input = dropped_input(model, &d, rows, x);
  tlk_gemm_nt(pool, rows, d.r, d.in, input, d.in, tl_span_weights(model, d.a), d.in, NULL, d.reduced, d.r,
              scratch);
  scale(model, &d, rows, d.reduced);
  tlk_gemm_nt_add(pool, rows, d.out, d.r, d.reduced, d.r, tl_span_weights(model, d.a + 1), d.r, y, ldy,
                  scratch);
}

/* dx += the gradient through A and dropout. */
static void backward_input(tl_model *model, const detour *d, int32_t rows, float *dx) {
  tl_pool *pool = tl_context_pool(model->context);
  tl_workspace *w = &model->workspace;
  const float *a = tl_span_weights(model, d->a);
  if (!tlk_dropout_on(d->dropout)) {
    tlk_gemm_nn(pool, rows, d->in, d->r, w->d_lora, d->r, a, d->in, dx, d->in, true, w->scratch);
    return;
  }
  size_t n = (size_t)rows * (size_t)d->in;
  float *share = w->lora_input; /* the dropped input is used up */
  tlk_gemm_nn(pool, rows, d->in, d->r, w->d_lora, d->r, a, d->in, share, d->in, false, w->scratch);
  tlk_dropout_backward(pool, d->dropout, share, share, n);
  tlk_add(pool, share, dx, n);
}

void tl_lora_backward(tl_model *model, int32_t layer, tl_projection projection, int32_t rows, const float *dy,
                      int32_t lddy, const float *x, float *dx) {
  detour d;
  if (!find_detour(model, layer, projection, &d))
    return;
  tl_pool *pool = tl_context_pool(model->context);
  tl_workspace *w = &model->workspace;
  float *da = tl_span_gradient(model, d.a);
  float *db = tl_span_gradient(model, d.a + 1);
  if (db != NULL)
    tlk_gemm_tn(pool, d.out, d.r, rows, dy, lddy, d.reduced, d.r, db, d.r, w->scratch);
  if (da == NULL && dx == NULL)
    return;
  tlk_gemm_nn(pool, rows, d.r, d.out, dy, lddy, tl_span_weights(model, d.a + 1), d.r, w->d_lora, d.r, false,
              w->scratch);
  scale(model, &d, rows, w->d_lora);
  if (da != NULL)
    tlk_gemm_tn(pool, d.r, d.in, rows, w->d_lora, d.r, dropped_input(model, &d, rows, x), d.in, da, d.in,
                w->scratch);
  if (dx != NULL)
    backward_input(model, &d, rows, dx);
}
