// AutoTokenizer: reads the tokenizer of a model folder as transformers does: which of its files
// count depends on the tokenizer's class.
import { init } from "../core/core.js";
import { located, TunelabError } from "../core/errors.js";
import { open_pretrained } from "./pretrained_files.js";
import { rebuild_tokenizer, tokens_of_json } from "./rebuilt_tokenizer.js";
import { effective_config, gather_added_tokens } from "./special_tokens.js";
import { PreTrainedTokenizerFast } from "./tokenizer.js";
import { CLASS_OF_MODEL, TOKENIZER_CLASSES } from "./tokenizer_classes.js";
import {
  check_config,
  is_added_token,
  is_object,
  read_fields,
  read_tokenizer_file,
} from "./tokenizer_files.js";
import { with_serde_scores } from "./unigram_scores.js";

/** @typedef {import("../core/core.js").Core} Core */
/** @typedef {Record<string, any>} Fields */

/** What a tokenizer gives whose class is not among TOKENIZER_CLASSES, and what its tokens may stand in. */
const OTHER = { inputs: ["input_ids", "attention_mask"], files: ["vocab.txt"] };

/**
 * The tokenizer's class, without "Fast": tokenizer_config.json names it, else config.json does, else it
 * is the model's.
 * @param {Fields} tokenizer_config
 * @param {Fields} model_config
 * @returns {string}
 */
function tokenizer_class(tokenizer_config, model_config) {
  const { model_type = "bert" } = model_config;
  const of_model = CLASS_OF_MODEL[model_type] ?? "PreTrainedTokenizer";
  const named = tokenizer_config.tokenizer_class ?? model_config.tokenizer_class ?? of_model;
  return String(named).replace(/Fast$/, "");
}

/**
 * tokenizer.json as it counts for a class that takes it whole.
 * @param {Fields} json
 * @param {Fields} config
 * @param {Record<string, number>} legacy added_tokens.json
 */
function with_added_tokens(json, config, legacy) {
  const stored = json.added_tokens ?? [];
  const known = new Set(stored.map((/** @type {{content: string}} */ { content }) => content));
  const more = gather_added_tokens(config, stored, legacy).filter(
    ({ content }) => !known.has(content),
  );
  // The core gives each its id; the field has to be there.
  return { ...json, added_tokens: [...stored, ...more.map((token) => ({ ...token, id: 0 }))] };
}

/**
 * Fields that a tokenizer.json with padding or truncation of its own gives the config. Their lengths do not
 * count: a call asks for its own.
 * @param {Fields} json
 * @returns {Fields}
 */
function stored_settings({ padding, truncation }) {
  // Files of older versions name no direction; it was always the right.
  const side = ({ direction = "Right" }) => String(direction).toLowerCase();
  return {
    ...(padding && { pad_token: padding.pad_token, padding_side: side(padding) }),
    ...(truncation && { truncation_side: side(truncation) }),
  };
}

/** @param {Core} core @param {Fields} json the fields of a tokenizer.json */
function from_fields(core, json) {
  const bytes = new TextEncoder().encode(JSON.stringify(json));
  return core.heap.frame((frame) =>
    core.create("tl_tokenizer_create", [frame.u8(bytes), bytes.length]),
  );
}

/**
 * Whether the parts that are read here have their form. If not, the core gets the file as it is and
 * tells what is wrong.
 * @param {Fields} json
 */
function is_readable({ model, added_tokens = [] }) {
  return is_object(model) && Array.isArray(added_tokens) && added_tokens.every(is_added_token);
}

/**
 * The fields of the tokenizer.json that counts, and the config with what it leaves to defaults.
 * @param {{json?: Fields, tokens?: import("./rebuilt_tokenizer.js").Tokens}} stored
 * @param {Fields} named the effective config
 * @param {string} class_name
 * @param {Record<string, number>} legacy added_tokens.json
 * @returns {{fields: Fields, config: Fields}}
 */
function effective_tokenizer({ json, tokens }, named, class_name, legacy) {
  if (json && !is_readable(json)) return { fields: json, config: named };
  const rules = TOKENIZER_CLASSES[class_name];
  const settings = json ? stored_settings(json) : {};
  const given = json ? rules && tokens_of_json(json, rules.model) : tokens;
  if (rules && given) {
    const config = { ...settings, ...rules.defaults, ...named };
    const { arrange } = rules;
    const vocab = json || !arrange ? given.vocab : arrange(given.vocab, config);
    const added_tokens = json?.added_tokens ?? [];
    return {
      fields: rebuild_tokenizer(rules, { ...given, vocab }, config, added_tokens, legacy),
      config,
    };
  }
  const config = { ...settings, ...named };
  if (json) return { fields: with_serde_scores(with_added_tokens(json, config, legacy)), config };
  throw new TunelabError(
    `tokenizer_class ${class_name} needs a tokenizer.json; known without one: ${Object.keys(TOKENIZER_CLASSES).join(", ")}`,
    "TL_ERR_UNSUPPORTED",
  );
}

export const AutoTokenizer = {
  /**
   * A tokenizer equal to the one that transformers makes of the folder. The classes of
   * tokenizer_classes.js (BERT's, RoBERTa's, XLM-RoBERTa's, ALBERT's, …) take the vocabulary, the merges
   * and the added tokens from tokenizer.json or from their own files (vocab.txt; vocab.json and merges.txt;
   * a SentencePiece model), and all else (lower case, accents, special tokens, model_max_length) from
   * tokenizer_config.json and special_tokens_map.json; any other class takes tokenizer.json as it is.
   * @param {string} pretrained_model_name_or_path a folder, an address, or a name on the Hub
   * @param {import("./pretrained_files.js").PretrainedOptions & Record<string, any>} [options] fields of
   *   tokenizer_config.json, such as model_max_length; of files: revision, subfolder, token,
   *   progress_callback, …
   * @returns {Promise<import("./tokenizer.js").CallableTokenizer>}
   * @throws {TunelabError} if neither is there, or it cannot be read
   */
  async from_pretrained(pretrained_model_name_or_path, options = {}) {
    const core = await init();
    const { source, rest: overrides } = await open_pretrained(
      pretrained_model_name_or_path,
      options,
    );
    const optional = (/** @type {string} */ name) => read_fields(source, name);
    const tokenizer_config = await optional("tokenizer_config.json");
    const special_tokens_map = await optional("special_tokens_map.json");
    const named = effective_config(tokenizer_config, special_tokens_map, overrides);
    check_config(named, source.location);
    const class_name = tokenizer_class(named, await optional("config.json"));
    const { files, inputs } = TOKENIZER_CLASSES[class_name] ?? OTHER;
    const stored = await read_tokenizer_file(source, files);
    const legacy = await optional("added_tokens.json");
    try {
      const { fields, config } = effective_tokenizer(stored, named, class_name, legacy);
      const tokenizer = new PreTrainedTokenizerFast(from_fields(core, fields), {
        config: { tokenizer_class: class_name, ...config },
        model_input_names: config.model_input_names ?? inputs,
      });
      return /** @type {import("./tokenizer.js").CallableTokenizer} */ (tokenizer);
    } catch (error) {
      throw located(error, `${source.location}/${stored.file}`);
    }
  },
};
