// A tokenizer folder's files, read and checked in the parts that the library itself takes from them.
import { located, TunelabError } from "../core/errors.js";
import { read_bytes, read_json, read_json_if_any } from "../hub/file_source.js";
import { read_sentencepiece } from "./sentencepiece.js";
import { SPECIAL_TOKEN_NAMES } from "./special_tokens.js";

/** @typedef {import("../hub/file_source.js").FileSource} FileSource */
/** @typedef {Record<string, any>} Fields */

/** @param {any} value */
export const is_object = (value) =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** @param {any} value */
export const is_added_token = (value) => is_object(value) && typeof value.content === "string";

/** @param {any} value */
const is_token = (value) => typeof value === "string" || is_added_token(value);

/** @param {any} value */
const is_listing = (value) => is_object(value) && Object.values(value).every(is_added_token);

/** What fields of tokenizer_config.json must be, where they are given. */
const CHECKS = /** @type {[string, (value: any) => boolean, string][]} */ ([
  ["tokenizer_class", (value) => typeof value === "string", "a class's name"],
  ["model_max_length", (value) => typeof value === "number", "a number"],
  ["max_len", (value) => typeof value === "number", "a number"],
  ["added_tokens_decoder", is_listing, "an object of tokens by id"],
  ...SPECIAL_TOKEN_NAMES.map((name) => [name, is_token, "a token's text"]),
]);

/**
 * Refuses a config whose fields cannot be what they are taken for.
 * @param {Fields} config an effective config
 * @param {string} location the folder
 * @throws {TunelabError} TL_ERR_FORMAT, naming the field
 */
export function check_config(config, location) {
  for (const [name, fits, expected] of CHECKS) {
    const value = config[name] ?? null;
    if (value !== null && !fits(value))
      throw new TunelabError(
        `${location}/tokenizer_config.json: ${name} must be ${expected}, not ${JSON.stringify(value)}`,
        "TL_ERR_FORMAT",
      );
  }
}

/**
 * A JSON file that holds an object; an empty one where there is no such file.
 * @param {FileSource} source
 * @param {string} name
 * @returns {Promise<Fields>}
 */
export async function read_fields(source, name) {
  const fields = (await read_json_if_any(source, name)) ?? {};
  if (is_object(fields)) return fields;
  throw new TunelabError(`${source.location}/${name} is not a JSON object`, "TL_ERR_FORMAT");
}

/**
 * vocab.txt: one token a line, its line number the id; of equal tokens the last counts.
 * @param {Uint8Array} bytes
 * @returns {Record<string, number>}
 */
function read_vocab_txt(bytes) {
  let text;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new TunelabError(
      "the vocabulary is not UTF-8 text; expected one token a line",
      "TL_ERR_FORMAT",
      error,
    );
  }
  const lines = text.replace(/\n$/, "").split("\n");
  return Object.fromEntries(lines.map((line, id) => [line.replace(/\p{White_Space}+$/u, ""), id]));
}

/** @param {Uint8Array} bytes */
function read_vocab_json(bytes) {
  const vocab = JSON.parse(new TextDecoder().decode(bytes));
  if (is_object(vocab)) return vocab;
  throw new TunelabError("it is no JSON object of ids by token", "TL_ERR_FORMAT");
}

/** merges.txt: two tokens a line, with a blank between them. @param {Uint8Array} bytes */
function read_merges(bytes) {
  const lines = new TextDecoder().decode(bytes).replace(/\n$/, "").split("\n");
  const merges = lines.map((line) => line.replace(/\r$/, "")).filter((line) => line !== "");
  return merges.filter((line) => !line.startsWith("#version"));
}

/** What a file beside tokenizer.json gives, by its name. */
const READERS = /** @type {Record<string, (bytes: Uint8Array) => Fields>} */ ({
  "vocab.txt": (bytes) => ({ vocab: read_vocab_txt(bytes) }),
  "vocab.json": (bytes) => ({ vocab: read_vocab_json(bytes) }),
  "merges.txt": (bytes) => ({ merges: read_merges(bytes) }),
  "spiece.model": read_sentencepiece,
  "sentencepiece.bpe.model": read_sentencepiece,
});

/** @param {FileSource} source @param {string} file @returns {Promise<Fields>} */
async function read_tokens(source, file) {
  try {
    return READERS[file](await read_bytes(source, file));
  } catch (error) {
    throw located(error, `${source.location}/${file}`);
  }
}

/**
 * What the tokens stand in: tokenizer.json, or the files of the tokenizer's class.
 * @param {FileSource} source
 * @param {readonly string[]} files those files
 * @returns {Promise<{file: string, json?: Fields, tokens?: import("./rebuilt_tokenizer.js").Tokens}>}
 */
export async function read_tokenizer_file(source, files) {
  if (await source.exists("tokenizer.json")) {
    const json = await read_json(source, "tokenizer.json");
    if (is_object(json)) return { file: "tokenizer.json", json };
    throw new TunelabError(
      `${source.location}/tokenizer.json is not a JSON object`,
      "TL_ERR_FORMAT",
    );
  }
  let tokens = /** @type {Fields} */ ({});
  for (const file of files) {
    if (!(await source.exists(file)))
      throw new TunelabError(
        `${source.location} holds no tokenizer; expected tokenizer.json or ${files.join(" and ")}`,
      );
    tokens = { ...tokens, ...(await read_tokens(source, file)) };
  }
  return {
    file: files[0],
    tokens: /** @type {import("./rebuilt_tokenizer.js").Tokens} */ (tokens),
  };
}
