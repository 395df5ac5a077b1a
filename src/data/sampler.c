/* The order in which an epoch draws its rows: torch's RandomSampler, or one after the other. */
#include "tunelab/data.h"

tl_status tl_sampler_epoch(tl_generator *generator, int32_t n, bool shuffle, int32_t *order) {
  if (shuffle)
    return tl_generator_randperm(generator, n, order);
  for (int32_t i = 0; i < n; i++)
    order[i] = i;
  return TL_OK;
}
