/* The known encoders as table entries. A further encoder of a known kind is a further entry here. */
#include "model/architecture.h"

#include <stddef.h>
#include <string.h>

static const tl_config_names bert_config = {
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
};

static const tl_config_names mpnet_config = {
    .hidden_size = "hidden_size",
    .layers = "num_hidden_layers",
    .heads = "num_attention_heads",
    .intermediate_size = "intermediate_size",
    .activation = "hidden_act",
    .layer_norm_eps = "layer_norm_eps",
    .hidden_dropout = "hidden_dropout_prob",
    .attention_dropout = "attention_probs_dropout_prob",
};

static const tl_config_names electra_config = {
    .hidden_size = "hidden_size",
    .embedding_size = "embedding_size",
    .layers = "num_hidden_layers",
    .heads = "num_attention_heads",
    .intermediate_size = "intermediate_size",
    .type_vocab_size = "type_vocab_size",
    .activation = "hidden_act",
    .layer_norm_eps = "layer_norm_eps",
    .hidden_dropout = "hidden_dropout_prob",
    .attention_dropout = "attention_probs_dropout_prob",
    .classifier_dropout = "classifier_dropout",
};

static const tl_config_names albert_config = {
    .hidden_size = "hidden_size",
    .embedding_size = "embedding_size",
    .layers = "num_hidden_layers",
    .layer_groups = "num_hidden_groups",
    .inner_layers = "inner_group_num",
    .heads = "num_attention_heads",
    .intermediate_size = "intermediate_size",
    .type_vocab_size = "type_vocab_size",
    .activation = "hidden_act",
    .layer_norm_eps = "layer_norm_eps",
    .hidden_dropout = "hidden_dropout_prob",
    .attention_dropout = "attention_probs_dropout_prob",
    .classifier_dropout = "classifier_dropout_prob",
};

static const tl_config_names modernbert_config = {
    .hidden_size = "hidden_size",
    .layers = "num_hidden_layers",
    .heads = "num_attention_heads",
    .intermediate_size = "intermediate_size",
    .activation = "hidden_activation",
    .layer_norm_eps = "norm_eps",
    .hidden_dropout = "embedding_dropout",
    .attention_dropout = "attention_dropout",
    .classifier_dropout = "classifier_dropout",
    .feed_forward_dropout = "mlp_dropout",
};

static const tl_config_names distilbert_config = {
    .hidden_size = "dim",
    .layers = "n_layers",
    .heads = "n_heads",
    .intermediate_size = "hidden_dim",
    .activation = "activation",
    .hidden_dropout = "dropout",
    .attention_dropout = "attention_dropout",
    .classifier_dropout = "seq_classif_dropout",
};

static const tl_config_defaults bert_defaults = {
    .activation = "gelu",
    .hidden_dropout = 0.1,
    .attention_dropout = 0.1,
    .classifier_dropout = -1.0,
};

static const tl_config_defaults distilbert_defaults = {
    .activation = "gelu",
    .hidden_dropout = 0.1,
    .attention_dropout = 0.1,
    .classifier_dropout = 0.2,
};

static const tl_config_defaults roberta_defaults = {
    .activation = "gelu",
    .pad_token_id = 1,
    .hidden_dropout = 0.1,
    .attention_dropout = 0.1,
    .classifier_dropout = -1.0,
};

static const tl_config_defaults electra_defaults = {
    .activation = "gelu",
    .embedding_size = 128,
    .hidden_dropout = 0.1,
    .attention_dropout = 0.1,
    .classifier_dropout = -1.0,
};

static const tl_config_defaults albert_defaults = {
    .activation = "gelu_new",
    .embedding_size = 128,
    .classifier_dropout = 0.1,
};

static const tl_config_defaults modernbert_defaults = {
    .activation = "gelu",
    .pad_token_id = 50283,
    .layer_norm_eps = 1e-5,
};

static const tl_embedding_names bert_embeddings = {
    .word = "embeddings.word_embeddings",
    .position = "embeddings.position_embeddings",
    .type = "embeddings.token_type_embeddings",
    .norm = "embeddings.LayerNorm",
};

static const tl_embedding_names distilbert_embeddings = {
    .word = "embeddings.word_embeddings",
    .position = "embeddings.position_embeddings",
    .norm = "embeddings.LayerNorm",
};

static const tl_embedding_names electra_embeddings = {
    .word = "embeddings.word_embeddings",
    .position = "embeddings.position_embeddings",
    .type = "embeddings.token_type_embeddings",
    .norm = "embeddings.LayerNorm",
    .projection = "embeddings_project",
};

static const tl_embedding_names albert_embeddings = {
    .word = "embeddings.word_embeddings",
    .position = "embeddings.position_embeddings",
    .type = "embeddings.token_type_embeddings",
    .norm = "embeddings.LayerNorm",
    .projection = "encoder.embedding_hidden_mapping_in",
};

static const tl_layer_names bert_layers = {
    .list = "encoder.layer",
    .query = "attention.self.query",
    .key = "attention.self.key",
    .value = "attention.self.value",
    .attention_output = "attention.output.dense",
    .attention_norm = "attention.output.LayerNorm",
    .intermediate = "intermediate.dense",
    .output = "output.dense",
    .output_norm = "output.LayerNorm",
};

static const tl_layer_names distilbert_layers = {
    .list = "transformer.layer",
    .query = "attention.q_lin",
    .key = "attention.k_lin",
    .value = "attention.v_lin",
    .attention_output = "attention.out_lin",
    .attention_norm = "sa_layer_norm",
    .intermediate = "ffn.lin1",
    .output = "ffn.lin2",
    .output_norm = "output_layer_norm",
};

static const tl_embedding_names modernbert_embeddings = {
    .word = "embeddings.tok_embeddings",
    .norm = "embeddings.norm",
};

static const tl_layer_names modernbert_layers = {
    .list = "layers",
    .input_norm = "attn_norm",
    .query = "attn.Wqkv",
    .attention_output = "attn.Wo",
    .attention_norm = "mlp_norm",
    .intermediate = "mlp.Wi",
    .output = "mlp.Wo",
};

static const tl_layer_names mpnet_layers = {
    .list = "encoder.layer",
    .query = "attention.attn.q",
    .key = "attention.attn.k",
    .value = "attention.attn.v",
    .attention_output = "attention.attn.o",
    .attention_norm = "attention.LayerNorm",
    .intermediate = "intermediate.dense",
    .output = "output.dense",
    .output_norm = "output.LayerNorm",
};

static const tl_layer_names albert_layers = {
    .list = "encoder.albert_layer_groups",
    .inner_list = "albert_layers",
    .query = "attention.query",
    .key = "attention.key",
    .value = "attention.value",
    .attention_output = "attention.dense",
    .attention_norm = "attention.LayerNorm",
    .intermediate = "ffn",
    .output = "ffn_output",
    .output_norm = "full_layer_layer_norm",
};

/* RoBERTa and the models that differ from it by name (and tokenizer) and the order of fresh draws alone. */
#define ROBERTA(type, prefix, head_first)                                                                    \
  {                                                                                                          \
      .model_type = (type),                                                                                  \
      .class_prefix = (prefix),                                                                              \
      .base_prefix = "roberta.",                                                                             \
      .config = &bert_config,                                                                                \
      .defaults = &roberta_defaults,                                                                         \
      .embeddings = &bert_embeddings,                                                                        \
      .layers = &bert_layers,                                                                                \
      .pooler = "classifier.dense",                                                                          \
      .classifier = "classifier.out_proj",                                                                   \
      .pooling = TL_POOLING_TANH,                                                                            \
      .positions = TL_POSITIONS_AFTER_PAD,                                                                   \
      .head_made_first = (head_first),                                                                       \
      .types_before_positions = true,                                                                        \
      .attention_output_dropout = true,                                                                      \
      .head_input_dropout = true,                                                                            \
      .pooler_is_head = true,                                                                                \
  }

static const tl_architecture architectures[] = {
    {
        .model_type = "bert",
        .class_prefix = "Bert",
        .base_prefix = "bert.",
        .config = &bert_config,
        .defaults = &bert_defaults,
        .embeddings = &bert_embeddings,
        .layers = &bert_layers,
        .pooler = "bert.pooler.dense",
        .classifier = "classifier",
        .pooling = TL_POOLING_TANH,
        .attention_output_dropout = true,
    },
    {
        .model_type = "distilbert",
        .class_prefix = "DistilBert",
        .base_prefix = "distilbert.",
        .config = &distilbert_config,
        .defaults = &distilbert_defaults,
        .embeddings = &distilbert_embeddings,
        .layers = &distilbert_layers,
        .pooler = "pre_classifier",
        .classifier = "classifier",
        .pooling = TL_POOLING_RELU,
        .pooler_is_head = true,
    },
    ROBERTA("roberta", "Roberta", false),
    ROBERTA("xlm-roberta", "XLMRoberta", true),
    ROBERTA("camembert", "Camembert", true),
    {
        .model_type = "electra",
        .class_prefix = "Electra",
        .base_prefix = "electra.",
        .config = &electra_config,
        .defaults = &electra_defaults,
        .embeddings = &electra_embeddings,
        .layers = &bert_layers,
        .pooler = "classifier.dense",
        .classifier = "classifier.out_proj",
        .pooling = TL_POOLING_GELU,
        .attention_output_dropout = true,
        .head_input_dropout = true,
        .pooler_is_head = true,
    },
    {
        .model_type = "albert",
        .class_prefix = "Albert",
        .base_prefix = "albert.",
        .config = &albert_config,
        .defaults = &albert_defaults,
        .embeddings = &albert_embeddings,
        .layers = &albert_layers,
        .pooler = "albert.pooler",
        .classifier = "classifier",
        .pooling = TL_POOLING_TANH,
        .projects_equal_sizes = true,
        .attention_output_dropout = true,
        .no_feed_forward_dropout = true,
    },
    {
        .model_type = "mpnet",
        .class_prefix = "MPNet",
        .base_prefix = "mpnet.",
        .config = &mpnet_config,
        .defaults = &roberta_defaults,
        .embeddings = &distilbert_embeddings,
        .layers = &mpnet_layers,
        .pooler = "classifier.dense",
        .classifier = "classifier.out_proj",
        .pooling = TL_POOLING_TANH,
        .positions = TL_POSITIONS_AFTER_PAD,
        .attention_output_dropout = true,
        .relative_bias = "encoder.relative_attention_bias",
        .pad_is_fixed = true,
        .head_input_dropout = true,
        .pooler_is_head = true,
    },
    {
        .model_type = "modernbert",
        .class_prefix = "ModernBert",
        .base_prefix = "model.",
        .config = &modernbert_config,
        .defaults = &modernbert_defaults,
        .embeddings = &modernbert_embeddings,
        .layers = &modernbert_layers,
        .final_norm = "final_norm",
        .pooler = "head.dense",
        .head_norm = "head.norm",
        .classifier = "classifier",
        .attention_output_dropout = true,
        .no_feed_forward_dropout = true,
        .gated = true,
        .rotary = true,
        .biases_named = true,
        .truncated = true,
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

const char *tl_architecture_list(void) {
  return "bert, distilbert, roberta, xlm-roberta, camembert, electra, albert, mpnet, modernbert";
}
