/* LoRA (Hu et al., 2021): low-rank adapters beside frozen matrices, as Hugging Face's peft defines them.
 *
 *   const int32_t spans[] = {…};                    // say, each layer's query and value weights
 *   … tl_model_set_trainable(model, span, false) for all that is not to be trained …
 *   tl_model_add_lora(model, 8, 16.0 / 8, 0.05, spans, count, generator);
 *   … an optimizer, steps as ever: the adapters are trainable spans …
 *   … saving (safetensors.h) writes the merged model at any time …
 *   tl_model_merge_lora(model);                     // W += scaling · B·A, and the adapters are gone
 *
 * An adapted dense layer computes y = W·x + b + scaling · B·(A·dropout(x)) with A (r × in), B (out × r). */
#ifndef TUNELAB_LORA_H
#define TUNELAB_LORA_H

#include "tunelab/context.h"
#include "tunelab/generator.h"
#include "tunelab/model.h"

/* Gives an adapter of rank `r` to each of `count` spans, weights of query, key, value or attention's output
 * dense. Two trainable spans for each follow all others, in the order of `spans`, named
 * <module>.lora_A.default.weight and <module>.lora_B.default.weight. Nothing else is frozen or unfrozen.
 *
 * scaling: lora_alpha / r (peft's rsLoRA: lora_alpha / √r). dropout: the probability, 0 to 1, in training
 * mode; each adapter has masks of its own.
 *
 * A is drawn from kaiming_uniform_(a=√5), B is zero, so the model computes what it did. The generator is left
 * where peft leaves torch's: for each adapter A and B are drawn as nn.Linear does, then A anew. Bit-equal to
 * torch on processors with fused multiply-add.
 *
 * The blocks are laid out anew: pointers to weights and gradients end, gradients are zero, the workspace and
 * the last forward are dropped, and an optimizer made before is refused by tl_adamw_step. On error nothing
 * has changed: TL_ERR_ARGUMENT for a rank, scaling, dropout or span that cannot be (naming it), or if the
 * model has adapters already; TL_ERR_MEMORY tells the bytes. Adapters larger than
 * rank 16 on two projections of each layer need a second block of weights while they are added. */
TL_API tl_status tl_model_add_lora(tl_model *model, int32_t r, double scaling, double dropout,
                                   const int32_t *spans, int32_t count, tl_generator *generator);

/* Adds scaling · B·A to each adapted matrix and removes the adapters with their spans. What is trainable
 * stays so. The last forward is dropped and optimizers are refused, as above. Without adapters nothing
 * happens. */
TL_API void tl_model_merge_lora(tl_model *model);

/* The rank of the model's adapters; 0: it has none. */
TL_API int32_t tl_model_lora_rank(const tl_model *model);

#endif
