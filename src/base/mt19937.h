/* The Mersenne Twister MT19937 (Matsumoto and Nishimura, 1998), seeded with 32 bits: the engine under torch's
 * generator. */
#ifndef TL_BASE_MT19937_H
#define TL_BASE_MT19937_H

#include <stdint.h>

enum { TL_MT19937_WORDS = 624 };

typedef struct tl_mt19937 {
  uint32_t words[TL_MT19937_WORDS];
  uint32_t next; /* the word to hand out; TL_MT19937_WORDS: make new ones first */
} tl_mt19937;

void tl_mt19937_seed(tl_mt19937 *engine, uint32_t seed);
uint32_t tl_mt19937_next(tl_mt19937 *engine);

#endif
