/* What config.json says, in the letters used throughout: the sizes, the activation, the dropouts, the head;
 * and the adapters that were added since. */
#ifndef TL_MODEL_CONFIG_H
#define TL_MODEL_CONFIG_H

#include "base/context_internal.h"
#include "model/architecture.h"

typedef enum tl_activation {
  TL_ACTIVATION_GELU,      /* exact, with erf */
  TL_ACTIVATION_GELU_TANH, /* the tanh approximation (gelu_new, gelu_pytorch_tanh) */
  TL_ACTIVATION_RELU,
} tl_activation;

/* transformers' problem_type, which chooses the loss. */
typedef enum tl_problem {
  TL_PROBLEM_UNKNOWN, /* not said: chosen at the first labels and then kept */
  TL_PROBLEM_REGRESSION,
  TL_PROBLEM_SINGLE_LABEL,
  TL_PROBLEM_MULTI_LABEL,
} tl_problem;

/* LoRA's adapters. */
typedef struct tl_adapters {
  int32_t r;      /* rank; 0: the model has none */
  uint32_t parts; /* bit p is set if some layer adapts its tl_projection p */
  float scaling;
  float dropout;
} tl_adapters;

enum { TL_MAX_LAYERS = 1 << 10 };

typedef struct tl_config {
  const tl_architecture *architecture;
  int32_t V;                /* vocabulary */
  int32_t C;                /* hidden */
  int32_t H;                /* heads */
  int32_t E;                /* embedding size: C, or another from which a dense layer leads to C */
  int32_t D;                /* head size, C / H */
  int32_t F;                /* intermediate */
  int32_t L;                /* layers that run; they may share weights, see tl_config_layer_set */
  int32_t K;                /* labels */
  int32_t P;                /* positions (max_position_embeddings) */
  int32_t types;            /* token types; 0: none */
  int32_t pad;              /* pad_token_id, whose word embedding is never trained; -1: none */
  int32_t first_position;   /* the row of the position table that a sequence's first token looks up */
  int32_t relative_buckets; /* rows of the table of attention's bias by distance; 0: there is none */
  int32_t groups;           /* of layers that share their weights; L / inner where none do */
  int32_t inner;            /* layers of a group, which run one after another as often as it runs; else 1 */
  bool projected;           /* a dense layer leads from the embeddings to the first layer */
  int32_t window;           /* how far layers with a window see either way; 0: there are none */
  uint32_t full_layers[TL_MAX_LAYERS / 32]; /* bit by bit, layers that see all, where there are windows */
  double full_theta;                        /* of rotary positions, in layers that see all */
  double window_theta;                      /* the same in layers with a window */
  bool mean_pooling;                        /* the head reads the mean of all tokens, not [CLS] */
  tl_activation activation;
  tl_activation head_activation; /* of a head with a layer norm */
  tl_problem problem;
  bool attention_bias;    /* of attention's dense layers */
  bool feed_forward_bias; /* of the feed-forward's */
  bool norm_bias;         /* of all layer norms */
  bool pooler_bias;       /* of the dense layer over [CLS] */
  bool sinusoidal;        /* positions start as sinusoids (DistilBERT) */
  float layer_norm_eps;
  double initializer_range;
  double initializer_cutoff; /* in standard deviations, where draws are truncated */
  float hidden_dropout;
  float attention_dropout;
  float feed_forward_dropout; /* after the activation */
  float classifier_dropout;
  tl_adapters adapters; /* not config.json's: added to the model later */
} tl_config;

/* Reads config.json. Sizes are required; what else is absent has transformers' default. TL_ERR_UNSUPPORTED
 * for an unknown architecture, activation, problem_type or kind of positions; TL_ERR_FORMAT for a field that
 * is missing or impossible; TL_ERR_MISMATCH if hidden size and heads disagree. */
tl_status tl_config_read(tl_context *context, const uint8_t *json, size_t size, tl_config *out);

/* How many layers have weights of their own, and which of these a layer that runs takes: its own number where
 * none are shared. */
int32_t tl_config_layer_sets(const tl_config *config);
int32_t tl_config_layer_set(const tl_config *config, int32_t layer);

/* How far a layer sees either way; 0: all. */
int32_t tl_config_window(const tl_config *config, int32_t layer);

/* Whether layers are pre-norm; whether query, key and value are one matrix. */
bool tl_config_pre_norm(const tl_config *config);
bool tl_config_fused(const tl_config *config);

/* Whether the last layer computes all rows, not those of [CLS] alone: for a head that reads all, or for an
 * adapter of query, key and value in one. */
bool tl_config_last_is_full(const tl_config *config);

/* Columns of the feed-forward's inside before the activation: F, gated twice that. */
int32_t tl_config_inside(const tl_config *config);

/* The row of the position table that is never trained; -1: none. */
int32_t tl_config_position_padding(const tl_config *config);

/* "single_label_classification" and so on; NULL for TL_PROBLEM_UNKNOWN. */
const char *tl_problem_name(tl_problem problem);

#endif
