// AutoTokenizer: reads the tokenizer of a model folder, from tokenizer.json or an older folder's
// vocab.txt.
import { init } from "../core/core.js";
import { located, TunelabError } from "../core/errors.js";
import { open_source, read_bytes, read_json_if_any } from "../hub/file_source.js";
import { PreTrainedTokenizerFast } from "./tokenizer.js";

/** @typedef {import("../core/core.js").Core} Core */

/**
 * What a model reads, by its kind. BERT's tokenizer_class also stands in folders of models that
 * read no token types.
 */
const MODEL_INPUTS = /** @type {Record<string, string[]>} */ ({
  distilbert: ["input_ids", "attention_mask"],
  bert: ["input_ids", "token_type_ids", "attention_mask"],
});

/** @param {Record<string, any>} tokenizer_config @param {Record<string, any>} model_config */
function model_inputs(tokenizer_config, model_config) {
  if (tokenizer_config.model_input_names) return tokenizer_config.model_input_names;
  const by_class = /^DistilBert/.test(tokenizer_config.tokenizer_class ?? "")
    ? "distilbert"
    : model_config.model_type;
  return MODEL_INPUTS[by_class] ?? MODEL_INPUTS.bert;
}

/** @param {unknown} flag a nullable boolean @returns {number} tl_bert_options' -1, 0, 1 */
const tri_state = (flag) => (flag === null || flag === undefined ? -1 : Number(flag));

/** @param {Core} core @param {Uint8Array} bytes */
function from_json(core, bytes) {
  return core.heap.frame((frame) =>
    core.create("tl_tokenizer_create", [frame.u8(bytes), bytes.length]),
  );
}

/** @param {Core} core @param {Uint8Array} bytes @param {Record<string, any>} config */
function from_vocab(core, bytes, config) {
  return core.heap.frame((frame) => {
    const options = core.struct(frame, "tl_bert_options", "i32", {
      do_lower_case: Number(config.do_lower_case ?? true),
      tokenize_chinese_chars: Number(config.tokenize_chinese_chars ?? true),
      strip_accents: tri_state(config.strip_accents),
    });
    return core.create("tl_tokenizer_create_from_vocab", [frame.u8(bytes), bytes.length, options]);
  });
}

export const AutoTokenizer = {
  /**
   * @param {string} pretrained_model_name_or_path a folder or an address
   * @param {Record<string, any>} [overrides] fields of tokenizer_config.json, such as
   *   model_max_length
   * @returns {Promise<import("./tokenizer.js").CallableTokenizer>}
   * @throws {TunelabError} if there is neither tokenizer.json nor vocab.txt, or it cannot be read
   */
  async from_pretrained(pretrained_model_name_or_path, overrides = {}) {
    const core = await init();
    const source = await open_source(pretrained_model_name_or_path);
    const stored = await read_json_if_any(source, "tokenizer_config.json");
    const config = { ...stored, ...overrides };
    const model_config = (await read_json_if_any(source, "config.json")) ?? {};
    const file = (await source.exists("tokenizer.json")) ? "tokenizer.json" : "vocab.txt";
    if (file === "vocab.txt" && !(await source.exists(file)))
      throw new TunelabError(
        `${source.location} holds no tokenizer; expected tokenizer.json or vocab.txt`,
      );
    const bytes = await read_bytes(source, file);
    try {
      const handle =
        file === "tokenizer.json" ? from_json(core, bytes) : from_vocab(core, bytes, config);
      const model_input_names = model_inputs(config, model_config);
      const tokenizer = new PreTrainedTokenizerFast(handle, { config, model_input_names });
      return /** @type {import("./tokenizer.js").CallableTokenizer} */ (tokenizer);
    } catch (error) {
      throw located(error, `${source.location}/${file}`);
    }
  },
};
