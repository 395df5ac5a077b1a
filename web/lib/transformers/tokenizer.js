// The tokenizer object: called with texts it gives ids; decodes, pads, and is saved beside a model.
import { Callable } from "../core/callable.js";
import { TunelabError } from "../core/errors.js";
import { logger } from "../core/logging.js";
import { note_use } from "../core/use_record.js";
import { FINGERPRINT, fingerprint_of } from "../datasets/fingerprint.js";
import { PORTABLE } from "../datasets/mapping/workers/portable_function.js";
import { save_folder } from "../hub/save_folder.js";
import { decode_ids, encode_texts, ones_row } from "./encode.js";
import { pad_batch } from "./pad.js";
import { portable_tokenizer } from "./portable_tokenizer.js";
import { SPECIAL_TOKEN_NAMES, token_content } from "./special_tokens.js";

/** @typedef {import("../core/handle.js").Handle} Handle */
/** @typedef {import("./pad.js").PadOptions} PadOptions */

/**
 * @typedef {object} CallOptions
 * @property {boolean | "longest_first" | "only_first" | "only_second" | "do_not_truncate"}
 *   [truncation] default false
 * @property {number} [max_length] default the tokenizer's model_max_length
 * @property {PadOptions["padding"]} [padding] default false
 * @property {number} [pad_to_multiple_of]
 * @property {"pt"} [return_tensors]
 * @property {boolean} [add_special_tokens] default true
 * @property {boolean} [return_token_type_ids] default: whether the model reads them
 * @property {boolean} [return_attention_mask] default: likewise
 */

/** Every option a call takes. */
const CALL_OPTIONS = new Set(
  (
    "truncation max_length padding pad_to_multiple_of return_tensors add_special_tokens return_token_type_ids " +
    "return_attention_mask"
  ).split(" "),
);

/** model_max_length beyond this means that no limit is known (transformers' LARGE_INTEGER). */
const NO_LIMIT = 1e20;

/** @param {unknown} given */
const is_list = (given) => typeof given === "object" && given !== null && Symbol.iterator in given;

/**
 * @typedef {object} TokenizerFiles
 * @property {Record<string, any>} config tokenizer_config.json as it counts, kept for saving
 * @property {string[]} model_input_names the columns that a call returns
 */

/**
 * A tokenizer as it is used: a function of texts.
 * @typedef {PreTrainedTokenizerFast & ((text: string | Iterable<string>, text_pair?: string |
 *   Iterable<string> | CallOptions, options?: CallOptions) => Record<string, any>)}
 *   CallableTokenizer
 */

export class PreTrainedTokenizerFast extends Callable {
  /**
   * Use AutoTokenizer.from_pretrained.
   * @param {Handle} handle a tl_tokenizer
   * @param {TokenizerFiles} files
   */
  constructor(handle, { config, model_input_names }) {
    super();
    const { core } = handle;
    this._handle = handle;
    this._encoding = core.create("tl_encoding_create");
    const described = JSON.parse(
      core.heap.text(core.call("tl_tokenizer_describe", handle.pointer) >>> 0),
    );
    this.init_kwargs = config;
    /** @type {string | undefined} */
    this._files_fingerprint = undefined;
    this.model_input_names = model_input_names;
    /** @type {number} */
    this.model_max_length = config.model_max_length ?? config.max_len ?? Infinity;
    if (this.model_max_length > NO_LIMIT) this.model_max_length = Infinity;
    check_sides(config);
    this.padding_side = "right";
    this.truncation_side = "right";
    this.clean_up_tokenization_spaces = config.clean_up_tokenization_spaces ?? false;
    this.pad_token_type_id = 0;
    /** @type {number} */
    this.vocab_size = described.vocab_size;
    const text_of = (/** @type {string} */ name) => token_content(config[name]) ?? null;
    this.pad_token = text_of("pad_token");
    this.unk_token = text_of("unk_token");
    this.cls_token = text_of("cls_token");
    this.sep_token = text_of("sep_token");
    this.mask_token = text_of("mask_token");
    this.bos_token = text_of("bos_token");
    this.eos_token = text_of("eos_token");
    this.pad_token_id = this._token_id(this.pad_token);
    this.unk_token_id = this._token_id(this.unk_token);
    this.cls_token_id = this._token_id(this.cls_token);
    this.sep_token_id = this._token_id(this.sep_token);
    this.mask_token_id = this._token_id(this.mask_token);
    this.bos_token_id = this._token_id(this.bos_token);
    this.eos_token_id = this._token_id(this.eos_token);
    /** @type {Record<string, string>} */
    this.special_tokens_map = Object.fromEntries(
      SPECIAL_TOKEN_NAMES.map((name) => [name, text_of(name)]).filter(([, text]) => text !== null),
    );
  }

  /** The id of a token, or null. @param {string | null} token @returns {number | null} */
  _token_id(token) {
    if (token === null) return null;
    const { core, pointer } = this._handle;
    const id = core.heap.frame((frame) =>
      core.call("tl_tokenizer_token_to_id", pointer, ...frame.text(token)),
    );
    return id < 0 ? null : id;
  }

  /**
   * Encodes one text or a list (a dataset's column, anything to iterate over), alone or in pairs.
   * @param {string | Iterable<string>} text
   * @param {string | Iterable<string> | CallOptions} [text_pair]
   * @param {CallOptions} [options]
   * @returns {Record<string, any>} input_ids, token_type_ids, attention_mask: lists (of lists), or
   *   tensors
   */
  _call(text, text_pair, options) {
    const has_pair = typeof text_pair === "string" || is_list(text_pair);
    const given = /** @type {CallOptions} */ ((has_pair ? options : (text_pair ?? options)) ?? {});
    for (const name of Object.keys(given))
      if (!CALL_OPTIONS.has(name))
        throw new TunelabError(
          `the tokenizer has no option ${name}; it has ${[...CALL_OPTIONS].join(", ")}`,
        );
    note_use(this, given);
    const single = !is_list(text);
    if (has_pair && single !== !is_list(text_pair))
      throw new TunelabError("text and text_pair must both be texts, or both be lists of texts");
    const listed = (/** @type {any} */ given_text) => (single ? [given_text] : [...given_text]);
    const texts = listed(text);
    const pairs = has_pair ? listed(text_pair) : undefined;
    const columns = this._columns(texts, pairs, given);
    if (!given.padding && !given.return_tensors) return single ? first_row(columns) : columns;
    const max_length =
      given.max_length ??
      (Number.isFinite(this.model_max_length) ? this.model_max_length : undefined);
    const padded = this.pad(columns, { ...given, padding: given.padding ?? false, max_length });
    return single && !given.return_tensors ? first_row(padded) : padded;
  }

  /** @param {string[]} texts @param {string[] | undefined} pairs @param {CallOptions} options */
  _columns(texts, pairs, options) {
    const { ids, type_ids } = encode_texts(this._handle, this._encoding, texts, pairs, {
      add_special_tokens: options.add_special_tokens ?? true,
      ...this._truncation(options),
    });
    /** @type {Record<string, number[][]>} */
    const columns = { input_ids: ids };
    if (options.return_token_type_ids ?? this.model_input_names.includes("token_type_ids"))
      columns.token_type_ids = type_ids;
    if (options.return_attention_mask ?? this.model_input_names.includes("attention_mask"))
      columns.attention_mask = ids.map((row) => ones_row(row.length));
    return columns;
  }

  /** @param {CallOptions} options @returns {{truncation: number, max_length: number}} */
  _truncation({ truncation, max_length, padding }) {
    const kinds = this._handle.core.constants.truncation;
    const implied = truncation === undefined && max_length !== undefined && !padding;
    const wanted =
      truncation === true || implied ? "longest_first" : truncation || "do_not_truncate";
    const none = { truncation: kinds.TL_TRUNCATE_NONE, max_length: 0 };
    if (wanted === "do_not_truncate") return none;
    const kind = kinds[`TL_TRUNCATE_${wanted.toUpperCase()}`];
    if (kind === undefined)
      throw new TunelabError(
        `truncation must be true, false, longest_first, only_first or only_second, not ${wanted}`,
      );
    const limit = max_length ?? this.model_max_length;
    if (Number.isFinite(limit)) return { truncation: kind, max_length: limit };
    logger.warning_once(
      "Asking to truncate to max_length but no maximum length is provided and the model has no predefined maximum length. " +
        "Default to no truncation.",
    );
    return none;
  }

  /**
   * Pads rows to one length (DataCollatorWithPadding does no more).
   * @param {readonly Record<string, any>[] | Record<string, any>} encoded_inputs
   * @param {PadOptions} [options]
   */
  pad(encoded_inputs, options = {}) {
    return pad_batch(encoded_inputs, this, options);
  }

  /**
   * Token ids of one text.
   * @param {string} text
   * @param {CallOptions} [options]
   * @returns {number[]}
   */
  encode(text, options) {
    return this._call(text, options).input_ids;
  }

  /** The tokens of one text, without special ones. @param {string} text @returns {string[]} */
  tokenize(text) {
    return this.convert_ids_to_tokens(this.encode(text, { add_special_tokens: false }));
  }

  /**
   * @param {ArrayLike<number> | {tolist: () => number[]}} ids
   * @param {{skip_special_tokens?: boolean, clean_up_tokenization_spaces?: boolean}} [options]
   * @returns {string}
   */
  decode(
    ids,
    {
      skip_special_tokens = false,
      clean_up_tokenization_spaces = this.clean_up_tokenization_spaces,
    } = {},
  ) {
    const list = "tolist" in ids ? ids.tolist() : ids;
    return decode_ids(this._handle, list, skip_special_tokens, clean_up_tokenization_spaces);
  }

  /** @param {Iterable<any>} rows @param {{skip_special_tokens?: boolean}} [options] */
  batch_decode(rows, options) {
    return Array.from(rows, (ids) => this.decode(ids, options));
  }

  /** @param {ArrayLike<number>} ids @returns {string[]} */
  convert_ids_to_tokens(ids) {
    const { core, pointer } = this._handle;
    return Array.from(ids, (id) => {
      const token = core.call("tl_tokenizer_id_to_token", pointer, id) >>> 0;
      if (token === 0)
        throw new TunelabError(`there is no token with id ${id}; ids are below ${this.vocab_size}`);
      return core.heap.text(token);
    });
  }

  /**
   * Ids; those of tokens that are not in the vocabulary are the unknown token's.
   * @param {readonly string[]} tokens
   * @returns {(number | null)[]}
   */
  convert_tokens_to_ids(tokens) {
    return tokens.map((token) => this._token_id(token) ?? this.unk_token_id);
  }

  /** tokenizer.json's bytes. */
  _to_json() {
    const { core, pointer } = this._handle;
    return core.heap.frame((frame) => {
      const out = frame.alloc(8);
      core.run("tl_tokenizer_save", pointer, out, out + 4);
      const [bytes, size] = core.heap.i32_at(out, 2);
      return core.heap.bytes(bytes >>> 0, size >>> 0);
    });
  }

  /** What its results depend on: its files, and what of it can be set. @returns {string} */
  [FINGERPRINT]() {
    this._files_fingerprint ??= fingerprint_of(this._to_json(), this.init_kwargs);
    return fingerprint_of(
      this._files_fingerprint,
      this.model_max_length,
      this.model_input_names,
      this.pad_token_id,
    );
  }

  /** How a worker rebuilds it. */
  [PORTABLE]() {
    return portable_tokenizer(this);
  }

  /**
   * Writes tokenizer.json and tokenizer_config.json.
   * @param {import("../hub/save_folder.js").Sink} sink
   */
  async save_to(sink) {
    await sink.write("tokenizer.json", this._to_json());
    await sink.write("tokenizer_config.json", `${JSON.stringify(this.init_kwargs, null, 2)}\n`);
  }

  /**
   * Saves it as a folder that from_pretrained (and transformers) reads.
   * @param {string} save_directory
   */
  async save_pretrained(save_directory) {
    await save_folder(save_directory, (sink) => this.save_to(sink));
  }

  toString() {
    const fields = {
      vocab_size: this.vocab_size,
      model_max_length: this.model_max_length,
      padding_side: this.padding_side,
      truncation_side: this.truncation_side,
      special_tokens: this.special_tokens_map,
    };
    const texts = Object.entries(fields).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
    return `${this.init_kwargs.tokenizer_class}(${texts.join(", ")})`;
  }

  /** Gives its memory back now. */
  free() {
    this._encoding.free();
    this._handle.free();
  }
}

/** @param {Record<string, any[]>} columns */
function first_row(columns) {
  return Object.fromEntries(Object.entries(columns).map(([name, [row]]) => [name, row]));
}

/**
 * Encoders take their positions from the first token on, so both sides are the right one.
 * @param {Record<string, any>} config
 */
function check_sides(config) {
  for (const name of ["padding_side", "truncation_side"])
    if ((config[name] ?? "right") !== "right")
      throw new TunelabError(
        `${name} "${config[name]}" is not supported, only "right"; pass {${name}: "right"} to from_pretrained`,
        "TL_ERR_UNSUPPORTED",
      );
}
