/* Learning-rate schedules: transformers' multipliers of the base rate. */
#include "tunelab/train.h"

static double at_least_one(int64_t n) { return n < 1 ? 1.0 : (double)n; }

double tl_schedule_linear(int64_t step, int64_t warmup_steps, int64_t total_steps) {
  if (step < warmup_steps)
    return (double)step / at_least_one(warmup_steps);
  const double left = (double)(total_steps - step) / at_least_one(total_steps - warmup_steps);
  return left > 0.0 ? left : 0.0;
}
