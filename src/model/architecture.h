/* The table of known architectures: what each calls its settings and weights, and where they differ. */
#ifndef TL_MODEL_ARCHITECTURE_H
#define TL_MODEL_ARCHITECTURE_H

#include <stdbool.h>
#include <stdint.h>

/* What follows the head's dense layer over [CLS]. */
typedef enum tl_pooling {
  TL_POOLING_TANH, /* BERT's pooler, RoBERTa's classifier.dense */
  TL_POOLING_RELU, /* DistilBERT's pre_classifier */
  TL_POOLING_GELU, /* ELECTRA's classifier.dense; exact, whatever the layers have */
} tl_pooling;

/* Which row of the position table a token looks up. */
typedef enum tl_position_rule {
  TL_POSITIONS_FROM_ZERO, /* its column */
  /* RoBERTa's, fairseq's: pad_token_id + how many tokens other than [PAD] there are up to it, whatever the
   * mask says; a [PAD] has row pad_token_id, which is never trained. */
  TL_POSITIONS_AFTER_PAD,
} tl_position_rule;

/* Names in config.json. NULL: the architecture has no such setting, and its default holds. */
typedef struct tl_config_names {
  const char *hidden_size;
  const char *embedding_size; /* NULL: the hidden size */
  const char *layers;
  const char *layer_groups; /* groups of layers that share their weights; NULL: no layers do */
  const char *inner_layers; /* layers that each of `layers` stands for; NULL: one */
  const char *heads;
  const char *intermediate_size;
  const char *type_vocab_size; /* NULL: no token types */
  const char *activation;
  const char *layer_norm_eps;
  const char *hidden_dropout;
  const char *attention_dropout;
  const char *classifier_dropout;   /* null in the file: as hidden_dropout */
  const char *feed_forward_dropout; /* after the activation */
} tl_config_names;

/* What transformers takes for a setting that config.json leaves out. */
typedef struct tl_config_defaults {
  const char *activation;
  int32_t embedding_size;
  int32_t pad_token_id;
  double hidden_dropout;
  double attention_dropout;
  double layer_norm_eps;     /* 0: 1e-12 */
  double classifier_dropout; /* negative: as hidden_dropout */
} tl_config_defaults;

/* Names of the embeddings' weights, after the base model's prefix. Tables have no bias. */
typedef struct tl_embedding_names {
  const char *word;
  const char *position; /* NULL: none */
  const char *type;     /* NULL: none */
  const char *norm;
  const char *projection; /* the dense layer from the embedding to the hidden size; NULL: none */
} tl_embedding_names;

/* Names of a layer's weights. Each is followed by ".weight" and, where the config has it, ".bias". In a
 * pre-norm layer attention_norm stands before the feed-forward, and the last norm is the next layer's first.
 */
typedef struct tl_layer_names {
  const char *list; /* the list of layers, after the base model's prefix; the number and the names follow */
  const char *inner_list; /* of groups of layers: the list within a group, behind its number; NULL: none */
  const char
      *input_norm;   /* of pre-norm layers, before attention; the first layer has none. NULL: post-norm */
  const char *query; /* of one matrix with the other two, if they are NULL */
  const char *key;
  const char *value;
  const char *attention_output;
  const char *attention_norm;
  const char *intermediate;
  const char *output;
  const char *output_norm; /* of post-norm layers */
} tl_layer_names;

typedef struct tl_architecture {
  const char *model_type;   /* config.json's model_type */
  const char *class_prefix; /* of transformers' classes: Bert in BertForSequenceClassification */
  const char *base_prefix;  /* before all weights but the head's, in a model with a head */
  const tl_config_names *config;
  const tl_config_defaults *defaults;
  const tl_embedding_names *embeddings;
  const tl_layer_names *layers;
  const char *final_norm; /* after the last of pre-norm layers; NULL if they are post-norm */
  const char *pooler;     /* the dense layer over [CLS]; a whole name, prefix included */
  const char *head_norm;  /* the layer norm after it and the config's activation (head_prediction.c); NULL: a
                             head  without */
  const char *classifier; /* the last layer; a whole name */
  tl_pooling pooling;
  tl_position_rule positions;
  bool projects_equal_sizes;     /* the embeddings' projection is there even from a size to itself */
  bool head_made_first;          /* transformers makes, hence draws, the head before the base model */
  bool types_before_positions;   /* the order in which transformers makes, hence draws, the tables */
  bool attention_output_dropout; /* dropout after attention's dense layer too, not only after the feed-forward
                                  */
  /* The table of attention's bias by distance, which all layers share (relative_bias.h); NULL: none. */
  const char *relative_bias;
  bool gated;        /* the feed-forward's activation is gated: twice as many rows go in as come out */
  bool rotary;       /* positions turn queries and keys, and some layers have windows (config_rotary.c) */
  bool biases_named; /* config.json says which biases there are; absent: none */
  bool truncated;    /* fresh weights are drawn from truncated normal distributions (init_truncated.c) */
  bool pad_is_fixed; /* the padding token is the default's, whatever config.json says */
  bool no_feed_forward_dropout;
  bool head_input_dropout; /* dropout before the dense layer over [CLS] too, not only after it */
  bool pooler_is_head; /* the dense layer over [CLS] belongs to the head, so a base model's file lacks it */
} tl_architecture;

/* The entry for a model_type, or NULL. */
const tl_architecture *tl_architecture_find(const char *model_type);

/* The known model_types for an error message: "bert, distilbert, …". */
const char *tl_architecture_list(void);

#endif
