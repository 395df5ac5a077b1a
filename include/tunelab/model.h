/* A transformer encoder with a head: parameters in one block, planned memory, forward and backward.
 *
 *   tl_model *model;
 *   tl_model_create(context, config_json, size, &model);   // a Hugging Face config.json
 *   … load weights (safetensors.h) or tl_model_init …
 *   tl_model_set_training(model, true);
 *   tl_model_forward(model, batch);                         // logits, and the loss if there are labels
 *   tl_model_zero_grad(model);
 *   tl_model_backward(model, 1.0f);                         // gradients are added to
 *
 * Letters: B sequences, T tokens of a batch, S the longest sequence, C hidden, H heads, D head size, F
 * intermediate, L layers, V vocabulary, K labels. */
#ifndef TUNELAB_MODEL_H
#define TUNELAB_MODEL_H

#include "tunelab/context.h"
#include "tunelab/data.h"
#include "tunelab/generator.h"

typedef struct tl_model tl_model;

/* Reads config.json: `model_type` is one of the architectures that src/model/architecture.c lists (bert,
 * roberta, …); K from `num_labels`, else `id2label`, else 2;
 * `problem_type` (regression, single_label_classification, multi_label_classification; absent: regression if
 * K is 1, else by the kind of labels, as transformers chooses). Allocates the weights (gradients
 * come with the first backward or tl_model_reserve, moments with the optimizer). TL_ERR_UNSUPPORTED names an
 * unknown architecture or activation and lists the known; TL_ERR_FORMAT / TL_ERR_MISMATCH name a missing or
 * impossible field (hidden_size not a multiple of heads …); TL_ERR_MEMORY tells the bytes that were needed.
 */
TL_API tl_status tl_model_create(tl_context *context, const uint8_t *config_json, size_t size,
                                 tl_model **out);
TL_API void tl_model_free(tl_model *model);

/* Initialises weights as transformers' _init_weights does, drawing from `generator` in transformers' order:
 * normal(0, initializer_range) for dense and embedding weights, zeros for biases, ones and zeros for layer
 * norms. only_missing: just the spans that the last tl_model_match (safetensors.h) found missing or
 * mismatched, none before it, as from_pretrained does; otherwise all, as from_config does, which also draws
 * what its modules' constructors draw and nobody uses. */
TL_API tl_status tl_model_init(tl_model *model, tl_generator *generator, bool only_missing);

/* TL_ERR_NUMERIC naming the tensor and index if a weight is NaN or infinite. */
TL_API tl_status tl_model_check(const tl_model *model);

/* train() / eval(): training applies dropout with the config's probabilities. A new model is in eval mode, as
 * from_pretrained leaves it. */
TL_API void tl_model_set_training(tl_model *model, bool training);
TL_API bool tl_model_training(const tl_model *model);

/* Runs the batch. TL_ERR_ARGUMENT: an id outside the vocabulary, a token type or a position out of range, an
 * empty batch; TL_ERR_MISMATCH: labels that do not fit the head (a class label outside 0..K-1, targets of
 * another width), naming the row; TL_ERR_NUMERIC: a target that is NaN or infinite. A class label of -100
 * leaves its row out of the loss (torch's ignore_index). The batch is copied: it may change or go before
 * backward. */
TL_API tl_status tl_model_forward(tl_model *model, const tl_batch *batch);

/* Of the last forward: the logits (B, K), owned by the model, NULL before; whether the batch had labels; and
 * if so the loss, the mean over the batch as torch's losses define it (0 without labels). */
TL_API const float *tl_model_logits(const tl_model *model);
TL_API bool tl_model_has_loss(const tl_model *model);
TL_API float tl_model_loss(const tl_model *model);

/* Adds scale × dLoss/dθ to the gradients of trainable spans. After a forward in training or eval mode
 * (dropout off) with gradients enabled, once for each forward; TL_ERR_ARGUMENT otherwise or if the batch had
 * no labels. */
TL_API tl_status tl_model_backward(tl_model *model, float scale);

/* Sets all gradients to zero. */
TL_API void tl_model_zero_grad(tl_model *model);

/* One span's gradient, to be read before the next call that changes it; NULL where there is none to read: of
 * a frozen span, before the first backward, out of range. */
TL_API const float *tl_model_gradient(tl_model *model, int32_t span);

/* A JSON object, owned by the model until the next call; NULL if memory is out. problem_type is null until it
 * is chosen:
 *   {"model_type", "class_prefix": of transformers' classes ("Bert"), "base_model_prefix": the encoder's name
 * in the model ("bert"), "hidden_size", "num_layers", "num_heads", "intermediate_size", "vocab_size",
 *    "max_position_embeddings", "type_vocab_size": 0 if there are no token types, "num_labels",
 *    "problem_type", "parameters": n,
 *    "spans": [{"name": the Hugging Face name, "shape": [rows, cols] or [n],
 *               "offset": floats into the blocks, "size": floats,
 *               "decay": bool (in transformers' weight-decay group), "head": bool}, …]} */
TL_API const char *tl_model_describe(tl_model *model);

/* The weights, tl_model_parameter_count floats (see spans), to be read and written at any time; owned by the
 * model. */
TL_API float *tl_model_weights(tl_model *model);

/* The gradients of the trainable spans alone, end to end in the spans' order: while all are trainable, at the
 * weights' offsets. To be read and written until the next tl_model_zero_grad or tl_model_set_trainable; owned
 * by the model. NULL if memory is out. To look at gradients, take tl_model_gradient: this makes dense what
 * training keeps sparse (embeddings). */
TL_API float *tl_model_gradients(tl_model *model);
TL_API size_t tl_model_parameter_count(const tl_model *model);
TL_API int32_t tl_model_span_count(const tl_model *model);

/* torch.set_grad_enabled: while off (torch.no_grad), forward keeps nothing for backward, which saves most of
 * the workspace. On in a new model. */
TL_API void tl_model_set_grad_enabled(tl_model *model, bool enabled);
TL_API bool tl_model_grad_enabled(const tl_model *model);

/* torch's activation checkpointing (transformers' activation_checkpointing): forward keeps one (T, C) matrix
 * a layer, and backward computes the layer's other activations again, to the same bits. The workspace shrinks
 * to about a quarter for 12 layers, and a step takes about a fifth longer. Off in a new model. A change drops
 * the workspace and the last forward, so that no backward may follow it. */
TL_API void tl_model_set_activation_checkpointing(tl_model *model, bool enabled);
TL_API bool tl_model_activation_checkpointing(const tl_model *model);

/* Freezes or unfreezes one span (requires_grad). A frozen span has no gradient (what it had is lost),
 * its work is left out, and the optimizer leaves it alone; gradients and moments take no memory for it. The
 * others' are moved by the next call that needs them, which for a moment holds them twice. Layers below the
 * lowest trainable span have no backward, and forward keeps nothing for them; unfreezing them counts from the
 * next forward on. TL_ERR_ARGUMENT for a span out of range, which is not trainable. */
TL_API tl_status tl_model_set_trainable(tl_model *model, int32_t span, bool trainable);
TL_API bool tl_model_trainable(const tl_model *model, int32_t span);

/* Seeds dropout: masks are a function of (seed, training forwards since seeding, layer and site, element), on
 * any number of threads. Forwards in eval mode do not count. */
TL_API void tl_model_seed_dropout(tl_model *model, uint64_t seed);

/* Like tl_model_backward, but from dLoss/dlogits (B, K), for losses defined outside. */
TL_API tl_status tl_model_backward_from(tl_model *model, const float *dlogits);

/* The bytes a job needs, known before it runs: weights and (training) gradients and two moments of what is
 * trainable now, plus the workspace for batches of up to B sequences, T tokens in all, and S in the longest.
 * As double: it may pass what the machine can address, and tl_model_reserve then refuses it. 0 for sizes that
 * no batch has (B or S below 1, T below B), or so large that they cannot be counted. */
TL_API double tl_model_plan_bytes(const tl_model *model, int32_t B, int32_t T, int32_t S, bool training);

/* The part of that which is a batch's: the workspace and the logits. Training and evaluation (`training`
 * false) take turns in one workspace, so a job that does both needs the larger of the two. */
TL_API double tl_model_activation_bytes(const tl_model *model, int32_t B, int32_t T, int32_t S,
                                        bool training);

/* Allocates the workspace for such batches, and with gradients enabled the gradients, so that no step
 * allocates. Forward reserves by itself when a
 * batch is larger. TL_ERR_MEMORY tells the workspace's bytes; the model stays usable for smaller batches.
 * A larger workspace drops the last forward, so that no backward may follow it. TL_ERR_ARGUMENT for sizes
 * that no batch has. */
TL_API tl_status tl_model_reserve(tl_model *model, int32_t B, int32_t T, int32_t S);

/* The model FLOPs of one forward (and of forward + backward) of the last batch: two for each multiply-add of
 * every matrix product that the batch's real tokens need (attention included, elementwise work excluded).
 * Backward counts what the trainable spans at hand need, and nothing that checkpointing computes again. For
 * utilisation figures. */
TL_API double tl_model_flops(const tl_model *model, bool with_backward);

#endif
