/* What config.json says of rotary positions and alternating windows, in the names of transformers before 5
 * and since. */
#include <math.h>
#include <string.h>

#include "base/json.h"
#include "model/config_internal.h"

enum { MAX_WINDOW = 1 << 20 };

static const char full[] = "full_attention", sliding[] = "sliding_attention";

static bool absent(const tl_json_value *value) {
  tl_json_kind kind = tl_json_kind_of(value);
  return kind == TL_JSON_ABSENT || kind == TL_JSON_NULL;
}

/* A whole number from `low` on, or its default if it is absent. */
static tl_status read_count(tl_context *context, const tl_json_value *root, const char *name, int32_t low,
                            int32_t high, int32_t fallback, int32_t *out) {
  const tl_json_value *value = tl_json_get(root, name);
  int64_t number = fallback;
  if (!absent(value) && !tl_json_integer(value, low, high, &number))
    return tl_fail(context, TL_ERR_FORMAT, "config.json: %s must be a whole number from %d to %d", name,
                   (int)low, (int)high);
  *out = (int32_t)number;
  return TL_OK;
}

/* Of turning slowly: theta as a new file has it (in the kind's object), or an old one, or transformers. */
static tl_status read_theta(tl_context *context, const tl_json_value *root, const char *kind,
                            const char *old_name, double fallback, double *out) {
  const tl_json_value *parameters = tl_json_get(tl_json_get(root, "rope_parameters"), kind);
  const tl_json_value *value = tl_json_get(parameters, "rope_theta");
  const char *type = tl_json_string(tl_json_get(parameters, "rope_type"), "default");
  if (strcmp(type, "default") != 0)
    return tl_fail(context, TL_ERR_UNSUPPORTED, "config.json: rope_type is \"%s\"; only \"default\" is known",
                   type);
  if (absent(value))
    value = tl_json_get(root, old_name);
  *out = absent(value) ? fallback : tl_json_number(value, (double)NAN);
  if (!(*out >= 1.0 && *out <= 1e12))
    return tl_fail(context, TL_ERR_FORMAT,
                   "config.json: %s's rope_theta (%s) must be a number from 1 to 1e12", kind, old_name);
  return TL_OK;
}

/* rope_parameters is an object for each kind of layer. One for all, which other encoders have, would be
 * passed over without a word. */
static tl_status check_rope_parameters(tl_context *context, const tl_json_value *root) {
  const tl_json_value *parameters = tl_json_get(root, "rope_parameters");
  if (!absent(tl_json_get(parameters, "rope_theta")) || !absent(tl_json_get(parameters, "rope_type")))
    return tl_fail(context, TL_ERR_FORMAT,
                   "config.json: rope_parameters must hold an object for each of %s and %s", full, sliding);
  return TL_OK;
}

static void set_full(tl_config *config, int32_t layer) {
  config->full_layers[layer / 32] |= UINT32_C(1) << (layer % 32);
}

/* layer_types names each layer's kind; before it there was a number, every how many layers one sees all. */
static tl_status read_layer_types(tl_context *context, const tl_json_value *root, tl_config *config) {
  const tl_json_value *types = tl_json_get(root, "layer_types");
  int32_t every = 0;
  tl_status status = read_count(context, root, "global_attn_every_n_layers", 1, TL_MAX_LAYERS, 3, &every);
  if (status != TL_OK)
    return status;
  if (!absent(types) && (tl_json_kind_of(types) != TL_JSON_ARRAY || tl_json_count(types) != config->L))
    return tl_fail(context, TL_ERR_MISMATCH,
                   "config.json: layer_types must be a list with a kind for each of the %d layers",
                   (int)config->L);
  const tl_json_value *item = tl_json_first(types);
  for (int32_t layer = 0; layer < config->L; layer++) {
    const char *fallback = layer % every == 0 ? full : sliding;
    const char *kind = absent(types) ? fallback : tl_json_string(item, "");
    if (strcmp(kind, full) != 0 && strcmp(kind, sliding) != 0)
      return tl_fail(context, TL_ERR_UNSUPPORTED,
                     "config.json: layer_types[%d] is \"%s\"; known are %s and %s", (int)layer, kind, full,
                     sliding);
    if (strcmp(kind, full) == 0)
      set_full(config, layer);
    item = item != NULL ? tl_json_next(item) : NULL;
  }
  return TL_OK;
}

static tl_status read_pooling(tl_context *context, const tl_json_value *root, tl_config *config) {
  const char *pooling = tl_json_string(tl_json_get(root, "classifier_pooling"), "cls");
  config->mean_pooling = strcmp(pooling, "mean") == 0;
  if (!config->mean_pooling && strcmp(pooling, "cls") != 0)
    return tl_fail(context, TL_ERR_UNSUPPORTED,
                   "config.json: classifier_pooling is \"%s\"; known are cls and mean", pooling);
  return TL_OK;
}

tl_status tl_config_read_rotary(tl_context *context, const tl_json_value *root, tl_config *config) {
  int32_t window = 0;
  if (config->D % 2 != 0)
    return tl_fail(context, TL_ERR_UNSUPPORTED,
                   "config.json: a head of %d numbers cannot be turned in pairs; its size must be even",
                   (int)config->D);
  if (!absent(tl_json_get(root, "rope_scaling")))
    return tl_fail(context, TL_ERR_UNSUPPORTED, "config.json: rope_scaling is not known; only null is");
  tl_status status = check_rope_parameters(context, root);
  if (status == TL_OK)
    status = read_theta(context, root, full, "global_rope_theta", 160000.0, &config->full_theta);
  if (status == TL_OK)
    status = read_theta(context, root, sliding, "local_rope_theta", 10000.0, &config->window_theta);
  if (status == TL_OK)
    status = read_layer_types(context, root, config);
  if (status == TL_OK)
    status = read_pooling(context, root, config);
  if (status == TL_OK)
    status = read_count(context, root, "local_attention", 2, MAX_WINDOW, 128, &window);
  config->window = window / 2;
  return status;
}

int32_t tl_config_window(const tl_config *config, int32_t layer) {
  bool sees_all = (config->full_layers[layer / 32] >> (layer % 32) & 1) != 0;
  return sees_all ? 0 : config->window;
}
