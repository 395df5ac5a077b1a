/* torch.Generator on the CPU: its integers and permutations, and its state as bytes. */
#include <math.h>
#include <string.h>

#include "base/context_internal.h"
#include "base/generator_internal.h"

tl_status tl_generator_create(tl_context *context, uint64_t seed, tl_generator **out) {
  tl_generator *generator = tl_memory_alloc(context, 1, sizeof *generator);
  if (generator == NULL)
    return tl_fail_memory(context, "a random generator", (double)sizeof *generator);
  generator->context = context;
  tl_generator_manual_seed(generator, seed);
  *out = generator;
  return TL_OK;
}

void tl_generator_free(tl_generator *generator) {
  if (generator != NULL)
    tl_memory_free(generator->context, generator);
}

void tl_generator_manual_seed(tl_generator *generator, uint64_t seed) {
  tl_mt19937_seed(&generator->engine, (uint32_t)seed); /* torch keeps the low 32 bits */
  generator->has_next_normal = false;
}

uint32_t tl_generator_random(tl_generator *generator) { return tl_mt19937_next(&generator->engine); }

uint64_t tl_generator_random64(tl_generator *generator) {
  const uint64_t high = tl_generator_random(generator);
  return high << 32 | tl_generator_random(generator);
}

int64_t tl_generator_random_int64(tl_generator *generator) {
  return (int64_t)(tl_generator_random64(generator) & INT64_MAX);
}

/* From this n on torch shuffles in another way, to keep remainders unbiased; no job of this size fits this
 * core. */
enum { FIRST_UNBIASED = (int32_t)(UINT32_MAX / 20) };

tl_status tl_generator_randperm(tl_generator *generator, int32_t n, int32_t *order) {
  if (n < 0)
    return tl_fail(generator->context, TL_ERR_ARGUMENT, "randperm: n must not be negative, but is %d", n);
  if (n >= FIRST_UNBIASED)
    return tl_fail(generator->context, TL_ERR_UNSUPPORTED, "randperm: n must be below %d, but is %d",
                   FIRST_UNBIASED, n);
  for (int32_t i = 0; i < n; ++i)
    order[i] = i;
  for (int32_t i = 0; i + 1 < n; ++i) {
    const uint32_t place = (uint32_t)i + tl_generator_random(generator) % (uint32_t)(n - i);
    const int32_t taken = order[i];
    order[i] = order[place];
    order[place] = taken;
  }
  return TL_OK;
}

void tl_generator_uniform(tl_generator *generator, float from, float to, size_t n, float *out) {
  for (size_t i = 0; i < n; ++i)
    out[i] = fmaf(tl_uniform_float(generator), to - from, from);
}

/* The state's bytes: the words, the next word's index, 1 or 0 for a kept deviate, its bits; each field
 * little-endian. */
enum { WORD_BYTES = 4, TAIL_BYTES = 4 + 1 + 8, STATE_SIZE = TL_MT19937_WORDS * WORD_BYTES + TAIL_BYTES };

static void put_little_endian(uint8_t **at, uint64_t value, int size) {
  for (int i = 0; i < size; ++i)
    *(*at)++ = (uint8_t)(value >> 8 * i);
}

static uint64_t get_little_endian(const uint8_t **at, int size) {
  uint64_t value = 0;
  for (int i = 0; i < size; ++i)
    value |= (uint64_t)*(*at)++ << 8 * i;
  return value;
}

size_t tl_generator_state_size(void) { return STATE_SIZE; }

void tl_generator_get_state(const tl_generator *generator, uint8_t *bytes) {
  uint64_t normal_bits;
  memcpy(&normal_bits, &generator->next_normal, sizeof normal_bits);
  uint8_t *at = bytes;
  for (int i = 0; i < TL_MT19937_WORDS; ++i)
    put_little_endian(&at, generator->engine.words[i], WORD_BYTES);
  put_little_endian(&at, generator->engine.next, 4);
  put_little_endian(&at, generator->has_next_normal, 1);
  put_little_endian(&at, generator->has_next_normal ? normal_bits : 0, 8);
}

tl_status tl_generator_set_state(tl_generator *generator, const uint8_t *bytes, size_t size) {
  tl_context *context = generator->context;
  if (size != STATE_SIZE)
    return tl_fail(context, TL_ERR_FORMAT, "a generator's state has %d bytes, but %zu were given", STATE_SIZE,
                   size);
  tl_generator state = {.context = context};
  const uint8_t *at = bytes;
  uint32_t any = 0;
  for (int i = 0; i < TL_MT19937_WORDS; ++i)
    any |= state.engine.words[i] = (uint32_t)get_little_endian(&at, WORD_BYTES);
  state.engine.next = (uint32_t)get_little_endian(&at, 4);
  const uint64_t flag = get_little_endian(&at, 1);
  const uint64_t normal_bits = get_little_endian(&at, 8);
  memcpy(&state.next_normal, &normal_bits, sizeof normal_bits);
  state.has_next_normal = flag == 1;
  /* All-zero words would yield zeros for ever, and no seed leads there. */
  if (state.engine.next > TL_MT19937_WORDS || any == 0 || flag > 1 || !isfinite(state.next_normal))
    return tl_fail(context, TL_ERR_FORMAT, "these %d bytes are not a generator's state", STATE_SIZE);
  *generator = state;
  return TL_OK;
}
