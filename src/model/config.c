/* Reads config.json: every field checked for kind and range, and named in the sentence when it is wrong. */
#include "model/config.h"

#include <math.h>
#include <string.h>

#include "base/json.h"
#include "kernels/relative_bias.h"
#include "model/config_internal.h"

/* Far above any model of use, and low enough that no product of two sizes overflows 64 bits, nor any of three
 * with a small factor 31 bits where kernels count rows and columns. */
enum {
  MAX_VOCABULARY = 1 << 24,
  MAX_HIDDEN = 1 << 16,
  MAX_INTERMEDIATE = 1 << 18,
  MAX_LAYERS = TL_MAX_LAYERS,
  MAX_POSITIONS = 1 << 20,
  MAX_TYPES = 1 << 16,
  MAX_LABELS = 1 << 16,
  MAX_RELATIVE_BUCKETS = 1 << 16,
};

static const char *const problem_names[] = {
    [TL_PROBLEM_UNKNOWN] = NULL,
    [TL_PROBLEM_REGRESSION] = "regression",
    [TL_PROBLEM_SINGLE_LABEL] = "single_label_classification",
    [TL_PROBLEM_MULTI_LABEL] = "multi_label_classification",
};

const char *tl_problem_name(tl_problem problem) { return problem_names[problem]; }

/* The object being read, and how the reading goes: after the first failure the readers below do nothing. */
typedef struct reader {
  tl_context *context;
  const tl_json_value *root;
  tl_status status;
} reader;

static bool absent(const tl_json_value *value) {
  tl_json_kind kind = tl_json_kind_of(value);
  return kind == TL_JSON_ABSENT || kind == TL_JSON_NULL;
}

/* A whole number that must be there. */
static int32_t read_size(reader *r, const char *name, int32_t high) {
  const tl_json_value *value = tl_json_get(r->root, name);
  int64_t number = 0;
  if (r->status != TL_OK)
    return 0;
  if (absent(value))
    r->status = tl_fail(r->context, TL_ERR_FORMAT, "config.json has no %s", name);
  else if (!tl_json_integer(value, 1, high, &number))
    r->status = tl_fail(r->context, TL_ERR_FORMAT, "config.json: %s must be a whole number from 1 to %d",
                        name, (int)high);
  return (int32_t)number;
}

/* A whole number with a default; `name` NULL: the default. */
static int32_t read_optional_size(reader *r, const char *name, int32_t high, int32_t fallback) {
  return name == NULL || absent(tl_json_get(r->root, name)) ? fallback : read_size(r, name, high);
}

/* A number in [low, high] with a default; `name` NULL: the default. */
static double read_number(reader *r, const char *name, double low, double high, double fallback) {
  const tl_json_value *value = name != NULL ? tl_json_get(r->root, name) : NULL;
  if (r->status != TL_OK || absent(value))
    return fallback;
  double number = tl_json_kind_of(value) == TL_JSON_NUMBER ? tl_json_number(value, 0.0) : (double)NAN;
  if (!(number >= low && number <= high))
    r->status =
        tl_fail(r->context, TL_ERR_FORMAT, "config.json: %s must be a number from %g to %g", name, low, high);
  return number;
}

/* A probability of dropout. At 1 nothing would be left to train on. */
static float read_dropout(reader *r, const char *name, double fallback) {
  return (float)read_number(r, name, 0.0, 0.999, fallback);
}

/* num_labels, else the size of id2label, else transformers' default of 2. */
static int32_t read_labels(reader *r) {
  if (!absent(tl_json_get(r->root, "num_labels")))
    return read_size(r, "num_labels", MAX_LABELS);
  const tl_json_value *id2label = tl_json_get(r->root, "id2label");
  if (r->status != TL_OK || absent(id2label))
    return 2;
  int32_t count = tl_json_count(id2label);
  if (tl_json_kind_of(id2label) != TL_JSON_OBJECT || count < 1 || count > MAX_LABELS)
    r->status = tl_fail(r->context, TL_ERR_FORMAT,
                        "config.json: id2label must be an object of 1 to %d labels", (int)MAX_LABELS);
  return count;
}

/* pad_token_id; a negative one counts from the end of the vocabulary, as torch's padding_idx does. */
static int32_t read_pad(reader *r, const tl_config *config, int32_t fallback) {
  bool fixed = config->architecture->pad_is_fixed;
  const tl_json_value *value = fixed ? NULL : tl_json_get(r->root, "pad_token_id");
  int32_t V = config->V;
  if (r->status != TL_OK || tl_json_kind_of(value) == TL_JSON_NULL)
    return -1;
  int64_t pad = fallback;
  bool inside = tl_json_kind_of(value) == TL_JSON_ABSENT ? pad < V : tl_json_integer(value, -V, V - 1, &pad);
  if (!inside)
    r->status =
        tl_fail(r->context, TL_ERR_FORMAT,
                "config.json: pad_token_id must be a whole number from %d to %d, inside the vocabulary",
                (int)-V, (int)V - 1);
  return (int32_t)(pad < 0 ? pad + V : pad);
}

/* transformers' names of the activations that there are: several of one formula, computed in other ways. */
static const struct {
  const char *name;
  tl_activation activation;
} activations[] = {
    {"gelu", TL_ACTIVATION_GELU},
    {"gelu_new", TL_ACTIVATION_GELU_TANH},
    {"gelu_pytorch_tanh", TL_ACTIVATION_GELU_TANH},
    {"relu", TL_ACTIVATION_RELU},
    {"gelu_python", TL_ACTIVATION_GELU},
    {"gelu_fast", TL_ACTIVATION_GELU_TANH},
    {"gelu_accurate", TL_ACTIVATION_GELU_TANH},
    {"gelu_python_tanh", TL_ACTIVATION_GELU_TANH},
};

static tl_activation read_activation(reader *r, const char *name, const char *fallback) {
  const char *text = tl_json_string(tl_json_get(r->root, name), fallback);
  for (size_t i = 0; i < sizeof activations / sizeof *activations; i++) {
    if (strcmp(text, activations[i].name) == 0)
      return activations[i].activation;
  }
  if (r->status == TL_OK)
    r->status = tl_fail(r->context, TL_ERR_UNSUPPORTED,
                        "config.json: %s is \"%s\"; known are gelu, gelu_new, gelu_pytorch_tanh and relu",
                        name, text);
  return TL_ACTIVATION_GELU;
}

static tl_problem read_problem(reader *r, int32_t labels) {
  const tl_json_value *value = tl_json_get(r->root, "problem_type");
  if (r->status != TL_OK || absent(value))
    return TL_PROBLEM_UNKNOWN;
  const char *text = tl_json_string(value, "");
  if (labels == 1 && strcmp(text, problem_names[TL_PROBLEM_SINGLE_LABEL]) == 0)
    r->status = tl_fail(r->context, TL_ERR_MISMATCH,
                        "config.json: problem_type is \"%s\", but num_labels is 1: of one class there is "
                        "nothing to learn; use 2 labels, or \"regression\"",
                        text);
  for (int i = TL_PROBLEM_REGRESSION; i <= TL_PROBLEM_MULTI_LABEL; i++) {
    if (strcmp(text, problem_names[i]) == 0)
      return (tl_problem)i;
  }
  r->status =
      tl_fail(r->context, TL_ERR_UNSUPPORTED,
              "config.json: problem_type is \"%s\"; known are regression, single_label_classification and "
              "multi_label_classification",
              text);
  return TL_PROBLEM_UNKNOWN;
}

static const char own_code[] = " (the Python files that auto_map names are never run)";

static const tl_architecture *read_architecture(reader *r) {
  if (tl_json_kind_of(r->root) != TL_JSON_OBJECT) {
    r->status = tl_fail(r->context, TL_ERR_FORMAT, "config.json is not a JSON object");
    return NULL;
  }
  const char *model_type = tl_json_string(tl_json_get(r->root, "model_type"), NULL);
  if (model_type == NULL) {
    r->status = tl_fail(r->context, TL_ERR_FORMAT, "config.json has no model_type");
    return NULL;
  }
  const tl_architecture *architecture = tl_architecture_find(model_type);
  if (architecture == NULL)
    r->status = tl_fail(r->context, TL_ERR_UNSUPPORTED,
                        "config.json: model_type is \"%s\"; the known architectures are %s%s", model_type,
                        tl_architecture_list(), absent(tl_json_get(r->root, "auto_map")) ? "" : own_code);
  return architecture;
}

/* Variants that share the name but compute something else. */
static void refuse_variants(reader *r, const tl_architecture *architecture) {
  const char *positions = tl_json_string(tl_json_get(r->root, "position_embedding_type"), "absolute");
  if (r->status == TL_OK && !architecture->rotary && strcmp(positions, "absolute") != 0)
    r->status =
        tl_fail(r->context, TL_ERR_UNSUPPORTED,
                "config.json: position_embedding_type is \"%s\"; only \"absolute\" is known", positions);
  if (r->status == TL_OK && tl_json_bool(tl_json_get(r->root, "is_decoder"), false))
    r->status =
        tl_fail(r->context, TL_ERR_UNSUPPORTED, "config.json: is_decoder is true; only encoders are known");
}

/* The size of a head, from the hidden size and the heads that were read. */
static int32_t read_head_size(reader *r, const tl_config_names *names, int32_t C, int32_t H) {
  if (r->status != TL_OK || H < 1)
    return 0;
  if (C % H != 0)
    r->status = tl_fail(r->context, TL_ERR_MISMATCH, "config.json: %s %d is not a multiple of %s %d",
                        names->hidden_size, (int)C, names->heads, (int)H);
  return C / H;
}

/* The table has a row for each bucket, and transformers looks into the first 32 of them whatever their number
 * is. */
static int32_t read_relative_buckets(reader *r, const tl_architecture *architecture) {
  static const char name[] = "relative_attention_num_buckets";
  if (architecture->relative_bias == NULL || r->status != TL_OK)
    return 0;
  if (absent(tl_json_get(r->root, name)))
    return TLK_RELATIVE_BUCKETS;
  int32_t buckets = read_size(r, name, MAX_RELATIVE_BUCKETS);
  if (r->status == TL_OK && buckets < TLK_RELATIVE_BUCKETS)
    r->status = tl_fail(r->context, TL_ERR_UNSUPPORTED, "config.json: %s is %d, but %d are read", name,
                        (int)buckets, (int)TLK_RELATIVE_BUCKETS);
  return buckets;
}

/* Where positions begin, which by RoBERTa's rule the padding token decides. */
static int32_t read_first_position(reader *r, const tl_config *config) {
  if (config->architecture->positions == TL_POSITIONS_FROM_ZERO || r->status != TL_OK)
    return 0;
  if (config->pad < 0 || config->pad > config->P - 2)
    r->status = tl_fail(r->context, TL_ERR_MISMATCH,
                        "config.json: positions begin after pad_token_id, which must be from 0 to "
                        "max_position_embeddings - 2 = %d",
                        (int)config->P - 2);
  return config->pad + 1;
}

/* The layers, and how they share weights. */
static void read_layers(reader *r, const tl_config_names *names, tl_config *config) {
  int32_t layers = read_size(r, names->layers, MAX_LAYERS);
  config->inner = read_optional_size(r, names->inner_layers, MAX_LAYERS, 1);
  config->groups =
      names->layer_groups != NULL ? read_optional_size(r, names->layer_groups, layers, 1) : layers;
  config->L = layers * config->inner;
  if (r->status == TL_OK && config->L > MAX_LAYERS)
    r->status = tl_fail(r->context, TL_ERR_FORMAT, "config.json: %s × %s is %d; at most %d layers can run",
                        names->layers, names->inner_layers, (int)config->L, (int)MAX_LAYERS);
}

static void read_embedding_size(reader *r, tl_config *config) {
  const tl_architecture *architecture = config->architecture;
  config->E = config->C;
  if (architecture->config->embedding_size != NULL)
    config->E = read_optional_size(r, architecture->config->embedding_size, MAX_HIDDEN,
                                   architecture->defaults->embedding_size);
  config->projected = architecture->embeddings->projection != NULL &&
                      (config->E != config->C || architecture->projects_equal_sizes);
}

/* Which dense layers and layer norms have biases: all, but where config.json says it. */
static void read_biases(reader *r, tl_config *config) {
  bool named = config->architecture->biases_named;
  config->attention_bias = !named || tl_json_bool(tl_json_get(r->root, "attention_bias"), false);
  config->feed_forward_bias = !named || tl_json_bool(tl_json_get(r->root, "mlp_bias"), false);
  config->norm_bias = !named || tl_json_bool(tl_json_get(r->root, "norm_bias"), false);
  config->pooler_bias = !named || tl_json_bool(tl_json_get(r->root, "classifier_bias"), false);
}

static void read_fields(reader *r, tl_config *config) {
  const tl_config_names *names = config->architecture->config;
  const tl_config_defaults *defaults = config->architecture->defaults;
  config->V = read_size(r, "vocab_size", MAX_VOCABULARY);
  config->C = read_size(r, names->hidden_size, MAX_HIDDEN);
  read_embedding_size(r, config);
  read_layers(r, names, config);
  config->H = read_size(r, names->heads, MAX_HIDDEN);
  config->D = read_head_size(r, names, config->C, config->H);
  config->F = read_size(r, names->intermediate_size, MAX_INTERMEDIATE);
  config->P = read_size(r, "max_position_embeddings", MAX_POSITIONS);
  config->types = names->type_vocab_size != NULL ? read_size(r, names->type_vocab_size, MAX_TYPES) : 0;
  config->K = read_labels(r);
  config->pad = read_pad(r, config, defaults->pad_token_id);
  config->first_position = read_first_position(r, config);
  config->relative_buckets = read_relative_buckets(r, config->architecture);
  config->activation = read_activation(r, names->activation, defaults->activation);
  config->problem = read_problem(r, config->K);
  read_biases(r, config);
  config->sinusoidal = tl_json_bool(tl_json_get(r->root, "sinusoidal_pos_embds"), false);
  double eps = defaults->layer_norm_eps > 0.0 ? defaults->layer_norm_eps : 1e-12;
  config->layer_norm_eps = (float)read_number(r, names->layer_norm_eps, 1e-30, 1.0, eps);
  config->initializer_range = read_number(r, "initializer_range", 0.0, 1e3, 0.02);
  config->hidden_dropout = read_dropout(r, names->hidden_dropout, defaults->hidden_dropout);
  config->attention_dropout = read_dropout(r, names->attention_dropout, defaults->attention_dropout);
  config->feed_forward_dropout = read_dropout(r, names->feed_forward_dropout, 0.0);
  double classifier = defaults->classifier_dropout;
  config->classifier_dropout = read_dropout(r, names->classifier_dropout,
                                            classifier < 0.0 ? (double)config->hidden_dropout : classifier);
}

bool tl_config_pre_norm(const tl_config *config) { return config->architecture->final_norm != NULL; }

bool tl_config_fused(const tl_config *config) { return config->architecture->layers->key == NULL; }

bool tl_config_last_is_full(const tl_config *config) {
  bool adapted =
      (config->adapters.parts & 1) != 0; /* the first of tl_projection: what is fused bears its name */
  return config->mean_pooling || (tl_config_fused(config) && adapted);
}

int32_t tl_config_inside(const tl_config *config) {
  return config->architecture->gated ? 2 * config->F : config->F;
}

int32_t tl_config_layer_sets(const tl_config *config) { return config->groups * config->inner; }

/* transformers' own arithmetic, which rounds. */
int32_t tl_config_layer_set(const tl_config *config, int32_t layer) {
  int32_t layers = config->L / config->inner, number = layer / config->inner;
  double group = (double)number / ((double)layers / (double)config->groups);
  return (int32_t)group * config->inner + layer % config->inner;
}

int32_t tl_config_position_padding(const tl_config *config) {
  return config->architecture->positions == TL_POSITIONS_AFTER_PAD ? config->pad : -1;
}

tl_status tl_config_read(tl_context *context, const uint8_t *json, size_t size, tl_config *out) {
  tl_json *document = NULL;
  tl_status status = tl_json_parse(context, "config.json", json, size, &document);
  if (status != TL_OK)
    return status;
  reader r = {.context = context, .root = tl_json_root(document), .status = TL_OK};
  tl_config config = {.architecture = read_architecture(&r)};
  if (r.status == TL_OK) {
    refuse_variants(&r, config.architecture);
    read_fields(&r, &config);
  }
  if (r.status == TL_OK && config.architecture->rotary) {
    config.head_activation = read_activation(&r, "classifier_activation", "gelu");
    config.initializer_cutoff = read_number(&r, "initializer_cutoff_factor", 0.5, 1e3, 2.0);
  }
  if (r.status == TL_OK && config.architecture->rotary)
    r.status = tl_config_read_rotary(context, r.root, &config);
  tl_json_free(document);
  if (r.status != TL_OK)
    return r.status;
  *out = config;
  return TL_OK;
}
