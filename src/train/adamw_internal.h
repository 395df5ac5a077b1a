/* The optimizer's inside, shared by its arithmetic (adamw.c) and its memory (moments.c). */
#ifndef TL_TRAIN_ADAMW_INTERNAL_H
#define TL_TRAIN_ADAMW_INTERNAL_H

#include "model/model_internal.h"
#include "tunelab/train.h"

/* What the optimizer knows of a span. torch counts steps for each parameter, so that one unfrozen late starts
 * its bias correction then. */
typedef struct held_span {
  int32_t group; /* -1: not held */
  int64_t steps;
  bool has_moments; /* it has a place in the moments' blocks, */
  size_t moments;   /* so many floats into each */
} held_span;

struct tl_adamw {
  tl_context *context;
  tl_model *model;
  tl_adamw_group groups[TL_ADAMW_MAX_GROUPS];
  int32_t span_count;
  uint32_t layout; /* the model's when the optimizer was made */
  held_span *held;
  /* The two moments of the spans that have a place, end to end. */
  float *exp_avg;
  float *exp_avg_sq;
  uint32_t *moved[TL_TABLES]; /* for each embedding table the rows whose moments may be other than zero */
};

/* Allocates what does not depend on which spans are trained. */
tl_status tl_moments_create(tl_adamw *optimizer);

/* Gives a place to every span that is trainable or was ever updated, and to no other; those that had one keep
 * their moments. Does nothing if that is so. TL_ERR_MEMORY leaves all as it was. */
tl_status tl_moments_lay_out(tl_adamw *optimizer);

void tl_moments_free(tl_adamw *optimizer);

#endif
