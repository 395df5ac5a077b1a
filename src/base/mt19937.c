/* The Mersenne Twister's recurrence and tempering, as its paper gives them. */
#include "base/mt19937.h"

enum { N = TL_MT19937_WORDS, M = 397 };

void tl_mt19937_seed(tl_mt19937 *engine, uint32_t seed) {
  uint32_t *words = engine->words;
  words[0] = seed;
  for (uint32_t i = 1; i < N; ++i)
    words[i] = UINT32_C(1812433253) * (words[i - 1] ^ (words[i - 1] >> 30)) + i;
  engine->next = N;
}

/* x[k+n] = x[k+m] ^ (upper bit of x[k] | lower bits of x[k+1])·A, for all n words in place. */
static void make_words(tl_mt19937 *engine) {
  uint32_t *words = engine->words;
  for (uint32_t k = 0; k < N; ++k) {
    const uint32_t joined = (words[k] & UINT32_C(0x80000000)) | (words[(k + 1) % N] & UINT32_C(0x7FFFFFFF));
    words[k] = words[(k + M) % N] ^ (joined >> 1) ^ ((joined & 1) * UINT32_C(0x9908B0DF));
  }
  engine->next = 0;
}

uint32_t tl_mt19937_next(tl_mt19937 *engine) {
  if (engine->next >= N)
    make_words(engine);
  uint32_t y = engine->words[engine->next++];
  y ^= y >> 11;
  y ^= (y << 7) & UINT32_C(0x9D2C5680);
  y ^= (y << 15) & UINT32_C(0xEFC60000);
  return y ^ (y >> 18);
}
