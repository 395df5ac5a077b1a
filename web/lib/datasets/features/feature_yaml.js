// Features as the YAML header of a dataset card lists them.
import { TunelabError } from "../../core/errors.js";
import { feature_from_json } from "./feature_json.js";

/** @typedef {import("../features.js").Feature} Feature */

/** The keys under which a card nests the type of a list's elements. */
const LIST_TYPES = /** @type {const} */ ({
  list: "List",
  sequence: "Sequence",
  large_list: "LargeList",
});

/**
 * A card's entry in the form of feature_from_json.
 * @param {any} stored such as {dtype: string}, {list: int32}, {sequence: [{name, dtype}, …]},
 *   {struct: […]}, {dtype: {class_label: {names: {"0": no, "1": yes}}}}
 * @returns {any} undefined for what is no type
 */
function json_from_card(stored) {
  if (Array.isArray(stored))
    return Object.fromEntries(stored.map((each) => [each.name, json_from_card(each)]));
  if (typeof stored === "string") return { dtype: stored, _type: "Value" };
  if (typeof stored !== "object" || stored === null) return undefined;
  for (const [key, _type] of Object.entries(LIST_TYPES))
    if (stored[key] !== undefined)
      return { feature: json_from_card(stored[key]), length: stored.length, _type };
  if (stored.struct) return json_from_card(stored.struct);
  if (stored.class_label) return { names: label_names(stored.class_label), _type: "ClassLabel" };
  return json_from_card(stored.dtype);
}

/** @param {{names?: any, num_classes?: number}} stored names as a list or by number */
function label_names({ names, num_classes }) {
  if (Array.isArray(names)) return names;
  if (!names) return Array.from({ length: Number(num_classes) }, (_, i) => i);
  const numbers = Object.keys(names)
    .map(Number)
    .sort((a, b) => a - b);
  if (numbers.some((number, i) => number !== i))
    throw new TunelabError(
      `ClassLabel expected a value for all label ids [0:${Number(numbers.at(-1)) + 1}] but some ids are missing.`,
      "TL_ERR_FORMAT",
    );
  return numbers.map((number) => names[number]);
}

/**
 * @param {readonly any[]} stored the card's list
 * @returns {Record<string, Feature>} without columns of types that this library does not read
 */
export function features_from_card(stored) {
  /** @type {Record<string, Feature>} */
  const features = {};
  for (const each of stored) {
    const feature = feature_from_json(json_from_card(each));
    if (feature) features[each.name] = feature;
  }
  return features;
}
