/* AdamW against torch's, step by step, and what an optimizer must keep: groups, frozen spans, checkpoints,
 * determinism. */
#include <math.h>
#include <stdlib.h>

#include "base/golden_json.h"
#include "train/train_fixture.h"

/* torch rounds to float after each operation, the kernel in places after two: a few ulps (6e-8) a step,
 * twelve steps. */
static const double step_rtol = 1e-6, step_atol = 1e-7;

/* The values of a golden at the start of a span; the rest of the span stays zero, which AdamW keeps zero. */
static void put(float *block, const tl_span *span, const tl_json_value *list) {
  size_t n;
  float *values = golden_floats(list, &n);
  if (CHECK(n > 0 && n <= span->size))
    memcpy(block + span->offset, values, n * sizeof *values);
  free(values);
}

static void check_near_golden(const float *block, const tl_span *span, const tl_json_value *list) {
  size_t n;
  float *expected = golden_floats(list, &n);
  CHECK(n > 0);
  CHECK_CLOSE_ARRAY(block + span->offset, expected, n, step_atol, step_rtol);
  for (size_t i = n; i < span->size; ++i)
    CHECK(block[span->offset + i] == 0.0f);
  free(expected);
}

static void follow_golden(tl_context *context, const tl_json_value *run) {
  tl_model *model = make_model(context, tiny_bert);
  tl_adamw *optimizer;
  if (model == NULL || !CHECK(tl_adamw_create(context, model, &optimizer) == TL_OK))
    return;
  const tl_json_value *settings = tl_json_get(run, "settings");
  const tl_json_value *beta1 = tl_json_first(tl_json_get(settings, "betas"));
  tl_adamw_group group = {.lr = tl_json_number(tl_json_get(settings, "lr"), -1.0),
                          .beta1 = tl_json_number(beta1, -1.0),
                          .beta2 = tl_json_number(tl_json_next(beta1), -1.0),
                          .eps = tl_json_number(tl_json_get(settings, "eps"), -1.0),
                          .weight_decay = tl_json_number(tl_json_get(settings, "weight_decay"), -1.0)};
  CHECK_EQ_INT(tl_adamw_set_group(optimizer, 0, &group), TL_OK);
  group.weight_decay = 0.0;
  CHECK_EQ_INT(tl_adamw_set_group(optimizer, 1, &group), TL_OK);

  const int32_t decayed = tl_model_find_span(model, "classifier.weight");
  const int32_t plain = tl_model_find_span(model, "bert.pooler.dense.bias");
  const tl_span *spans = model->spans;
  CHECK_EQ_INT(tl_adamw_assign(optimizer, plain, 1), TL_OK);
  float *weights = tl_model_weights(model), *gradients = tl_model_gradients(model);
  put(weights, &spans[decayed], tl_json_get(tl_json_get(run, "start"), "decayed"));
  put(weights, &spans[plain], tl_json_get(tl_json_get(run, "start"), "plain"));
  int64_t steps = 0;
  for (const tl_json_value *step = tl_json_first(tl_json_get(run, "steps")); step != NULL;
       step = tl_json_next(step)) {
    put(gradients, &spans[decayed], tl_json_get(step, "decayed_grad"));
    put(gradients, &spans[plain], tl_json_get(step, "plain_grad"));
    CHECK_EQ_INT(tl_adamw_step(optimizer), TL_OK);
    CHECK_EQ_INT(tl_adamw_steps(optimizer, decayed), ++steps);
    check_near_golden(weights, &spans[decayed], tl_json_get(step, "decayed"));
    check_near_golden(weights, &spans[plain], tl_json_get(step, "plain"));
  }
  CHECK(steps >= 10);
  tl_adamw_free(optimizer);
  tl_model_free(model);
}

TEST(every_step_follows_torch_adamw_in_both_decay_groups) {
  tl_context *context = tl_context_create(2);
  tl_json *goldens = golden_open(context, "optimizer.json");
  REQUIRE(goldens != NULL);
  const tl_json_value *runs = tl_json_get(tl_json_root(goldens), "adamw");
  CHECK(tl_json_count(runs) >= 3);
  for (const tl_json_value *run = tl_json_first(runs); run != NULL; run = tl_json_next(run))
    follow_golden(context, run);
  tl_json_free(goldens);
  CHECK_NEAR(tl_context_bytes(context), 0, 0);
  tl_context_free(context);
}

/* Every span the golden lists must have that flag, and none may be left over. */
static int check_decay(tl_model *model, const tl_json_value *names, bool decay) {
  int count = 0;
  for (const tl_json_value *name = tl_json_first(names); name != NULL; name = tl_json_next(name), ++count) {
    const int32_t span = tl_model_find_span(model, tl_json_string(name, ""));
    if (!CHECK(span >= 0 && model->spans[span].decay == decay))
      printf("    %s\n", tl_json_string(name, "?"));
  }
  return count;
}

TEST(the_decay_groups_are_those_of_the_trainer) {
  tl_context *context = tl_context_create(1);
  tl_json *goldens = golden_open(context, "optimizer.json");
  REQUIRE(goldens != NULL);
  const char *const names[] = {"bert", "distilbert"};
  const char *const configs[] = {tiny_bert, tiny_distilbert};
  for (int i = 0; i < 2; ++i) {
    const tl_json_value *rule = tl_json_get(tl_json_get(tl_json_root(goldens), "decay_groups"), names[i]);
    tl_model *model = make_model(context, configs[i]);
    REQUIRE(model != NULL);
    const int listed = check_decay(model, tl_json_get(rule, "decay"), true) +
                       check_decay(model, tl_json_get(rule, "no_decay"), false);
    CHECK_EQ_INT(listed, tl_model_span_count(model));
    tl_model_free(model);
  }
  tl_json_free(goldens);
  tl_context_free(context);
}

/* A model and optimizer with random weights, and random gradients that `next_gradients` draws anew. */
typedef struct job {
  tl_context *context;
  tl_model *model;
  tl_adamw *optimizer;
  size_t n;
  uint64_t seed;
} job;

static bool start_job(job *j, int32_t threads) {
  *j = (job){.context = tl_context_create(threads), .seed = 100};
  j->model = make_model(j->context, tiny_bert);
  if (j->model == NULL || tl_adamw_create(j->context, j->model, &j->optimizer) != TL_OK)
    return false;
  j->n = tl_model_parameter_count(j->model);
  fill_normal(j->context, tl_model_weights(j->model), j->n, 1);
  return true;
}

/* What a parameter gets does not depend on what else is trainable. */
static void next_step(job *j) {
  float *all = malloc(j->n * sizeof *all), *gradients = tl_model_gradients(j->model);
  fill_normal(j->context, all, j->n, ++j->seed);
  for (int32_t i = 0; i < j->model->at.count; ++i) {
    const tl_span *span = &j->model->spans[i];
    if (span->trainable)
      memcpy(gradients + span->gradient, all + span->offset, span->size * sizeof *all);
  }
  free(all);
  CHECK_EQ_INT(tl_adamw_step(j->optimizer), TL_OK);
}

static void end_job(job *j) {
  tl_adamw_free(j->optimizer);
  tl_model_free(j->model);
  CHECK_NEAR(tl_context_bytes(j->context), 0, 0);
  tl_context_free(j->context);
}

TEST(any_number_of_threads_gives_the_same_bits) {
  job one;
  REQUIRE(start_job(&one, 1));
  for (int i = 0; i < 5; ++i)
    next_step(&one);
  for (int32_t threads = 2; threads <= 4; ++threads) {
    job many;
    REQUIRE(start_job(&many, threads));
    for (int i = 0; i < 5; ++i)
      next_step(&many);
    CHECK_EQ_BYTES(tl_model_weights(many.model), tl_model_weights(one.model), one.n * sizeof(float));
    end_job(&many);
  }
  end_job(&one);
}

TEST(spans_spread_over_equal_groups_are_updated_as_in_one) {
  job together, apart;
  REQUIRE(start_job(&together, 2));
  REQUIRE(start_job(&apart, 2));
  for (int32_t span = 0; span < tl_model_span_count(apart.model); ++span)
    CHECK_EQ_INT(tl_adamw_assign(apart.optimizer, span, span % 5), TL_OK);
  for (int i = 0; i < 3; ++i) {
    next_step(&together);
    next_step(&apart);
  }
  CHECK_EQ_BYTES(tl_model_weights(apart.model), tl_model_weights(together.model), together.n * sizeof(float));
  end_job(&together);
  end_job(&apart);
}

TEST(a_group_has_its_own_rate) {
  job j;
  REQUIRE(start_job(&j, 1));
  const int32_t span = tl_model_find_span(j.model, "classifier.weight");
  CHECK_EQ_INT(tl_adamw_assign(j.optimizer, span, 63), TL_OK);
  const tl_adamw_group still = {.lr = 0.0, .beta1 = 0.9, .beta2 = 0.999, .eps = 1e-8, .weight_decay = 0.01};
  CHECK_EQ_INT(tl_adamw_set_group(j.optimizer, 63, &still), TL_OK);
  const float before = tl_model_weights(j.model)[j.model->spans[span].offset];
  const float other = tl_model_weights(j.model)[0];
  next_step(&j);
  CHECK(tl_model_weights(j.model)[j.model->spans[span].offset] == before);
  CHECK(tl_model_weights(j.model)[0] != other);
  CHECK_EQ_INT(tl_adamw_set_lr(j.optimizer, 63, 0.1), TL_OK);
  next_step(&j);
  CHECK(tl_model_weights(j.model)[j.model->spans[span].offset] != before);
  end_job(&j);
}

TEST(frozen_and_unheld_spans_are_left_alone) {
  job j;
  REQUIRE(start_job(&j, 2));
  const int32_t frozen = tl_model_find_span(j.model, "bert.embeddings.word_embeddings.weight");
  const int32_t unheld = tl_model_find_span(j.model, "classifier.bias");
  CHECK_EQ_INT(tl_model_set_trainable(j.model, frozen, false), TL_OK);
  CHECK_EQ_INT(tl_adamw_assign(j.optimizer, unheld, -1), TL_OK);
  float *before = malloc(j.n * sizeof *before);
  memcpy(before, tl_model_weights(j.model), j.n * sizeof *before);
  next_step(&j);
  for (int32_t i = 0; i < tl_model_span_count(j.model); ++i) {
    const tl_span *span = &j.model->spans[i];
    const bool left_alone = i == frozen || i == unheld;
    const bool same = memcmp(before + span->offset, tl_model_weights(j.model) + span->offset,
                             span->size * sizeof(float)) == 0;
    CHECK_EQ_INT(same, left_alone);
    CHECK_EQ_INT(tl_adamw_steps(j.optimizer, i), left_alone ? 0 : 1);
  }
  free(before);
  end_job(&j);
}

/* torch keeps the count of steps with each parameter: the bias correction of one that joins late starts when
 * it joins. */
TEST(a_span_that_is_unfrozen_late_starts_as_in_a_new_optimizer) {
  job late, fresh;
  REQUIRE(start_job(&late, 1));
  REQUIRE(start_job(&fresh, 1));
  const int32_t span = tl_model_find_span(late.model, "bert.pooler.dense.weight");
  const tl_span *where = &late.model->spans[span];
  CHECK_EQ_INT(tl_model_set_trainable(late.model, span, false), TL_OK);
  for (int i = 0; i < 3; ++i)
    next_step(&late);
  CHECK_EQ_INT(tl_model_set_trainable(late.model, span, true), TL_OK);
  fresh.seed = late.seed; /* the same gradients from here on */
  for (int i = 0; i < 2; ++i) {
    next_step(&late);
    next_step(&fresh);
  }
  CHECK_EQ_INT(tl_adamw_steps(late.optimizer, span), 2);
  CHECK_EQ_INT(tl_adamw_steps(late.optimizer, 0), 5);
  CHECK_EQ_BYTES(tl_model_weights(late.model) + where->offset, tl_model_weights(fresh.model) + where->offset,
                 where->size * sizeof(float));
  end_job(&late);
  end_job(&fresh);
}

TEST(a_restored_checkpoint_continues_with_the_same_bits) {
  job straight, resumed;
  REQUIRE(start_job(&straight, 2));
  REQUIRE(start_job(&resumed, 2));
  for (int i = 0; i < 4; ++i)
    next_step(&straight);
  const size_t bytes = straight.n * sizeof(float);
  memcpy(tl_model_weights(resumed.model), tl_model_weights(straight.model), bytes);
  for (int32_t span = 0; span < tl_model_span_count(resumed.model); ++span) {
    const size_t size = resumed.model->spans[span].size * sizeof(float);
    memcpy(tl_adamw_exp_avg(resumed.optimizer, span), tl_adamw_exp_avg(straight.optimizer, span), size);
    memcpy(tl_adamw_exp_avg_sq(resumed.optimizer, span), tl_adamw_exp_avg_sq(straight.optimizer, span), size);
    CHECK_EQ_INT(tl_adamw_set_steps(resumed.optimizer, span, tl_adamw_steps(straight.optimizer, span)),
                 TL_OK);
  }
  resumed.seed = straight.seed;
  for (int i = 0; i < 3; ++i) {
    next_step(&straight);
    next_step(&resumed);
  }
  CHECK_EQ_BYTES(tl_model_weights(resumed.model), tl_model_weights(straight.model), bytes);
  end_job(&straight);
  end_job(&resumed);
}

/* As torch keeps a parameter's state while it requires no gradient. */
TEST(a_span_frozen_for_a_while_goes_on_from_its_moments) {
  job paused, straight;
  REQUIRE(start_job(&paused, 1));
  REQUIRE(start_job(&straight, 1));
  const int32_t span = tl_model_find_span(paused.model, "bert.pooler.dense.weight");
  const tl_span *where = &paused.model->spans[span];
  next_step(&paused);
  next_step(&straight);
  CHECK_EQ_INT(tl_model_set_trainable(paused.model, span, false), TL_OK);
  CHECK_EQ_INT(tl_model_set_trainable(paused.model, 0, false), TL_OK);
  next_step(&paused);
  CHECK_EQ_INT(tl_model_set_trainable(paused.model, span, true), TL_OK);
  straight.seed = paused.seed;
  next_step(&paused);
  next_step(&straight);
  const size_t bytes = where->size * sizeof(float);
  CHECK_EQ_BYTES(tl_model_weights(paused.model) + where->offset,
                 tl_model_weights(straight.model) + where->offset, bytes);
  CHECK_EQ_BYTES(tl_adamw_exp_avg(paused.optimizer, span), tl_adamw_exp_avg(straight.optimizer, span), bytes);
  end_job(&paused);
  end_job(&straight);
}

TEST(what_is_frozen_has_neither_gradient_nor_moments) {
  job j;
  REQUIRE(start_job(&j, 1));
  const int32_t frozen = tl_model_find_span(j.model, "bert.embeddings.word_embeddings.weight");
  const double bytes = (double)j.model->spans[frozen].size * sizeof(float);
  CHECK(tl_adamw_exp_avg(j.optimizer, frozen) != NULL);
  next_step(&j);
  const double all = tl_context_bytes(j.context);
  end_job(&j);

  REQUIRE(start_job(&j, 1));
  CHECK_EQ_INT(tl_model_set_trainable(j.model, frozen, false), TL_OK);
  next_step(&j);
  CHECK(tl_adamw_exp_avg(j.optimizer, frozen) == NULL && tl_adamw_exp_avg_sq(j.optimizer, frozen) == NULL);
  CHECK(tl_adamw_exp_avg(j.optimizer, -1) == NULL && tl_adamw_exp_avg_sq(j.optimizer, 1000) == NULL);
  CHECK_NEAR(tl_context_bytes(j.context), all - 3.0 * bytes, 0.0);
  end_job(&j);
}

/* Between freezing and the step that lays the moments out anew. */
TEST(moments_that_cannot_be_laid_out_anew_leave_all_as_it_was) {
  job j;
  REQUIRE(start_job(&j, 1));
  next_step(&j);
  const int32_t span = j.model->at.classifier;
  float *before = malloc(j.n * sizeof *before);
  memcpy(before, tl_model_weights(j.model), j.n * sizeof *before);
  CHECK_EQ_INT(tl_model_set_trainable(j.model, span, false), TL_OK);
  CHECK_EQ_INT(tl_adamw_set_steps(j.optimizer, span, 0), TL_OK); /* so that its moments are let go */
  CHECK(tl_model_gradients(j.model) != NULL);
  tl_context_set_max_bytes(j.context, tl_context_bytes(j.context) + 5.0 * (double)j.n);
  CHECK_EQ_INT(tl_adamw_step(j.optimizer), TL_ERR_MEMORY);
  CHECK(strstr(tl_context_error(j.context), "the optimizer's two moments") != NULL);
  CHECK_EQ_BYTES(tl_model_weights(j.model), before, j.n * sizeof *before);
  CHECK_EQ_INT(tl_adamw_steps(j.optimizer, 0), 1);
  tl_context_set_max_bytes(j.context, 1e9);
  CHECK_EQ_INT(tl_adamw_step(j.optimizer), TL_OK);
  free(before);
  end_job(&j);
}

TEST(values_that_torch_refuses_are_refused_and_change_nothing) {
  const double nan = (double)NAN;
  const tl_adamw_group good = {.lr = 1e-3, .beta1 = 0.9, .beta2 = 0.999, .eps = 1e-8, .weight_decay = 0.01};
  tl_adamw_group bad[] = {good, good, good, good, good, good, good, good, good};
  bad[0].lr = -1e-9;
  bad[1].lr = nan;
  bad[2].lr = HUGE_VAL;
  bad[3].beta1 = 1.0;
  bad[4].beta1 = nan;
  bad[5].beta2 = -0.1;
  bad[6].eps = -1e-8;
  bad[7].weight_decay = -0.01;
  bad[8].weight_decay = nan;
  job j, untouched;
  REQUIRE(start_job(&j, 1));
  REQUIRE(start_job(&untouched, 1));
  for (size_t i = 0; i < sizeof bad / sizeof *bad; ++i) {
    CHECK_EQ_INT(tl_adamw_set_group(j.optimizer, 0, &bad[i]), TL_ERR_ARGUMENT);
    CHECK(strncmp(tl_context_error(j.context), "AdamW: ", 7) == 0);
  }
  CHECK_EQ_INT(tl_adamw_set_group(j.optimizer, -1, &good), TL_ERR_ARGUMENT);
  CHECK_EQ_INT(tl_adamw_set_group(j.optimizer, TL_ADAMW_MAX_GROUPS, &good), TL_ERR_ARGUMENT);
  CHECK_STR(tl_context_error(j.context), "AdamW: group must be in 0..63, but is 64");
  CHECK_EQ_INT(tl_adamw_set_lr(j.optimizer, 0, -1.0), TL_ERR_ARGUMENT);
  CHECK_STR(tl_context_error(j.context), "AdamW: lr must be 0 or more, but is -1");
  CHECK_EQ_INT(tl_adamw_set_lr(j.optimizer, 64, 1.0), TL_ERR_ARGUMENT);
  CHECK_EQ_INT(tl_adamw_assign(j.optimizer, 0, -2), TL_ERR_ARGUMENT);
  CHECK_EQ_INT(tl_adamw_assign(j.optimizer, 0, 64), TL_ERR_ARGUMENT);
  CHECK_EQ_INT(tl_adamw_assign(j.optimizer, -1, 0), TL_ERR_ARGUMENT);
  CHECK_EQ_INT(tl_adamw_assign(j.optimizer, tl_model_span_count(j.model), 0), TL_ERR_ARGUMENT);
  CHECK_EQ_INT(tl_adamw_set_steps(j.optimizer, 0, -1), TL_ERR_ARGUMENT);
  CHECK_EQ_INT(tl_adamw_set_steps(j.optimizer, -1, 1), TL_ERR_ARGUMENT);
  CHECK_EQ_INT(tl_adamw_steps(j.optimizer, -1), 0);
  next_step(&j);
  next_step(&untouched);
  CHECK_EQ_BYTES(tl_model_weights(j.model), tl_model_weights(untouched.model), j.n * sizeof(float));
  end_job(&j);
  end_job(&untouched);
}

TEST(moments_that_do_not_fit_are_refused_with_their_size) {
  tl_context *context = tl_context_create(1);
  tl_model *model = make_model(context, tiny_bert);
  REQUIRE(model != NULL);
  const double held = tl_context_bytes(context);
  /* Room for the optimizer itself and one of its two moments. */
  tl_context_set_max_bytes(context, held + 4.0 * (double)tl_model_parameter_count(model) + 8000);
  tl_adamw *optimizer = NULL;
  CHECK_EQ_INT(tl_adamw_create(context, model, &optimizer), TL_ERR_MEMORY);
  CHECK(optimizer == NULL);
  CHECK(strstr(tl_context_error(context), "the optimizer's two moments") != NULL);
  CHECK_NEAR(tl_context_bytes(context), held, 0);
  tl_adamw_free(NULL);
  tl_model_free(model);
  tl_context_free(context);
}
