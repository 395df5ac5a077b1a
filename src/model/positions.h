/* Which row of the position table each token of a batch looks up. */
#ifndef TL_MODEL_POSITIONS_H
#define TL_MODEL_POSITIONS_H

#include "data/batch_internal.h"
#include "model/config.h"

/* positions (T), by the architecture's rule (tl_position_rule). */
void tl_positions_fill(const tl_config *config, const tl_batch *batch, int32_t *positions);

#endif
