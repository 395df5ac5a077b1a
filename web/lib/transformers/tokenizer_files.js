// A tokenizer folder's files, read and checked in the parts that the library itself takes from them.
import { located, TunelabError } from "../core/errors.js";
import { read_bytes, read_json, read_json_if_any } from "../hub/file_source.js";
import { read_vocab } from "./bert_tokenizer.js";
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
 * What the tokens stand in: tokenizer.json, or an older folder's vocab.txt.
 * @param {FileSource} source
 * @returns {Promise<{file: string, json?: Fields, vocab?: Record<string, number>}>}
 */
export async function read_tokenizer_file(source) {
  if (await source.exists("tokenizer.json")) {
    const json = await read_json(source, "tokenizer.json");
    if (is_object(json)) return { file: "tokenizer.json", json };
    throw new TunelabError(
      `${source.location}/tokenizer.json is not a JSON object`,
      "TL_ERR_FORMAT",
    );
  }
  const file = "vocab.txt";
  if (!(await source.exists(file)))
    throw new TunelabError(
      `${source.location} holds no tokenizer; expected tokenizer.json or vocab.txt`,
    );
  try {
    return { file, vocab: read_vocab(await read_bytes(source, file)) };
  } catch (error) {
    throw located(error, `${source.location}/${file}`);
  }
}
