/* The encoder's pieces, forward and backward in pairs. All read the batch and the sizes from the model's
 * workspace and run. They cannot fail: the batch was checked and the workspace reserved. */
#ifndef TL_MODEL_ENCODER_H
#define TL_MODEL_ENCODER_H

#include "model/model_internal.h"

/* Dropout's streams within a step: one for each place that drops. */
typedef enum tl_dropout_site {
  TL_SITE_EMBEDDINGS,
  TL_SITE_CLASSIFIER,
  TL_SITE_LAYERS,               /* the first of layer 0; TL_LAYER_SITES for each layer */
  TL_SITE_LORA = 1 << 16,       /* above all of those: TL_PROJECTIONS for each layer */
  TL_SITE_HEAD_INPUT = 1 << 17, /* above all of those */
} tl_dropout_site;

enum {
  TL_LAYER_SITE_PROBABILITIES,
  TL_LAYER_SITE_ATTENTION,
  TL_LAYER_SITE_OUTPUT,
  TL_LAYER_SITE_INSIDE = TL_LAYER_SITE_OUTPUT, /* a layer drops in one of the two places */
  TL_LAYER_SITES,
};

/* The dropout of a site in the run at hand: off outside training. */
tlk_dropout tl_run_dropout(const tl_model *model, int32_t site, float p);

/* Those of a layer: after attention's dense layer; after the feed-forward's activation. */
tlk_dropout tl_attention_output_dropout(const tl_model *model, int32_t layer);
tlk_dropout tl_inside_dropout(const tl_model *model, int32_t layer);

/* Rows that a layer computes: T, or B where the [CLS] rows are enough. */
int32_t tl_layer_rows(const tl_model *model, int32_t layer);

/* layers[0].x = dropout(norm(word + type + position)), or a dense layer of that. Backward takes d_rows, the
 * gradient of that, and uses it up. */
void tl_embeddings_forward(tl_model *model);
void tl_embeddings_backward(tl_model *model);

/* context = attention of x's queries, keys and values. Backward takes the gradient of context from d_context
 * and, if `input`, leaves that of x (T × C) in d_rows: what comes by x_rows (R × C) goes through dy, where it
 * is added to what is there if `accumulate`. */
void tl_attend_forward(tl_model *model, int32_t layer);
void tl_attend_backward(tl_model *model, int32_t layer, float *dy, bool accumulate, bool input);

/* attention_out = norm(stream_rows + dropout(dense(context))). Backward, of post-norm layers, turns dy (R ×
 * C), the gradient of attention_out, into that of x_rows's residual and, if `input`, puts the gradient of x
 * (T × C) into d_rows. */
void tl_attention_block_forward(tl_model *model, int32_t layer);
void tl_attention_block_backward(tl_model *model, int32_t layer, float *dy, bool input);

/* out = norm(residual + dropout(dense(activation(dense(attention_out))))); the residual is attention_out, in
 * a pre-norm layer attention_sum. Backward, of post-norm layers, turns dy (R × C), the gradient of out, into
 * that of attention_out, in place. */
void tl_feed_forward_forward(tl_model *model, int32_t layer);
void tl_feed_forward_backward(tl_model *model, int32_t layer, float *dy);

/* Parts of the forward, for checkpointed layers: up to `hidden`; and `out` again from output_sum. */
void tl_feed_forward_inside(tl_model *model, int32_t layer);
void tl_feed_forward_norm_again(tl_model *model, int32_t layer);

/* Backward of a whole pre-norm layer: from the gradients of out and of output_sum, in d_rows and d_stream
 * (d_cls and d_stream_cls if the layer's rows are few), to those of x and of stream if `input`, in the
 * former. In layer 0, where both are one, their sum is in d_rows. */
void tl_prenorm_backward(tl_model *model, int32_t layer, bool input);

/* logits from the last layer's [CLS] rows. Backward takes workspace.dlogits; if `input` it leaves the
 * gradient of the [CLS] rows in d_cls. */
void tl_head_forward(tl_model *model);
void tl_head_backward(tl_model *model, bool input);

/* The same for a head with a layer norm; backward leaves the gradient of the last layer's rows in d_rows
 * where it computes all. */
void tl_prediction_head_forward(tl_model *model);
void tl_prediction_head_backward(tl_model *model, bool input);

/* All of it. Backward from workspace.dlogits; it goes no deeper than the lowest span that is trainable and
 * was at the forward. */
void tl_encoder_forward(tl_model *model);
void tl_encoder_backward(tl_model *model);

#endif
