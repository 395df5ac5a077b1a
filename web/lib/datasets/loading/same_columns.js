// The splits of a dataset with the columns and types of its first, as the datasets library prepares them.
import { error_text, TunelabError } from "../../core/errors.js";
import { cast_columns } from "../columns/cast_columns.js";
import { dtype_of, List, Value } from "../features.js";
import { FeatureDict } from "../features/struct.js";
import { updated_fingerprint } from "../fingerprint.js";
import { is_float, is_integer } from "../table/storage_type.js";

/** @typedef {import("../dataset.js").Dataset} Dataset */
/** @typedef {import("../features.js").Feature} Feature */
/** @typedef {import("../features.js").Features} Features */

/**
 * The first's type; where it holds nothing but nulls the other's, and floats where the other's numbers need them.
 * @param {Feature} first
 * @param {Feature} other
 * @returns {Feature}
 */
function type_of_both(first, other) {
  if (dtype_of(first) === "null") return other;
  const values = first instanceof Value && other instanceof Value;
  if (values && is_integer(first.dtype) && is_float(other.dtype)) return other;
  if (dtype_of(first) === "list" && dtype_of(other) === "list") {
    const items = type_of_both(first.feature, other.feature);
    return items === first.feature ? first : new List(items);
  }
  if (dtype_of(first) !== "struct" || dtype_of(other) !== "struct") return first;
  const fields = Object.entries(first).map(([key, feature]) => [
    key,
    Object.hasOwn(other, key) ? type_of_both(feature, other[key]) : feature,
  ]);
  return new FeatureDict(Object.fromEntries(fields));
}

/**
 * @param {Features} declared columns that are there in any case, first; their types are final
 * @param {readonly Features[]} all the splits'
 * @returns {Features} all columns of all splits
 */
function common_types(declared, all) {
  /** @type {Map<string, Feature>} */
  const types = new Map(Object.entries(declared));
  for (const features of all)
    for (const [name, feature] of Object.entries(features)) {
      if (Object.hasOwn(declared, name)) continue;
      const before = types.get(name);
      types.set(name, before ? type_of_both(before, feature) : feature);
    }
  return Object.fromEntries(types);
}

/**
 * @param {Dataset} dataset @param {Features} features of its columns and perhaps more
 * @param {string} split for messages
 */
function of_types(dataset, features, split) {
  const table = dataset._rows();
  const text = (/** @type {Features} */ of) => Object.entries(of).flat().map(String).join("\n");
  if (text(table.features) === text(features)) return dataset;
  const changed = table.column_names.filter(
    (name) => String(table.features[name]) !== String(features[name]),
  );
  const types = Object.fromEntries(changed.map((name) => [name, features[name]]));
  const fingerprint = updated_fingerprint(dataset, "as_first_split", { features: text(features) });
  try {
    return dataset._with_rows(cast_columns(table, types).completed(features), fingerprint);
  } catch (error) {
    throw new TunelabError(
      `the split ${split} does not go with the splits before it: ${error_text(error)}; give the column a type that fits all, with features`,
      "TL_ERR_FORMAT",
      error,
    );
  }
}

/**
 * Splits of the same columns and types: those of the first. A column of the first that another lacks is null there,
 * and so is one that is declared; columns of nulls alone take the type that another split has.
 * @param {Record<string, Dataset>} splits in order
 * @param {Features} declared types that the splits were read with
 * @returns {Record<string, Dataset>} a column that a later split alone has it keeps
 * @throws {TunelabError} for a split whose values do not fit the first's types
 */
export function with_same_columns(splits, declared) {
  const all = Object.values(splits).map(({ features }) => Object(features));
  const types = common_types(declared, all);
  const shared = new Set([...Object.keys(declared), ...Object.keys(all[0] ?? {})]);
  const made = Object.entries(splits).map(([split, dataset]) => {
    const own = Object.keys(types).filter((name) => shared.has(name) || name in dataset.features);
    return [
      split,
      of_types(dataset, Object.fromEntries(own.map((name) => [name, types[name]])), split),
    ];
  });
  return Object.fromEntries(made);
}
