// The YAML header of a dataset's README.md: its configurations and the types of its columns.
import { parse } from "yaml";
import { error_text, TunelabError } from "../core/errors.js";
import { features_from_card } from "./features/feature_yaml.js";

/** @typedef {import("./features.js").Features} Features */
/**
 * @typedef {{config_name: string, data_files?: any, data_dir?: string, default?: boolean}}
 *   CardConfig
 */

/** @param {any} value */
const is_text = (value) => typeof value === "string";

/** Whether files are given as load_dataset's data_files, or as a list of {split, path}. @param {any} files */
function are_data_files(files) {
  const paths = (/** @type {any} */ given) => [given].flat().every(is_text);
  if (files === undefined || files === null || paths(files)) return true;
  if (typeof files !== "object") return false;
  return Array.isArray(files)
    ? files.every((each) => is_text(each?.split) && paths(each.path))
    : Object.values(files).every(paths);
}

/** @param {any} config */
const is_config = (config) => is_text(config?.config_name) && are_data_files(config.data_files);

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
      `${location}: its YAML header cannot be read: ${error_text(error).split(/:?\n/, 1)[0]}`,
      "TL_ERR_FORMAT",
      error,
    );
  }
  const infos = [fields.dataset_info ?? []].flat();
  const configs = fields.configs ?? [];
  const odd = [configs].flat().find((each) => !is_config(each));
  if (odd !== undefined)
    throw new TunelabError(
      `${location}: ${JSON.stringify(odd)} is no configuration; expected config_name, and data_files as paths or a list of split and path`,
      "TL_ERR_FORMAT",
    );
  return {
    configs: [configs].flat(),
    features_of: (config_name) => {
      const info =
        infos.find((each) => each.config_name === config_name) ??
        (infos.length === 1 ? infos[0] : undefined);
      return features_from_card(info?.features ?? []);
    },
  };
}
