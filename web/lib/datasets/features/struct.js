// Features: types under their names, of a dataset's columns or of a cell that is a dict itself.
import { TunelabError } from "../../core/errors.js";
import { inspect_as_text } from "./inspect_as_text.js";
import { python_repr } from "./python_repr.js";

/** @typedef {import("../features.js").Feature} Feature */
/** @typedef {import("../features.js").FeatureLike} FeatureLike */

/** Types by name, as own properties: `features.label`, `Object.keys(features)`. */
export class FeatureDict {
  /** @param {Record<string, FeatureLike>} features */
  constructor(features) {
    for (const [name, feature] of Object.entries(features))
      Object.defineProperty(this, name, {
        value: nested(feature),
        writable: true,
        enumerable: true,
        configurable: true,
      });
  }

  get dtype() {
    return "struct";
  }

  /**
   * A row, or a cell that is a dict, as it is stored: each value by its type's encode_example.
   * @param {any} value a name that it lacks becomes null
   * @returns {any}
   */
  encode_example(value) {
    if (value === null || value === undefined) return null;
    if (typeof value !== "object" || Array.isArray(value))
      throw new TunelabError(`${JSON.stringify(value)} is no dict, as the type ${this} wants it`);
    return Object.fromEntries(
      Object.entries(this).map(([name, feature]) => [name, encode_value(feature, value[name])]),
    );
  }

  toString() {
    const parts = Object.entries(this).map(([name, feature]) => `${python_repr(name)}: ${feature}`);
    return `{${parts.join(", ")}}`;
  }
}
inspect_as_text(FeatureDict);

/**
 * A type's dtype: "struct" of dicts, also of those that have a key called `dtype`.
 * @param {Feature} feature
 * @returns {string}
 */
export const dtype_of = (feature) => (feature instanceof FeatureDict ? "struct" : feature.dtype);

/**
 * A type's encode_example, also of dicts that have a key of that name.
 * @param {Feature} feature
 * @param {any} value
 * @returns {any}
 */
export const encode_value = (feature, value) =>
  feature instanceof FeatureDict
    ? FeatureDict.prototype.encode_example.call(feature, value)
    : feature.encode_example(value);

/**
 * A type, where a plain object stands for a dict of types.
 * @param {FeatureLike} feature
 * @returns {Feature}
 * @throws {TunelabError} for what is no type
 */
export function nested(feature) {
  if (
    feature instanceof FeatureDict ||
    typeof (/** @type {any} */ (feature)?.encode_example) === "function"
  )
    return /** @type {Feature} */ (feature);
  if (typeof feature !== "object" || feature === null || Array.isArray(feature))
    throw new TunelabError(
      `${JSON.stringify(feature)} is no type of a column; expected new Value("string"), new ClassLabel({names}), new List(…) or an object of such`,
    );
  return /** @type {Feature} */ (new FeatureDict(feature));
}
