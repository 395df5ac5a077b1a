// Features: the types of a dataset's columns, with their forms in files.
import { feature_to_json, features_from_json } from "./feature_json.js";
import { features_from_card } from "./feature_yaml.js";
import { FeatureDict } from "./struct.js";

/**
 * A dataset's columns with their types, as `dataset.features` has them; where the library takes
 * features, a plain object will do.
 */
export class Features extends FeatureDict {
  /**
   * @param {Record<string, any>} stored as to_dict gave it; a column of a type that this library
   *   does not read is left out
   */
  static from_dict(stored) {
    return new Features(features_from_json(stored));
  }

  /** @param {readonly any[]} listed the `features` of a dataset card's YAML header */
  static from_card(listed) {
    return new Features(features_from_card(listed));
  }

  /** As JSON, the form that files of the datasets library carry. @returns {Record<string, any>} */
  to_dict() {
    return feature_to_json(/** @type {any} */ (this));
  }
}
