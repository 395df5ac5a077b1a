/* Positions by column, or counted as RoBERTa counts them. */
#include "model/positions.h"

#include <string.h>

/* transformers' create_position_ids_from_input_ids: the tokens before this one in the padded row count, be
 * they masked or not. */
static void count_after_pad(const tl_batch *batch, int32_t pad, int32_t *positions) {
  int32_t hidden = 0;
  for (int32_t b = 0; b < batch->B; b++) {
    int32_t last = pad;
    for (int32_t t = batch->offsets[b]; t < batch->offsets[b + 1]; t++) {
      for (; hidden < batch->hidden && batch->hidden_before[hidden] == t; hidden++)
        last += batch->hidden_ids[hidden] != pad;
      positions[t] = batch->ids[t] == pad ? pad : ++last;
    }
  }
}

void tl_positions_fill(const tl_config *config, const tl_batch *batch, int32_t *positions) {
  if (config->architecture->positions == TL_POSITIONS_AFTER_PAD)
    count_after_pad(batch, config->pad, positions);
  else
    memcpy(positions, batch->positions, (size_t)batch->T * sizeof *positions);
}
