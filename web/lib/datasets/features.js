// The types of a dataset's columns: Value, ClassLabel and List, inferred from values or read from a
// file's metadata.
import { TunelabError } from "../core/errors.js";

/** @typedef {Value | ClassLabel | List} Feature */
/** @typedef {Record<string, Feature>} Features */

const inspect = Symbol.for("nodejs.util.inspect.custom");

/** A number, string or boolean. */
export class Value {
  /** @param {string} dtype "string", "int64", "float32", "bool", "null", … */
  constructor(dtype) {
    this.dtype = dtype;
  }

  toString() {
    return `Value('${this.dtype}')`;
  }

  [inspect]() {
    return this.toString();
  }
}

/** An integer that stands for a name. */
export class ClassLabel {
  /**
   * @param {{names?: readonly string[], num_classes?: number}} options names in the order of their
   *   integers, or how many
   */
  constructor({ names, num_classes }) {
    if (!names && num_classes === undefined)
      throw new TunelabError("ClassLabel needs names or num_classes");
    this.names = names ?? Array.from({ length: Number(num_classes) }, (_, i) => String(i));
    this.dtype = "int64";
  }

  get num_classes() {
    return this.names.length;
  }

  /** @param {string} name */
  str2int(name) {
    const label = this.names.indexOf(name);
    if (label < 0)
      throw new TunelabError(
        `Invalid string class label ${name}; the classes are ${this.names.join(", ")}`,
      );
    return label;
  }

  /** @param {number} label */
  int2str(label) {
    const name = this.names[label];
    if (name === undefined) throw new TunelabError(`Invalid integer class label ${label}`);
    return name;
  }

  toString() {
    return `ClassLabel(names=[${this.names.map((name) => `'${name}'`).join(", ")}])`;
  }

  [inspect]() {
    return this.toString();
  }
}

/** Lists of one type; Sequence in older versions of datasets. */
export class List {
  /** @param {Feature} feature */
  constructor(feature) {
    this.feature = feature;
    this.dtype = "list";
  }

  /** @returns {string} */
  toString() {
    return `List(${this.feature})`;
  }

  [inspect]() {
    return this.toString();
  }
}

/** What datasets stores a tokenizer's columns as. */
const TOKENIZER_COLUMNS = /** @type {Record<string, string>} */ ({
  input_ids: "int32",
  token_type_ids: "int8",
  attention_mask: "int8",
  special_tokens_mask: "int8",
});

/** @param {unknown} value */
function dtype_of(value) {
  if (typeof value === "number") return Number.isInteger(value) ? "int64" : "float64";
  if (typeof value === "string") return "string";
  return typeof value === "boolean" ? "bool" : "struct";
}

/**
 * The type that holds all values of a column; nulls fit any.
 * @param {readonly any[]} values
 * @param {string} name for messages, and for the tokenizer's columns
 * @returns {Feature}
 */
export function infer_feature(values, name) {
  let dtype = "null";
  for (let row = 0; row < values.length; ++row) {
    const value = values[row];
    if (value === null || value === undefined) continue;
    if (Array.isArray(value)) return new List(infer_list(values, name));
    const found = dtype_of(value);
    const numeric = dtype.endsWith("64") && found.endsWith("64");
    if (dtype === "null" || (numeric && found === "float64")) dtype = found;
    else if (dtype !== found && !numeric)
      throw new TunelabError(
        `column ${name} mixes ${dtype} and ${found} (row ${row}: ${JSON.stringify(value)}); a column holds one type`,
        "TL_ERR_FORMAT",
      );
  }
  return new Value(dtype);
}

/** @param {readonly any[]} values @param {string} name */
function infer_list(values, name) {
  if (name in TOKENIZER_COLUMNS) return new Value(TOKENIZER_COLUMNS[name]);
  const items = values.flatMap((value, row) => {
    if (value !== null && value !== undefined && !Array.isArray(value))
      throw new TunelabError(`column ${name} mixes lists and others (row ${row})`, "TL_ERR_FORMAT");
    return value ?? [];
  });
  return infer_feature(items, name);
}

/**
 * A feature as the `huggingface` metadata of Parquet files and dataset_info.json hold it.
 * @param {any} stored such as {"dtype": "string", "_type": "Value"}
 * @returns {Feature | undefined} undefined for types this library does not name
 */
export function feature_from_json(stored) {
  if (stored?._type === "Value") return new Value(stored.dtype);
  if (stored?._type === "ClassLabel") return new ClassLabel({ names: stored.names });
  if (stored?._type === "List" || stored?._type === "Sequence") {
    const inner = feature_from_json(stored.feature);
    return inner && new List(inner);
  }
  return undefined;
}

/**
 * A feature as the YAML header of a dataset card holds it.
 * @param {any} stored such as {name: label, dtype: {class_label: {names: {"0": no, "1": yes}}}}
 * @returns {Feature | undefined}
 */
export function feature_from_card(stored) {
  if (stored?.list || stored?.sequence) {
    const inner = stored.list ?? stored.sequence;
    const feature = feature_from_card(typeof inner === "string" ? { dtype: inner } : inner);
    return feature && new List(feature);
  }
  const names = stored?.dtype?.class_label?.names;
  if (names) return new ClassLabel({ names: Object.values(names) });
  return typeof stored?.dtype === "string" ? new Value(stored.dtype) : undefined;
}
