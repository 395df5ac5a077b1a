// The fields of config.json that this library reads, and the refusal of options that are none.
import { TunelabError } from "../core/errors.js";
import { did_you_mean } from "../core/near_names.js";

/** All architectures' names; what a config.json itself holds is known besides. */
const FIELDS = [
  "activation",
  "attention_bias",
  "attention_dropout",
  "attention_probs_dropout_prob",
  "classifier_activation",
  "classifier_bias",
  "classifier_dropout",
  "classifier_dropout_prob",
  "classifier_pooling",
  "dim",
  "dropout",
  "embedding_dropout",
  "embedding_size",
  "global_attn_every_n_layers",
  "global_rope_theta",
  "hidden_act",
  "hidden_activation",
  "hidden_dim",
  "hidden_dropout_prob",
  "hidden_size",
  "id2label",
  "initializer_cutoff_factor",
  "initializer_range",
  "inner_group_num",
  "intermediate_size",
  "is_decoder",
  "label2id",
  "layer_norm_eps",
  "layer_types",
  "local_attention",
  "local_rope_theta",
  "max_position_embeddings",
  "mlp_bias",
  "mlp_dropout",
  "model_type",
  "n_heads",
  "n_layers",
  "norm_bias",
  "norm_eps",
  "num_attention_heads",
  "num_hidden_groups",
  "num_hidden_layers",
  "num_labels",
  "pad_token_id",
  "position_embedding_type",
  "problem_type",
  "relative_attention_num_buckets",
  "rope_parameters",
  "rope_scaling",
  "seq_classif_dropout",
  "sinusoidal_pos_embds",
  "type_vocab_size",
  "vocab_size",
];

/** Fields of every configuration of transformers that change nothing in what is computed here. */
const GENERAL_FIELDS = [
  "architectures",
  "finetuning_task",
  "output_attentions",
  "output_hidden_states",
  "return_dict",
  "tie_word_embeddings",
  "use_cache",
];

/**
 * Refuses a misspelt option, which would otherwise change nothing and be saved as a field.
 * @param {readonly string[]} options names
 * @param {readonly string[]} stored fields of the config.json at hand
 * @throws {TunelabError} naming the first unknown one and what may have been meant
 */
export function check_options(options, stored) {
  const known = [...FIELDS, ...GENERAL_FIELDS, ...stored];
  const unknown = options.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new TunelabError(
    `from_pretrained got an unexpected option '${unknown}'; expected the options of files and weights, or a field of ` +
      `config.json${did_you_mean(unknown, known)}`,
  );
}
