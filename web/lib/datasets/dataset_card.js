// The YAML header of a dataset's README.md: its configurations and the types of its columns.
import { parse } from "yaml";
import { error_text, TunelabError } from "../core/errors.js";
import { features_from_card } from "./features/feature_yaml.js";

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
      return features_from_card(info?.features ?? []);
    },
  };
}
