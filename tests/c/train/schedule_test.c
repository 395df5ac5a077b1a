/* The linear schedule against transformers' get_linear_schedule_with_warmup. */
#include <math.h>

#include "base/golden_json.h"
#include "harness.h"
#include "tunelab/train.h"

TEST(every_rate_equals_transformers) {
  tl_context *context = tl_context_create(1);
  tl_json *goldens = golden_open(context, "optimizer.json");
  REQUIRE(goldens != NULL);
  int cases = 0;
  const tl_json_value *schedules = tl_json_get(tl_json_root(goldens), "schedules");
  for (const tl_json_value *item = tl_json_first(schedules); item != NULL; item = tl_json_next(item)) {
    if (strcmp(tl_json_string(tl_json_get(item, "name"), ""), "linear") != 0)
      continue;
    ++cases;
    const int64_t warmup = (int64_t)tl_json_number(tl_json_get(item, "warmup"), -1);
    const int64_t total = (int64_t)tl_json_number(tl_json_get(item, "total"), -1);
    int64_t step = 0;
    for (const tl_json_value *rate = tl_json_first(tl_json_get(item, "rates")); rate != NULL;
         rate = tl_json_next(rate), ++step)
      CHECK_NEAR(tl_schedule_linear(step, warmup, total), tl_json_number(rate, (double)NAN), 0.0);
    CHECK(step > total);
  }
  CHECK(cases >= 7);
  tl_json_free(goldens);
  tl_context_free(context);
}

TEST(the_rate_never_falls_below_zero) {
  CHECK_NEAR(tl_schedule_linear(1000, 0, 10), 0.0, 0.0);
  CHECK_NEAR(tl_schedule_linear(0, 0, 0), 0.0, 0.0);
  CHECK_NEAR(tl_schedule_linear(INT64_MAX, 0, 10), 0.0, 0.0);
}
