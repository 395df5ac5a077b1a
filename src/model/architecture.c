/* BERT and DistilBERT as table entries. A further post-norm encoder is a further entry here. */
#include "model/architecture.h"

#include <stddef.h>
#include <string.h>

static const tl_architecture architectures[] = {
    {
        .model_type = "bert",
        .base_prefix = "bert.",
        .config =
            {
                .hidden_size = "hidden_size",
                .layers = "num_hidden_layers",
                .heads = "num_attention_heads",
                .intermediate_size = "intermediate_size",
                .type_vocab_size = "type_vocab_size",
                .activation = "hidden_act",
                .layer_norm_eps = "layer_norm_eps",
                .hidden_dropout = "hidden_dropout_prob",
                .attention_dropout = "attention_probs_dropout_prob",
                .classifier_dropout = "classifier_dropout",
            },
        .default_classifier_dropout = -1.0,
        .weights =
            {
                .word = "embeddings.word_embeddings",
                .position = "embeddings.position_embeddings",
                .type = "embeddings.token_type_embeddings",
                .embedding_norm = "embeddings.LayerNorm",
                .layer = "encoder.layer",
                .query = "attention.self.query",
                .key = "attention.self.key",
                .value = "attention.self.value",
                .attention_output = "attention.output.dense",
                .attention_norm = "attention.output.LayerNorm",
                .intermediate = "intermediate.dense",
                .output = "output.dense",
                .output_norm = "output.LayerNorm",
                .pooler = "bert.pooler.dense",
                .classifier = "classifier",
            },
        .pooling = TL_POOLING_TANH,
        .attention_output_dropout = true,
        .pooler_is_head = false,
    },
    {
        .model_type = "distilbert",
        .base_prefix = "distilbert.",
        .config =
            {
                .hidden_size = "dim",
                .layers = "n_layers",
                .heads = "n_heads",
                .intermediate_size = "hidden_dim",
                .type_vocab_size = NULL,
                .activation = "activation",
                .layer_norm_eps = NULL,
                .hidden_dropout = "dropout",
                .attention_dropout = "attention_dropout",
                .classifier_dropout = "seq_classif_dropout",
            },
        .default_classifier_dropout = 0.2,
        .weights =
            {
                .word = "embeddings.word_embeddings",
                .position = "embeddings.position_embeddings",
                .type = NULL,
                .embedding_norm = "embeddings.LayerNorm",
                .layer = "transformer.layer",
                .query = "attention.q_lin",
                .key = "attention.k_lin",
                .value = "attention.v_lin",
                .attention_output = "attention.out_lin",
                .attention_norm = "sa_layer_norm",
                .intermediate = "ffn.lin1",
                .output = "ffn.lin2",
                .output_norm = "output_layer_norm",
                .pooler = "pre_classifier",
                .classifier = "classifier",
            },
        .pooling = TL_POOLING_RELU,
        .attention_output_dropout = false,
        .pooler_is_head = true,
    },
};

const tl_architecture *tl_architecture_find(const char *model_type) {
  for (size_t i = 0; i < sizeof architectures / sizeof *architectures; i++) {
    if (strcmp(architectures[i].model_type, model_type) == 0)
      return &architectures[i];
  }
  return NULL;
}

const char *tl_architecture_list(void) { return "bert, distilbert"; }
