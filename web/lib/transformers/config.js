// A model's configuration: every field of its config.json, the labels, and AutoConfig that reads
// it.
import { init } from "../core/core.js";
import { TunelabError } from "../core/errors.js";
import { logger } from "../core/logging.js";
import { read_json } from "../hub/file_source.js";
import { check_options } from "./config_fields.js";
import { open_pretrained } from "./pretrained_files.js";

/** @typedef {Record<string, any>} ConfigFields */

/**
 * @param {number} count
 * @returns {Record<number, string>} LABEL_0, LABEL_1, … as transformers names them
 */
function default_names(count) {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [i, `LABEL_${i}`]));
}

/** @param {Record<string | number, string>} id2label @returns {Record<string, number>} */
function inverse(id2label) {
  return Object.fromEntries(Object.entries(id2label).map(([id, name]) => [name, Number(id)]));
}

/**
 * config.json's text. JavaScript writes the float 2.0 as 2, which transformers refuses in these fields.
 * @param {ConfigFields} fields
 */
export function config_text(fields) {
  const whole =
    /^( +"(?:initializer_cutoff_factor|initializer_range|layer_norm_eps|norm_eps|rope_theta)": -?\d+)(,?)$/gm;
  return `${JSON.stringify(fields, null, 2)}\n`.replace(whole, "$1.0$2");
}

/**
 * The fields of config.json as properties of their names. Fields that this library does not read
 * are kept and saved again.
 * `num_labels` follows `id2label`, as in transformers.
 */
export class PretrainedConfig {
  /** @param {ConfigFields} fields with `num_labels`, `id2label` and `label2id` if wanted */
  constructor(fields = {}) {
    const { num_labels, id2label, label2id, torch_dtype, ...rest } = fields;
    /** @type {string | null} */
    this.problem_type = null;
    /** @type {string} */
    this.name_or_path = "";
    /** @type {string} */
    this.model_type = "";
    Object.assign(this, rest);
    /** @type {Record<number, string>} */
    this.id2label = id2label ?? default_names(num_labels ?? 2);
    if (num_labels !== undefined && num_labels !== this.num_labels)
      this.id2label = default_names(num_labels);
    /** @type {Record<string, number>} */
    this.label2id =
      id2label && label2id && num_labels === undefined ? label2id : inverse(this.id2label);
    if (torch_dtype !== undefined) /** @type {ConfigFields} */ (this).dtype ??= torch_dtype;
  }

  get num_labels() {
    return Object.keys(this.id2label).length;
  }

  set num_labels(count) {
    this.id2label = default_names(count);
    this.label2id = inverse(this.id2label);
  }

  /** What config.json holds. @returns {ConfigFields} */
  to_dict() {
    const { name_or_path: _, ...fields } = /** @type {ConfigFields} */ (this);
    return Object.fromEntries(Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  to_json_string() {
    return config_text(this.to_dict());
  }

  /** For the core, which is told the number of labels outright. */
  to_core_json() {
    return JSON.stringify({ ...this.to_dict(), num_labels: this.num_labels });
  }
}

/** The fields of the first BERTs' configs, which have no model_type; RoBERTa's models have one token type. */
const FIRST_BERTS = [
  "attention_probs_dropout_prob",
  "hidden_act",
  "hidden_dropout_prob",
  "hidden_size",
  "intermediate_size",
  "max_position_embeddings",
  "num_attention_heads",
  "num_hidden_layers",
  "vocab_size",
];

/** Whether fields without a model_type are those of a first BERT. @param {ConfigFields} fields */
function is_first_bert(fields) {
  const others = fields.architectures !== undefined || fields.embedding_size !== undefined;
  return fields.type_vocab_size > 1 && !others && FIRST_BERTS.every((name) => name in fields);
}

/**
 * The model_type of fields that may lack it, as prajjwal1/bert-tiny's and TinyBERT's do. (transformers refuses
 * those; its BertConfig reads them.)
 * @param {ConfigFields} fields
 * @param {string} location
 */
function model_type_of(fields, location) {
  if (fields.model_type !== undefined) return fields.model_type;
  if (is_first_bert(fields)) return "bert";
  throw new TunelabError(
    `${location}/config.json has no model_type; expected the architecture's name, such as "bert" ` +
      '(from_pretrained(…, { model_type: "bert" }) gives it)',
    "TL_ERR_FORMAT",
  );
}

/**
 * The number of labels that is asked for. Names that are given with it decide, as in transformers.
 * @param {ConfigFields} overrides
 * @returns {number | undefined}
 */
function asked_labels({ num_labels, id2label }) {
  const named = id2label ? Object.keys(id2label).length : num_labels;
  if (num_labels === undefined || num_labels === named) return num_labels;
  logger.warning(
    `You passed num_labels: ${num_labels}, which is incompatible to the id2label map of length ${named}; the map counts.`,
  );
  return undefined;
}

/**
 * @param {import("../hub/file_source.js").FileSource} source
 * @param {ConfigFields} overrides
 */
export async function read_config(source, overrides) {
  if (!(await source.exists("config.json")))
    throw new TunelabError(
      `${source.location} holds no config.json; expected a Hugging Face model folder: config.json, model.safetensors, ` +
        "tokenizer.json (or vocab.txt)",
    );
  const stored = await read_json(source, "config.json");
  if (typeof stored !== "object" || stored === null || Array.isArray(stored))
    throw new TunelabError(`${source.location}/config.json is not a JSON object`, "TL_ERR_FORMAT");
  check_options(Object.keys(overrides), Object.keys(stored));
  const { num_labels: _, ...rest } = overrides;
  const num_labels = asked_labels(overrides);
  const fields = { ...stored, ...rest, name_or_path: source.location };
  fields.model_type = model_type_of(fields, source.location);
  // Labels that the file names give way to a number that is asked for; an old num_labels beside
  // id2label says nothing new.
  if (num_labels !== undefined) fields.num_labels = num_labels;
  else if (fields.id2label) delete fields.num_labels;
  if (overrides.id2label && !overrides.label2id) delete fields.label2id;
  return new PretrainedConfig(fields);
}

export const AutoConfig = {
  /**
   * @param {string} pretrained_model_name_or_path a folder, an address, or a name on the Hub
   * @param {import("./pretrained_files.js").PretrainedOptions & ConfigFields} [options] fields to set, such
   *   as num_labels or hidden_dropout_prob; of files: revision, subfolder, token, progress_callback, …
   */
  async from_pretrained(pretrained_model_name_or_path, options = {}) {
    await init();
    const { source, rest } = await open_pretrained(pretrained_model_name_or_path, options);
    return read_config(source, rest);
  },
};
