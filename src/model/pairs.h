/* How many pairs of a query and a key attention has to do with in a batch. */
#ifndef TL_MODEL_PAIRS_H
#define TL_MODEL_PAIRS_H

#include "data/batch_internal.h"

/* For each head of a layer. */
typedef struct tl_pairs {
  double all;      /* Σ length² */
  double near;     /* of them, those within the window */
  double cls_near; /* of those, the ones where [CLS] asks */
} tl_pairs;

/* `window` as tl_config_window's; 0: there is none, and near is all. */
tl_pairs tl_pairs_count(const tl_batch *batch, int32_t window);

#endif
