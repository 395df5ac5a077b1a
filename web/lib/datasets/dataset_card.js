// The YAML header of a dataset's README.md: its configurations and the types of its columns.
import { parse } from "yaml";
import { error_text, TunelabError } from "../core/errors.js";
import { feature_from_card } from "./features.js";

/** @typedef {import("./features.js").Features} Features */
/**
 * @typedef {{config_name: string, data_files?: any, data_dir?: string, default?: boolean}}
 *   CardConfig
 */

/**
 * @param {string} card the whole README
 * @param {string} location for messages
 * @returns {{configs: CardConfig[], features_of: (config_name?: string) => Features}}
 */
export function card_config(card, location) {
  const header = /^---\r?\n([\s\S]*?)\r?\n---/.exec(card)?.[1];
  let fields;
  try {
    fields = (header && parse(header)) ?? {};
  } catch (error) {
    throw new TunelabError(
      `${location}: its YAML header cannot be read: ${error_text(error)}`,
      "TL_ERR_FORMAT",
      error,
    );
  }
  const infos = [fields.dataset_info ?? []].flat();
  return {
    configs: fields.configs ?? [],
    features_of: (config_name) => {
      const info =
        infos.find((each) => each.config_name === config_name) ??
        (infos.length === 1 ? infos[0] : undefined);
      return features_of(info?.features ?? []);
    },
  };
}

/** @param {any[]} stored @returns {Features} */
function features_of(stored) {
  /** @type {Features} */
  const features = {};
  for (const each of stored) {
    const feature = feature_from_card(each);
    if (feature) features[each.name] = feature;
  }
  return features;
}
