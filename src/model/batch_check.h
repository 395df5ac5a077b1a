/* Whether a batch fits the model: its tokens the tables, its labels the head. */
#ifndef TL_MODEL_BATCH_CHECK_H
#define TL_MODEL_BATCH_CHECK_H

#include "data/batch_internal.h"
#include "model/model_internal.h"

/* TL_ERR_ARGUMENT naming the sequence and token of the first id, type or position that has no row in its
 * table. */
tl_status tl_batch_check_tokens(const tl_model *model, const tl_batch *batch);

/* Chooses the problem as transformers does (the config's, or by K and the kind of labels) and checks the
 * labels against it: TL_ERR_MISMATCH, or TL_ERR_NUMERIC for a target that is no number, naming the sequence.
 * Without labels the problem stays. */
tl_status tl_batch_check_labels(const tl_model *model, const tl_batch *batch, tl_problem *problem);

#endif
