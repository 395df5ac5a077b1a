/* The generator's parts: what integers and normal deviates are drawn from. */
#ifndef TL_BASE_GENERATOR_INTERNAL_H
#define TL_BASE_GENERATOR_INTERNAL_H

#include "base/mt19937.h"
#include "tunelab/generator.h"

struct tl_generator {
  tl_context *context;
  tl_mt19937 engine;
  double next_normal; /* the second deviate of the last pair, mean 0, std 1, until it is handed out */
  bool has_next_normal;
};

/* [0, 1) with a float's 24 bits. */
static inline float tl_uniform_float(tl_generator *generator) {
  return (float)(tl_generator_random(generator) & 0xFFFFFF) * 0x1p-24f;
}

#endif
