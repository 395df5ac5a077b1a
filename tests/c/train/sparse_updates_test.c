/* Training that skips what is zero (embeddings' rows without gradients, clipping as a pass of its own) gives
 * the bits of training that reads and writes everything. */
#include <math.h>

#include "kernels/update.h"
#include "model/model_fixture.h"
#include "tunelab/tunelab.h"

enum { STEPS = 8, MOST_OPTIMIZERS = 2 };

/* What a run does beside forward, backward, clipping, the optimizers' steps and zeroing. */
typedef struct scenario {
  const char *name;
  double weight_decay;
  double eps;
  float max_norm; /* the gradients' norm is some 1 to 10 */
  int backwards;  /* batches for a step */
  int optimizers;
  int32_t threads;
  bool freezes;        /* tables for some steps */
  bool looks;          /* at gradients between clipping and the step */
  bool clips_twice;    /* the second time to half the norm */
  bool writes_moments; /* of a row that no batch has, halfway */
} scenario;

/* A model whose batches depend on the step alone, so that two of them see the same. */
typedef struct job {
  tl_context *context;
  tl_model *model;
  tl_batch *batch;
} job;

static bool start_job(job *j, int32_t threads) {
  j->context = tl_context_create(threads);
  j->model = tiny_bert(j->context, 2, 2, 0.1);
  j->batch = NULL;
  if (j->model == NULL || tl_batch_create(j->context, &j->batch) != TL_OK)
    return false;
  tl_model_set_training(j->model, true);
  tl_model_seed_dropout(j->model, 5);
  return true;
}

static void end_job(job *j) {
  tl_batch_free(j->batch);
  tl_model_free(j->model);
  CHECK_NEAR(tl_context_bytes(j->context), 0.0, 0.0);
  tl_context_free(j->context);
}

/* Words come and go: of the twenty, 1 to 9 occur in early steps, 4 to 16 in late ones; [PAD] always does. */
static bool run_batch(job *j, int step, int part) {
  enum { B = 2, S = 5 };
  int32_t ids[B * S], mask[B * S];
  static const int32_t labels[B] = {0, 1};
  for (int i = 0; i < B * S; i++) {
    ids[i] = i == 3 ? 0 : 1 + step + (i * 5 + part * 3) % 9;
    mask[i] = i != B * S - 1 || step % 2 == 0;
  }
  return tl_batch_pack(j->batch, B, S, ids, mask, NULL) == TL_OK &&
         tl_batch_set_labels(j->batch, labels, B) == TL_OK && tl_model_forward(j->model, j->batch) == TL_OK &&
         tl_model_backward(j->model, 1.0f) == TL_OK;
}

static void freeze(job *j, int step) {
  CHECK_EQ_INT(tl_model_set_trainable(j->model, j->model->at.word, step != 3 && step != 4), TL_OK);
  CHECK_EQ_INT(tl_model_set_trainable(j->model, j->model->at.position, step != 5), TL_OK);
}

/* Gradients of a step, clipped; the norm before. `look` comes in between and after. */
static float make_gradients(job *j, const scenario *s, int step, void (*look)(tl_model *)) {
  float norm = 0.0f;
  tl_model_zero_grad(j->model);
  if (s->freezes)
    freeze(j, step);
  for (int part = 0; part < s->backwards; part++)
    CHECK(run_batch(j, step, part));
  look(j->model);
  CHECK_EQ_INT(tl_clip_grad_norm(j->model, s->max_norm, &norm), TL_OK);
  if (s->clips_twice) {
    float again;
    CHECK_EQ_INT(tl_clip_grad_norm(j->model, 0.5f * s->max_norm, &again), TL_OK);
    CHECK_NEAR(again, s->max_norm, 1e-5 * (double)s->max_norm); /* scaled numbers, rounded once */
  }
  return norm;
}

static void look_nowhere(tl_model *model) { (void)model; }
static void take_all(tl_model *model) { CHECK(tl_model_gradients(model) != NULL); }

/* The reference: gradients read whole, every parameter updated by the kernel for dense blocks. */
typedef struct reference {
  job j;
  float *exp_avg[MOST_OPTIMIZERS], *exp_avg_sq[MOST_OPTIMIZERS];
  int64_t *steps; /* of each span */
} reference;

static bool start_reference(reference *r, int32_t threads) {
  if (!start_job(&r->j, threads))
    return false;
  for (int o = 0; o < MOST_OPTIMIZERS; o++) {
    r->exp_avg[o] = calloc(r->j.model->parameters, sizeof(float));
    r->exp_avg_sq[o] = calloc(r->j.model->parameters, sizeof(float));
  }
  r->steps = calloc((size_t)r->j.model->at.count, sizeof *r->steps);
  return r->steps != NULL;
}

static void end_reference(reference *r) {
  for (int o = 0; o < MOST_OPTIMIZERS; o++) {
    free(r->exp_avg[o]);
    free(r->exp_avg_sq[o]);
  }
  free(r->steps);
  end_job(&r->j);
}

static void update_densely(reference *r, const scenario *s, int optimizer, int32_t index) {
  tl_model *model = r->j.model;
  const tl_span *span = &model->spans[index];
  const double t = (double)r->steps[index];
  const tlk_adamw_step step = {.lr = 0.01,
                               .beta1 = 0.9,
                               .beta2 = 0.999,
                               .eps = s->eps,
                               .weight_decay = s->weight_decay,
                               .bias_correction1 = 1.0 - pow(0.9, t),
                               .bias_correction2_sqrt = sqrt(1.0 - pow(0.999, t)),
                               .gradient_scale = 1.0f};
  const tlk_adamw_blocks blocks = {tl_model_weights(model) + span->offset, tl_model_gradient(model, index),
                                   r->exp_avg[optimizer] + span->offset,
                                   r->exp_avg_sq[optimizer] + span->offset};
  tlk_adamw(tl_context_pool(r->j.context), &step, blocks, span->size);
}

static void step_reference(reference *r, const scenario *s) {
  for (int32_t i = 0; i < r->j.model->at.count; i++) {
    if (!tl_model_trainable(r->j.model, i))
      continue;
    r->steps[i]++;
    for (int o = 0; o < s->optimizers; o++)
      update_densely(r, s, o, i);
  }
}

static void check_gradients(tl_model *actual, tl_model *expected) {
  for (int32_t i = 0; i < actual->at.count; i++) {
    const float *gradient = tl_model_gradient(actual, i);
    if (CHECK((gradient != NULL) == tl_model_trainable(expected, i)) && gradient != NULL)
      CHECK_EQ_BYTES(gradient, tl_model_gradient(expected, i), actual->spans[i].size * sizeof(float));
  }
}

/* A moment of a word that no batch has. */
static size_t unused_word(const tl_model *model) {
  return model->spans[model->at.word].offset + 19 * (size_t)model->config.C;
}

static bool make_optimizers(const scenario *s, job *j, tl_adamw **optimizers) {
  const tl_adamw_group group = {
      .lr = 0.01, .beta1 = 0.9, .beta2 = 0.999, .eps = s->eps, .weight_decay = s->weight_decay};
  for (int o = 0; o < s->optimizers; o++)
    if (tl_adamw_create(j->context, j->model, &optimizers[o]) != TL_OK ||
        tl_adamw_set_group(optimizers[o], 0, &group) != TL_OK)
      return false;
  return true;
}

static void check_scenario(const scenario *s) {
  job j;
  reference r;
  tl_adamw *optimizers[MOST_OPTIMIZERS] = {NULL};
  REQUIRE(start_job(&j, s->threads) && start_reference(&r, 1) && make_optimizers(s, &j, optimizers));
  for (int step = 0; step < STEPS; step++) {
    const float norm = make_gradients(&j, s, step, look_nowhere);
    const float expected = make_gradients(&r.j, s, step, take_all);
    CHECK(norm == expected && (s->max_norm <= 0.0f || norm > s->max_norm)); /* clipping does something */
    if (s->looks)
      check_gradients(j.model, r.j.model);
    if (s->writes_moments && step == STEPS / 2)
      tl_adamw_exp_avg(optimizers[0], j.model->at.word)[unused_word(j.model)] =
          r.exp_avg[0][unused_word(j.model)] = 0.5f;
    for (int o = 0; o < s->optimizers; o++)
      CHECK_EQ_INT(tl_adamw_step(optimizers[o]), TL_OK);
    step_reference(&r, s);
    if (!CHECK_EQ_BYTES(j.model->weights, r.j.model->weights, j.model->parameters * sizeof(float)))
      printf("    %s, step %d\n", s->name, step);
  }
  check_gradients(j.model, r.j.model);
  for (int o = 0; o < s->optimizers; o++)
    tl_adamw_free(optimizers[o]);
  end_job(&j);
  end_reference(&r);
}

TEST(a_run_that_skips_what_is_zero_has_the_bits_of_one_that_does_not) {
  const scenario plain = {"plain", 0.0, 1e-8, 0.1f, 1, 1, 1, false, false, false, false};
  scenario all[] = {plain, plain, plain, plain, plain, plain, plain, plain, plain};
  all[1].name = "weight decay", all[1].weight_decay = 0.1;
  all[2].name = "accumulation on two threads", all[2].backwards = 3, all[2].threads = 2;
  all[3].name = "frozen tables", all[3].freezes = true;
  all[4].name = "looking", all[4].looks = true;
  all[5].name = "clipping twice", all[5].clips_twice = true;
  all[6].name = "moments from outside", all[6].writes_moments = true;
  all[7].name = "no clipping", all[7].max_norm = 0.0f;
  all[8] = (scenario){"all at once", 0.1, 1e-8, 0.1f, 2, 2, 2, true, true, true, true};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++)
    check_scenario(&all[i]);
}

TEST(a_further_backward_adds_to_what_clipping_left) {
  job j;
  REQUIRE(start_job(&j, 1));
  tl_model_set_training(j.model, false);
  const int32_t bias = j.model->at.classifier + 1;
  float norm;
  REQUIRE(run_batch(&j, 0, 0));
  const float whole = tl_model_gradient(j.model, bias)[0];
  CHECK_EQ_INT(tl_clip_grad_norm(j.model, 0.01f, &norm), TL_OK);
  REQUIRE(run_batch(&j, 0, 0));
  const double expected = (double)whole * (1.0 + 0.01 / ((double)norm + 1e-6));
  CHECK_NEAR(tl_model_gradient(j.model, bias)[0], expected, 1e-6 * fabs(expected));
  end_job(&j);
}

/* Whoever holds the block may change it: a gradient put into a row that no token asked for is used. */
TEST(a_gradient_written_into_an_untouched_row_counts_until_zeroing) {
  job j;
  tl_adamw *optimizer;
  REQUIRE(start_job(&j, 1) && tl_adamw_create(j.context, j.model, &optimizer) == TL_OK);
  const size_t at = unused_word(j.model);
  const float before = j.model->weights[at];
  REQUIRE(run_batch(&j, 0, 0));
  float *gradients = tl_model_gradients(j.model);
  CHECK_NEAR(gradients[at], 0.0, 0.0);
  gradients[at] = 100.0f;
  float norm;
  CHECK_EQ_INT(tl_clip_grad_norm(j.model, 1.0f, &norm), TL_OK);
  CHECK(norm > 99.0f);
  CHECK_NEAR(gradients[at], 1.0, 0.1); /* what was taken before is scaled too */
  CHECK_EQ_INT(tl_adamw_step(optimizer), TL_OK);
  CHECK_NEAR(j.model->weights[at], (double)before - 1e-3, 1e-5 * fabs((double)before) + 1e-6);
  tl_model_zero_grad(j.model);
  CHECK_NEAR(tl_model_gradient(j.model, j.model->at.word)[at], 0.0, 0.0);
  tl_adamw_free(optimizer);
  end_job(&j);
}

TEST(a_span_that_does_not_exist_has_no_gradient) {
  job j;
  REQUIRE(start_job(&j, 1));
  CHECK(tl_model_gradient(j.model, -1) == NULL);
  CHECK(tl_model_gradient(j.model, tl_model_span_count(j.model)) == NULL);
  end_job(&j);
}
