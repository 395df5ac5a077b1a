/* Random numbers equal to PyTorch's CPU generator (torch.Generator): MT19937 and the transforms torch builds
 * on it.
 *
 *   tl_generator *g;
 *   tl_generator_create(context, 42, &g);     // torch.manual_seed(42)
 *   tl_generator_randperm(g, n, order);       // torch.randperm(n, generator=g), bit-equal
 *
 * Definition: aten/src/ATen/CPUGeneratorImpl.cpp and native/cpu/DistributionTemplates.h of PyTorch 2.x. */
#ifndef TUNELAB_GENERATOR_H
#define TUNELAB_GENERATOR_H

#include "tunelab/context.h"

typedef struct tl_generator tl_generator;

/* Makes a generator seeded with `seed`, of which torch uses the low 32 bits. The caller owns it and frees it
 * before the context. */
TL_API tl_status tl_generator_create(tl_context *context, uint64_t seed, tl_generator **out);
TL_API void tl_generator_free(tl_generator *generator);

/* Seeds it anew: the same as a new generator with that seed (torch.Generator.manual_seed). */
TL_API void tl_generator_manual_seed(tl_generator *generator, uint64_t seed);

/* The next 32 random bits; the next 64 (two draws, high bits first as torch orders them). */
TL_API uint32_t tl_generator_random(tl_generator *generator);
TL_API uint64_t tl_generator_random64(tl_generator *generator);

/* torch.empty((), dtype=torch.int64).random_(): 0 .. 2^63 - 1. RandomSampler draws its seed so. */
TL_API int64_t tl_generator_random_int64(tl_generator *generator);

/* torch.randperm(n): fills order[n] with a permutation of 0..n-1; bit-equal to torch's. TL_ERR_ARGUMENT if n
 * is negative, TL_ERR_UNSUPPORTED from 214,748,364 on, where torch shuffles in another way. */
TL_API tl_status tl_generator_randperm(tl_generator *generator, int32_t n, int32_t *order);

/* torch.Tensor.uniform_(from, to) on n float32 values: from + u · (to - from), rounded once as torch's build
 * for processors with fused multiply-add does; bit-equal to it. */
TL_API void tl_generator_uniform(tl_generator *generator, float from, float to, size_t n, float *out);

/* torch.Tensor.normal_(mean, std) on n contiguous float32 values; equal to torch's to rounding (1e-6 at std
 * 1). */
TL_API void tl_generator_normal(tl_generator *generator, float mean, float std, size_t n, float *out);

/* The generator's whole state as bytes, for checkpoints: tl_generator_state_size() of them, the same in every
 * build. Setting refuses bytes that are no state with TL_ERR_FORMAT. */
TL_API size_t tl_generator_state_size(void);
TL_API void tl_generator_get_state(const tl_generator *generator, uint8_t *bytes);
TL_API tl_status tl_generator_set_state(tl_generator *generator, const uint8_t *bytes, size_t size);

#endif
