// Features to and from JSON, as Parquet's `huggingface` metadata, dataset_info.json and the dataset
// server hold them.
import { ClassLabel } from "./class_label.js";
import { LargeList, List, Sequence } from "./list.js";
import { FeatureDict } from "./struct.js";
import { is_dtype, Value } from "./value.js";

/** @typedef {import("../features.js").Feature} Feature */

/**
 * @param {any} stored such as {"dtype": "string", "_type": "Value"}; a list of one, or an object
 *   without `_type`, nests
 * @returns {Feature | undefined} undefined for types that this library does not read (Image, Audio)
 */
export function feature_from_json(stored) {
  if (Array.isArray(stored)) return listed(stored[0], (inner) => new List(inner));
  if (typeof stored !== "object" || stored === null) return undefined;
  const { _type: type, length = -1 } = stored;
  if (type === undefined || typeof type === "object") return dict_from_json(stored);
  if (type === "Value") return is_dtype(stored.dtype) ? new Value(stored.dtype) : undefined;
  if (type === "ClassLabel")
    return new ClassLabel(
      stored.names ? { names: stored.names } : { num_classes: stored.num_classes },
    );
  if (type === "List") return listed(stored.feature, (inner) => new List(inner, { length }));
  if (type === "Sequence") return listed(stored.feature, (inner) => Sequence(inner, { length }));
  if (type === "LargeList") return listed(stored.feature, (inner) => new LargeList(inner));
  return undefined;
}

/**
 * @param {any} stored
 * @param {(inner: Feature) => Feature} make
 */
function listed(stored, make) {
  const inner = feature_from_json(stored);
  return inner && make(inner);
}

/** @param {Record<string, any>} stored @returns {Feature | undefined} */
function dict_from_json(stored) {
  /** @type {Record<string, Feature>} */
  const features = {};
  for (const [name, each] of Object.entries(stored)) {
    const feature = feature_from_json(each);
    if (!feature) return undefined;
    features[name] = feature;
  }
  return /** @type {Feature} */ (new FeatureDict(features));
}

/**
 * The types that this library reads; a column of another one is left out, and takes the type that
 * the file stores it as.
 * @param {Record<string, any> | null | undefined} stored
 * @returns {Record<string, Feature>}
 */
export function features_from_json(stored) {
  /** @type {Record<string, Feature>} */
  const features = {};
  for (const [name, json] of Object.entries(stored ?? {})) {
    const feature = feature_from_json(json);
    if (feature) features[name] = feature;
  }
  return features;
}

/**
 * @param {Feature} feature
 * @returns {any} what feature_from_json reads back, and the datasets library too
 */
export function feature_to_json(feature) {
  if (feature instanceof Value) return { dtype: feature.dtype, _type: "Value" };
  if (feature instanceof ClassLabel) return { names: feature.names, _type: "ClassLabel" };
  if (feature instanceof List) {
    const length = feature.length === -1 ? {} : { length: feature.length };
    const _type = feature instanceof LargeList ? "LargeList" : "List";
    return { feature: feature_to_json(feature.feature), ...length, _type };
  }
  const parts = Object.entries(feature).map(([name, each]) => [name, feature_to_json(each)]);
  return Object.fromEntries(parts);
}
