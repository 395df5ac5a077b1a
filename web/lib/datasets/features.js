// The types of a dataset's columns: what the other files of this package need of them.
export { ClassLabel } from "./features/class_label.js";
export { feature_from_json } from "./features/feature_json.js";
export { LargeList, List, Sequence } from "./features/list.js";
export { dtype_of, encode_value } from "./features/struct.js";
export { is_text, Value } from "./features/value.js";

/**
 * @typedef {object} FeatureBase what every type has
 * @property {string} dtype Arrow's name of what is stored; "list", "struct" for nested types
 * @property {(value: any) => any} encode_example a value as the column holds it; null stays null
 * @property {() => string} toString as Python prints it
 */
/** @typedef {FeatureBase & Record<string, any>} Feature */
/** @typedef {Record<string, Feature>} Features by column */
/** @typedef {Feature | Record<string, any>} FeatureLike a plain object of types is a dict of types */
