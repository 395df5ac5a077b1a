// The types that tables store, as plain data, and how they stand to the features that people see.
import { TunelabError } from "../../core/errors.js";
import { dtype_of, is_text, List, Value } from "../features.js";
import { FeatureDict } from "../features/struct.js";

/** @typedef {import("../features.js").Feature} Feature */

/**
 * A name such as "int64" or "string", a list of one type, or an object of fields.
 * @typedef {string | {list: StorageType} | {struct: Record<string, StorageType>}} StorageType
 */

/** Integers by their types' names: the least and the greatest. */
export const INTEGER_RANGES = /** @type {Record<string, [number | bigint, number | bigint]>} */ ({
  int8: [-128, 127],
  int16: [-32768, 32767],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint8: [0, 255],
  uint16: [0, 65535],
  uint32: [0, 2 ** 32 - 1],
  uint64: [0n, 2n ** 64n - 1n],
});

/** @param {unknown} type */
export const is_integer = (type) => typeof type === "string" && type in INTEGER_RANGES;

/** @param {unknown} type */
export const is_float = (type) => typeof type === "string" && /^float(16|32|64)$/.test(type);

/** @param {unknown} type */
export const is_binary = (type) => type === "binary" || type === "large_binary";

/** Points in time, which come as Date. @param {unknown} type */
export const is_date = (type) =>
  typeof type === "string" && /^(timestamp\[\w+(, ?tz=[^\]]+)?\]|date(32|64))$/.test(type);

/** @param {string} type */
const is_stored = (type) =>
  type === "null" ||
  type === "bool" ||
  is_text({ dtype: type }) ||
  [is_integer, is_float, is_binary, is_date].some((test) => test(type));

/** @param {StorageType} type @returns {string} for messages */
export function type_name(type) {
  if (typeof type === "string") return type;
  return "list" in type ? `list<${type_name(type.list)}>` : "struct";
}

/**
 * How a feature's values are stored: labels as integers.
 * @param {Feature} feature
 * @param {string} name the column's, for messages
 * @returns {StorageType}
 * @throws {TunelabError} TL_ERR_UNSUPPORTED for types that tables do not hold
 */
export function type_of_feature(feature, name) {
  const dtype = dtype_of(feature);
  if (dtype === "list") return { list: type_of_feature(feature.feature, name) };
  if (dtype === "struct") {
    const fields = Object.entries(feature).map(([key, each]) => [key, type_of_feature(each, name)]);
    return { struct: Object.fromEntries(fields) };
  }
  if (is_stored(dtype)) return dtype;
  throw new TunelabError(
    `column ${name} is of type ${dtype}, which this library does not hold; ` +
      "numbers, text, bool, binary, timestamps, lists and objects of them are held",
    "TL_ERR_UNSUPPORTED",
  );
}

/** @param {StorageType} type @returns {Feature} the plain feature of a type */
export function feature_of_type(type) {
  if (typeof type === "string") return new Value(type);
  if ("list" in type) return new List(feature_of_type(type.list));
  const fields = Object.entries(type.struct).map(([key, each]) => [key, feature_of_type(each)]);
  return /** @type {any} */ (new FeatureDict(Object.fromEntries(fields)));
}
