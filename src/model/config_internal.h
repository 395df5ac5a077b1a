/* The parts of reading config.json that stand in files of their own. */
#ifndef TL_MODEL_CONFIG_INTERNAL_H
#define TL_MODEL_CONFIG_INTERNAL_H

#include "base/json.h"
#include "model/config.h"

/* Reads the layers' kinds, windows, thetas and the pooling of an encoder with rotary positions, once the
 * sizes are read. TL_ERR_UNSUPPORTED, TL_ERR_FORMAT and TL_ERR_MISMATCH as tl_config_read. */
tl_status tl_config_read_rotary(tl_context *context, const tl_json_value *root, tl_config *config);

#endif
