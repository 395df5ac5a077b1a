/* The table of known architectures: what each calls its settings and weights, and where they differ. */
#ifndef TL_MODEL_ARCHITECTURE_H
#define TL_MODEL_ARCHITECTURE_H

#include <stdbool.h>
#include <stdint.h>

/* What stands between the dense layer over [CLS] and the classifier. */
typedef enum tl_pooling {
  TL_POOLING_TANH, /* BERT's pooler */
  TL_POOLING_RELU, /* DistilBERT's pre_classifier */
} tl_pooling;

/* Names in config.json. NULL: the architecture has no such setting, and the default below holds. */
typedef struct tl_config_names {
  const char *hidden_size;
  const char *layers;
  const char *heads;
  const char *intermediate_size;
  const char *type_vocab_size; /* NULL: no token types */
  const char *activation;
  const char *layer_norm_eps;
  const char *hidden_dropout;
  const char *attention_dropout;
  const char *classifier_dropout; /* null in the file: as hidden_dropout */
} tl_config_names;

/* Names of weights. Each is followed by ".weight" and, where the config has it, ".bias"; the embeddings have
 * no bias. */
typedef struct tl_weight_names {
  const char *word;
  const char *position; /* NULL: none */
  const char *type;     /* NULL: none */
  const char *embedding_norm;
  const char *layer; /* the list of layers; the number and the names below follow */
  const char *query;
  const char *key;
  const char *value;
  const char *attention_output;
  const char *attention_norm;
  const char *intermediate;
  const char *output;
  const char *output_norm;
  const char *pooler; /* the dense layer over [CLS]; a whole name, prefix included */
  const char *classifier;
} tl_weight_names;

typedef struct tl_architecture {
  const char *model_type;  /* config.json's model_type */
  const char *base_prefix; /* before all weights but the head's, in a model with a head */
  tl_config_names config;
  double default_classifier_dropout; /* negative: as hidden_dropout */
  tl_weight_names weights;
  tl_pooling pooling;
  bool attention_output_dropout; /* dropout after attention's dense layer too, not only after the feed-forward
                                  */
  bool pooler_is_head; /* the dense layer over [CLS] belongs to the head, so a base model's file lacks it */
} tl_architecture;

/* The entry for a model_type, or NULL. */
const tl_architecture *tl_architecture_find(const char *model_type);

/* The known model_types for an error message: "bert, distilbert". */
const char *tl_architecture_list(void);

#endif
