/* The keys of dropout's streams. */
#include "kernels/dropout.h"

/* Mixes 64 bits so that each result bit depends on all (splitmix64's finisher, a bijection). */
static uint64_t mix(uint64_t x) {
  x ^= x >> 30;
  x *= 0xbf58476d1ce4e5b9u;
  x ^= x >> 27;
  x *= 0x94d049bb133111ebu;
  x ^= x >> 31;
  return x;
}

tlk_dropout tlk_dropout_make(uint64_t seed, uint64_t step, uint32_t site, float p) {
  const uint64_t golden = 0x9e3779b97f4a7c15u; /* keeps zeros from mapping to zero */
  uint64_t key = mix(seed + golden);
  key = mix((key ^ step) + golden);
  key = mix((key ^ site) + golden);
  return (tlk_dropout){.key0 = (uint32_t)key, .key1 = (uint32_t)(key >> 32), .p = p};
}

tlk_dropout tlk_dropout_off(void) { return (tlk_dropout){.key0 = 0, .key1 = 0, .p = 0.0f}; }
