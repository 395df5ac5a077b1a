// Datasets that are a script: the script is never run; the Hub keeps their rows as Parquet files too, on
// a branch of its own.
import { TunelabError } from "../../core/errors.js";
import { logger } from "../../core/logging.js";
import { open_source } from "../../hub/file_source.js";
import { is_hub_error } from "../../hub/hub_error.js";

/** @typedef {import("../../hub/file_source.js").FileSource} FileSource */
/** @typedef {import("../read_split.js").Located} Located */

const BRANCH = "refs/convert/parquet";

/** configuration / split / file; a split that was not converted whole is named partial-… */
const CONVERTED = /^([^/]+)\/(?:(partial)-)?([^/]+)\/[^/]+\.parquet$/;

/** Whether a repository holds a loading script. @param {readonly string[]} files @param {string} name */
export function loading_script(files, name) {
  return files.find((path) => path === `${name.split("/").at(-1)}.py`);
}

/**
 * The splits of each configuration on the branch of converted files.
 * @param {string} name the dataset's, on the Hub
 * @param {string} script its loading script's, for messages
 * @param {import("../../hub/hub_source.js").HubOptions} options
 * @returns {Promise<Record<string, Record<string, Located[]>>>} by configuration and split
 * @throws {TunelabError} if the Hub has no such files
 */
export async function converted_configs(name, script, options) {
  const source = await open_source(name, { ...options, revision: BRANCH }).catch((error) => {
    if (!is_hub_error(error, "revision_not_found", "entry_not_found")) throw error;
    throw new TunelabError(
      `${name} is a dataset with a loading script (${script}), which is never run, and the Hub holds no Parquet files of it; look for a copy of it without a script`,
      "TL_ERR_UNSUPPORTED",
      error,
    );
  });
  /** @type {Record<string, Record<string, Located[]>>} */
  const configs = {};
  for (const path of await source.list()) {
    const [, config, partial, split] = CONVERTED.exec(path) ?? [];
    if (config === undefined) continue;
    const splits = (configs[config] ??= {});
    if (partial && !splits[split])
      logger.warning(
        `${name}: the Hub has converted only the first rows of the split ${split} of ${config}; the others are missing`,
      );
    (splits[split] ??= []).push({ source, path });
  }
  return configs;
}
