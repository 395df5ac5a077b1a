/* The generator against torch's: permutations and integers bit for bit, normal deviates to rounding, and its
 * saved state. */
#include "base/golden_json.h"
#include "harness.h"
#include "tunelab/generator.h"

/* normal_ at std 1: torch's vectorised log, sin and cos differ from libm in the last bits of a float of size
 * up to 5. */
static const double normal_tolerance = 1e-6;

typedef struct fixture {
  tl_context *context;
  tl_generator *generator;
  tl_json *goldens;
} fixture;

static bool open_fixture(fixture *f) {
  *f = (fixture){.context = tl_context_create(1)};
  f->goldens = golden_open(f->context, "rng.json");
  return f->goldens != NULL && tl_generator_create(f->context, 0, &f->generator) == TL_OK;
}

static void close_fixture(fixture *f) {
  tl_json_free(f->goldens);
  tl_generator_free(f->generator);
  CHECK_EQ_INT(tl_context_bytes(f->context), 0);
  tl_context_free(f->context);
}

static uint64_t seed_of(const tl_json_value *golden) {
  return strtoull(tl_json_string(tl_json_get(golden, "seed"), "0"), NULL, 10);
}

static void check_permutation(tl_generator *generator, const tl_json_value *expected_list) {
  size_t n;
  int32_t *expected = golden_integers(expected_list, &n);
  int32_t *order = malloc((n + 1) * sizeof *order);
  CHECK_EQ_INT(tl_generator_randperm(generator, (int32_t)n, order), TL_OK);
  CHECK_EQ_BYTES(order, expected, n * sizeof *order);
  free(order);
  free(expected);
}

static void check_normals(tl_generator *generator, float std, const tl_json_value *expected_list) {
  size_t n;
  float *expected = golden_hex_floats(expected_list, &n);
  CHECK(n > 0);
  float *actual = canary_alloc(n);
  tl_generator_normal(generator, 0.0f, std, n, actual);
  CHECK_CLOSE_ARRAY(actual, expected, n, normal_tolerance * (double)std, 0.0);
  canary_free(actual);
  free(expected);
}

static void check_int64(tl_generator *generator, const tl_json_value *expected) {
  char text[32];
  snprintf(text, sizeof text, "%lld", (long long)tl_generator_random_int64(generator));
  CHECK_STR(text, tl_json_string(expected, NULL));
}

TEST(permutations_equal_torch_randperm) {
  fixture f;
  REQUIRE(open_fixture(&f));
  int cases = 0;
  for (const tl_json_value *seed = tl_json_first(tl_json_root(f.goldens)); seed != NULL;
       seed = tl_json_next(seed))
    for (const tl_json_value *list = tl_json_first(tl_json_get(seed, "randperm")); list != NULL;
         list = tl_json_next(list), ++cases) {
      tl_generator_manual_seed(f.generator, seed_of(seed));
      CHECK_STR(tl_json_kind_of(list) == TL_JSON_ARRAY ? "array" : "other", "array");
      CHECK_EQ_INT(tl_json_count(list), atoi(tl_json_name(list)));
      check_permutation(f.generator, list);
    }
  CHECK(cases >= 12);
  close_fixture(&f);
}

TEST(normal_deviates_equal_torch_normal_to_rounding) {
  fixture f;
  REQUIRE(open_fixture(&f));
  int cases = 0;
  for (const tl_json_value *seed = tl_json_first(tl_json_root(f.goldens)); seed != NULL;
       seed = tl_json_next(seed)) {
    const tl_json_value *unit = tl_json_get(seed, "normal_std_1"),
                        *small = tl_json_get(seed, "normal_std_0.02");
    for (const tl_json_value *list = tl_json_first(unit); list != NULL; list = tl_json_next(list), ++cases) {
      tl_generator_manual_seed(f.generator, seed_of(seed));
      check_normals(f.generator, 1.0f, list);
    }
    for (const tl_json_value *list = tl_json_first(small); list != NULL; list = tl_json_next(list), ++cases) {
      tl_generator_manual_seed(f.generator, seed_of(seed));
      check_normals(f.generator, 0.02f, list);
    }
  }
  CHECK(cases >= 24);
  close_fixture(&f);
}

TEST(sampler_seeds_equal_torch_random_int64) {
  fixture f;
  REQUIRE(open_fixture(&f));
  for (const tl_json_value *seed = tl_json_first(tl_json_root(f.goldens)); seed != NULL;
       seed = tl_json_next(seed)) {
    tl_generator_manual_seed(f.generator, seed_of(seed));
    CHECK(tl_json_count(tl_json_get(seed, "random_int64")) > 0);
    for (const tl_json_value *draw = tl_json_first(tl_json_get(seed, "random_int64")); draw != NULL;
         draw = tl_json_next(draw))
      check_int64(f.generator, draw);
  }
  close_fixture(&f);
}

/* Draws of every kind in turn: what one leaves behind (a kept deviate, redrawn tails) is what the next finds.
 */
TEST(a_sequence_of_different_draws_follows_torch) {
  fixture f;
  REQUIRE(open_fixture(&f));
  for (const tl_json_value *seed = tl_json_first(tl_json_root(f.goldens)); seed != NULL;
       seed = tl_json_next(seed)) {
    const tl_json_value *sequence = tl_json_get(seed, "mixed_sequence");
    tl_generator_manual_seed(f.generator, seed_of(seed));
    check_normals(f.generator, 1.0f, tl_json_get(sequence, "normal_3"));
    check_permutation(f.generator, tl_json_get(sequence, "randperm_7"));
    check_normals(f.generator, 1.0f, tl_json_get(sequence, "normal_2"));
    check_normals(f.generator, 1.0f, tl_json_get(sequence, "normal_20"));
    check_int64(f.generator, tl_json_get(sequence, "random_int64"));
    for (const tl_json_value *item = tl_json_first(tl_json_get(sequence, "uniform_5")); item != NULL;
         item = tl_json_next(item)) {
      /* torch's uniform_ on float32: the low 24 bits of one draw. */
      const float uniform = (float)(tl_generator_random(f.generator) & 0xFFFFFF) * 0x1p-24f;
      uint32_t bits;
      memcpy(&bits, &uniform, sizeof bits);
      CHECK_EQ_INT(bits, strtoul(tl_json_string(item, "0"), NULL, 16));
    }
    check_permutation(f.generator, tl_json_get(sequence, "randperm_4"));
  }
  close_fixture(&f);
}

TEST(mean_and_std_shift_and_scale_the_same_deviates) {
  tl_context *context = tl_context_create(1);
  tl_generator *generator;
  REQUIRE(tl_generator_create(context, 7, &generator) == TL_OK);
  enum { N = 37 };
  float unit[N], moved[N];
  tl_generator_normal(generator, 0.0f, 1.0f, N, unit);
  tl_generator_manual_seed(generator, 7);
  tl_generator_normal(generator, 3.0f, 0.5f, N, moved);
  for (int i = 0; i < N; ++i)
    CHECK_NEAR(moved[i], 3.0f + 0.5f * unit[i], 5e-7);  /* one rounding of a number below 8 */
  tl_generator_normal(generator, 3.0f, 0.5f, 0, moved); /* nothing to draw: nothing happens */
  tl_generator_free(generator);
  tl_context_free(context);
}

TEST(a_saved_state_continues_where_it_was_even_between_two_deviates_of_a_pair) {
  tl_context *context = tl_context_create(1);
  tl_generator *one, *two;
  REQUIRE(tl_generator_create(context, 1234, &one) == TL_OK);
  REQUIRE(tl_generator_create(context, 99, &two) == TL_OK);
  float first[3], again[3];
  int32_t order[3000], order_again[3000];
  tl_generator_normal(one, 0.0f, 1.0f, 3, first); /* an odd number: one deviate is kept */
  const size_t size = tl_generator_state_size();
  uint8_t *state = malloc(size);
  tl_generator_get_state(one, state);
  tl_generator_normal(one, 0.0f, 1.0f, 3, first);
  CHECK_EQ_INT(tl_generator_randperm(one, 3000, order), TL_OK);
  REQUIRE(tl_generator_set_state(two, state, size) == TL_OK);
  tl_generator_normal(two, 0.0f, 1.0f, 3, again);
  CHECK_EQ_INT(tl_generator_randperm(two, 3000, order_again), TL_OK);
  CHECK_EQ_BYTES(again, first, sizeof first);
  CHECK_EQ_BYTES(order_again, order, sizeof order);
  free(state);
  tl_generator_free(one);
  tl_generator_free(two);
  tl_context_free(context);
}

TEST(bytes_that_are_no_state_are_refused_and_change_nothing) {
  tl_context *context = tl_context_create(1);
  tl_generator *generator, *untouched;
  REQUIRE(tl_generator_create(context, 5, &generator) == TL_OK);
  REQUIRE(tl_generator_create(context, 5, &untouched) == TL_OK);
  const size_t size = tl_generator_state_size();
  uint8_t *state = malloc(size), *bad = malloc(size);
  tl_generator_get_state(generator, state);
  const size_t next = size - 13, flag = size - 9, normal = size - 8;

  CHECK_EQ_INT(tl_generator_set_state(generator, state, size - 1), TL_ERR_FORMAT);
  CHECK(strstr(tl_context_error(context), "state") != NULL);
  memset(bad, 0, size); /* zero words would give zeros for ever */
  CHECK_EQ_INT(tl_generator_set_state(generator, bad, size), TL_ERR_FORMAT);
  memcpy(bad, state, size);
  bad[next] = 0xFF; /* an index past the words */
  bad[next + 1] = 0xFF;
  CHECK_EQ_INT(tl_generator_set_state(generator, bad, size), TL_ERR_FORMAT);
  memcpy(bad, state, size);
  bad[flag] = 2;
  CHECK_EQ_INT(tl_generator_set_state(generator, bad, size), TL_ERR_FORMAT);
  memcpy(bad, state, size);
  bad[flag] = 1;
  memset(bad + normal, 0xFF, 8); /* a kept NaN */
  CHECK_EQ_INT(tl_generator_set_state(generator, bad, size), TL_ERR_FORMAT);

  CHECK_EQ_INT(tl_generator_random(generator), tl_generator_random(untouched));
  free(state);
  free(bad);
  tl_generator_free(generator);
  tl_generator_free(untouched);
  tl_context_free(context);
}

TEST(impossible_permutations_are_refused_with_a_sentence) {
  tl_context *context = tl_context_create(1);
  tl_generator *generator;
  REQUIRE(tl_generator_create(context, 5, &generator) == TL_OK);
  CHECK_EQ_INT(tl_generator_randperm(generator, -1, NULL), TL_ERR_ARGUMENT);
  CHECK_STR(tl_context_error(context), "randperm: n must not be negative, but is -1");
  CHECK_EQ_INT(tl_generator_randperm(generator, 214748364, NULL), TL_ERR_UNSUPPORTED);
  CHECK_EQ_INT(tl_generator_randperm(generator, 0, NULL), TL_OK);
  tl_generator_free(generator);
  tl_generator_free(NULL);
  tl_context_free(context);
}
