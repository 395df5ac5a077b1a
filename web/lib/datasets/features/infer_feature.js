// The type of a column that has none: what its values have in common.
import { TunelabError } from "../../core/errors.js";
import { List } from "./list.js";
import { FeatureDict } from "./struct.js";
import { Value } from "./value.js";

/** @typedef {import("../features.js").Feature} Feature */

/** What datasets stores a tokenizer's columns as. */
const TOKENIZER_COLUMNS = /** @type {Record<string, string>} */ ({
  input_ids: "int32",
  token_type_ids: "int8",
  attention_mask: "int8",
  special_tokens_mask: "int8",
});

/** @param {unknown} value */
function kind_of_value(value) {
  if (typeof value === "number") return Number.isInteger(value) ? "int64" : "float64";
  if (typeof value === "bigint") return "int64";
  if (typeof value === "string") return "string";
  if (typeof value === "boolean") return "bool";
  if (value instanceof Uint8Array) return "binary";
  return Array.isArray(value) || ArrayBuffer.isView(value) ? "list" : "struct";
}

/** @param {unknown} value */
const is_missing = (value) => value === null || value === undefined;

/**
 * The type that holds all values of a column; nulls fit any.
 * @param {readonly any[]} values
 * @param {string} name for messages, and for the tokenizer's columns
 * @returns {Feature}
 * @throws {TunelabError} TL_ERR_FORMAT for values of two types, naming the row
 */
export function infer_feature(values, name) {
  let dtype = "null";
  for (let row = 0; row < values.length; ++row) {
    const value = values[row];
    if (is_missing(value)) continue;
    const found = kind_of_value(value);
    const numeric = dtype.endsWith("64") && found.endsWith("64");
    if (dtype === "null" || (numeric && found === "float64")) dtype = found;
    else if (dtype !== found && !numeric)
      throw new TunelabError(
        `column ${name} mixes ${dtype} and ${found} (row ${row}: ${JSON.stringify(value)}); a column holds one type`,
        "TL_ERR_FORMAT",
      );
  }
  const filled = () => values.filter((value) => !is_missing(value));
  if (dtype === "list") return new List(infer_elements(filled(), name));
  return dtype === "struct" ? infer_struct(filled(), name) : new Value(dtype);
}

/** @param {readonly any[]} lists @param {string} name */
function infer_elements(lists, name) {
  if (name in TOKENIZER_COLUMNS) return new Value(TOKENIZER_COLUMNS[name]);
  return infer_feature(
    lists.flatMap((list) => [...list]),
    name,
  );
}

/** @param {readonly Record<string, any>[]} dicts @param {string} name @returns {Feature} */
function infer_struct(dicts, name) {
  const keys = new Set(dicts.flatMap((dict) => Object.keys(dict)));
  const parts = [...keys].map((key) => [
    key,
    infer_feature(
      dicts.map((dict) => dict[key]),
      `${name}.${key}`,
    ),
  ]);
  return /** @type {Feature} */ (new FeatureDict(Object.fromEntries(parts)));
}
