/* The order of an epoch. */
#include "harness.h"
#include "tunelab/data.h"

TEST(without_shuffling_rows_come_in_order) {
  int32_t order[4] = {-1, -1, -1, -1};
  CHECK_EQ_INT(tl_sampler_epoch(NULL, 4, false, order), TL_OK);
  for (int32_t i = 0; i < 4; i++)
    CHECK_EQ_INT(order[i], i);
}

TEST(shuffled_epochs_are_the_generators_permutations_one_after_the_other) {
  enum { N = 50 };
  tl_context *context = tl_context_create(1);
  tl_generator *generator = NULL, *same = NULL;
  REQUIRE(tl_generator_create(context, 3, &generator) == TL_OK &&
          tl_generator_create(context, 3, &same) == TL_OK);
  int32_t order[N], expected[N];
  for (int epoch = 0; epoch < 2; epoch++) {
    CHECK_EQ_INT(tl_sampler_epoch(generator, N, true, order), TL_OK);
    CHECK_EQ_INT(tl_generator_randperm(same, N, expected), TL_OK);
    CHECK_EQ_BYTES(order, expected, sizeof order);
  }
  tl_generator_free(same);
  tl_generator_free(generator);
  tl_context_free(context);
}
