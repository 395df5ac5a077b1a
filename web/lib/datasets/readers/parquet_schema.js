// The types of a Parquet file's columns, from its schema and from what the datasets library stored
// beside it.
import { isListLike } from "hyparquet/src/schema.js";
import { TunelabError } from "../../core/errors.js";
import { List, Value } from "../features.js";
import { features_from_json } from "../features/feature_json.js";
import { FeatureDict } from "../features/struct.js";

/** @typedef {import("hyparquet").SchemaTree} SchemaTree */
/** @typedef {import("../features.js").Feature} Feature */

/** Arrow's names of the types that a leaf's annotation names. */
const CONVERTED = /** @type {Record<string, string>} */ ({
  UTF8: "string",
  ENUM: "string",
  JSON: "string",
  DATE: "date32",
  TIMESTAMP_MILLIS: "timestamp[ms]",
  TIMESTAMP_MICROS: "timestamp[us]",
  DECIMAL: "float64",
  INT_8: "int8",
  INT_16: "int16",
  INT_32: "int32",
  INT_64: "int64",
  UINT_8: "uint8",
  UINT_16: "uint16",
  UINT_32: "uint32",
  UINT_64: "uint64",
});

/** And without one. */
const PHYSICAL = /** @type {Record<string, string>} */ ({
  BOOLEAN: "bool",
  INT32: "int32",
  INT64: "int64",
  INT96: "timestamp[ns]",
  FLOAT: "float32",
  DOUBLE: "float64",
  BYTE_ARRAY: "binary",
  FIXED_LEN_BYTE_ARRAY: "binary",
});

const UNITS = { MILLIS: "ms", MICROS: "us", NANOS: "ns" };

/** @param {any} element @returns {string} Arrow's name, or what the type is called where there is none */
function leaf_dtype({ type, converted_type, logical_type }) {
  const logical = logical_type?.type;
  if (logical === "STRING" || logical === "UUID") return "string";
  if (logical === "FLOAT16") return "float16";
  if (logical === "NULL") return "null";
  if (logical === "TIMESTAMP") {
    const zone = logical_type.isAdjustedToUTC ? ", tz=UTC" : "";
    return `timestamp[${UNITS[/** @type {"MILLIS"} */ (logical_type.unit)]}${zone}]`;
  }
  if (logical === "INTEGER")
    return `${logical_type.isSigned ? "" : "u"}int${logical_type.bitWidth}`;
  const named = converted_type ?? logical;
  return named ? (CONVERTED[named] ?? named) : (PHYSICAL[type] ?? type);
}

/** @param {any} node @param {string} column for messages @returns {Feature} */
function feature_of_node(node, column) {
  const { element, children } = node;
  const once = () => {
    if (children.length === 0) return leaf_feature(element, column);
    if (isListLike(node)) {
      const [repeated] = children;
      const single = repeated.children.length === 1;
      return new List(
        feature_of_node(single ? repeated.children[0] : unrepeated(repeated), column),
      );
    }
    const kind = element.converted_type ?? element.logical_type?.type;
    if (kind) throw unsupported(column, kind);
    const fields = children.map((/** @type {any} */ child) => [
      child.element.name,
      feature_of_node(child, column),
    ]);
    return new FeatureDict(Object.fromEntries(fields));
  };
  const feature = /** @type {Feature} */ (once());
  return element.repetition_type === "REPEATED" ? new List(feature) : feature;
}

/** @param {any} node @returns {any} the same, once: a list of two levels is a list already */
const unrepeated = (node) => ({
  ...node,
  element: { ...node.element, repetition_type: "REQUIRED" },
});

/** @param {any} element @param {string} column */
function leaf_feature(element, column) {
  const dtype = leaf_dtype(element);
  if (/^[A-Z]/.test(dtype)) throw unsupported(column, dtype);
  return new Value(dtype);
}

/** @param {string} column @param {string} type */
const unsupported = (column, type) =>
  new TunelabError(
    `column ${column} is of Parquet's type ${type}, which is not read; name the others with columns: [...]`,
    "TL_ERR_UNSUPPORTED",
  );

/**
 * @param {import("hyparquet").FileMetaData} metadata
 * @param {readonly SchemaTree[]} columns the top-level ones to read
 * @returns {Record<string, Feature>} stored types where there are any that this library reads
 * @throws {TunelabError} TL_ERR_UNSUPPORTED, naming column and type
 */
export function parquet_features({ key_value_metadata }, columns) {
  const text = key_value_metadata?.find(({ key }) => key === "huggingface")?.value;
  const stored = features_from_json(text ? JSON.parse(text).info?.features : undefined);
  const features = columns.map((node) => {
    const { name } = node.element;
    const found = feature_of_node(node, name);
    return [name, fits(stored[name], found) ? stored[name] : found];
  });
  return Object.fromEntries(features);
}

/** A stored type describes the column if both nest alike. @param {Feature | undefined} stored @param {Feature} found */
function fits(stored, found) {
  const nests = (/** @type {Feature} */ { dtype }) =>
    dtype === "list" || dtype === "struct" ? dtype : "value";
  return stored !== undefined && nests(stored) === nests(found);
}
