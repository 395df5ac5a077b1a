// load_dataset: local files and folders laid out like datasets on the Hub, to typed splits.
import { in_node } from "../core/builds.js";
import { TunelabError } from "../core/errors.js";
import { is_address, open_source, read_text } from "../hub/file_source.js";
import {
  choose_config,
  EXTENSIONS,
  kind_of,
  patterns_by_split,
  split_files,
} from "./data_files.js";
import { card_config } from "./dataset_card.js";
import { dataset_dict } from "./dataset_dict.js";
import { read_split } from "./read_split.js";

/** @typedef {import("./features.js").Features} Features */
/** @typedef {import("./dataset.js").Dataset} Dataset */
/** @typedef {import("./read_split.js").Located} Located */

/**
 * @typedef {object} OnlyLoad
 * @property {string} [name] the configuration, as the second argument
 * @property {import("./data_files.js").DataFiles} [data_files] files or patterns: one, a list, or
 *   {split: …}
 * @property {string} [split] only this split, as a Dataset
 * @property {Features} [features] types of columns, over what the files say
 */
/** @typedef {OnlyLoad & import("./read_split.js").ReadOptions} LoadOptions */

/** Folder and file name of a path. @param {string} path */
function parts_of(path) {
  const at = path.lastIndexOf("/");
  return at < 0
    ? { folder: ".", file: path }
    : { folder: path.slice(0, at) || "/", file: path.slice(at + 1) };
}

/**
 * Files named by path, each by itself, for load_dataset("csv", {data_files}).
 * @param {LoadOptions} options
 */
async function located_by_path(options) {
  if (!options.data_files)
    throw new TunelabError("load_dataset: data_files is needed, such as {train: 'train.csv'}");
  /** @type {Record<string, Located[]>} */
  const splits = {};
  for (const [split, paths] of patterns_by_split(options.data_files)) {
    splits[split] = [];
    for (const path of paths) {
      const { folder, file } = parts_of(path);
      splits[split].push({ source: await open_source(folder), path: file });
    }
  }
  return { splits, features: {} };
}

/**
 * A folder or address laid out like a dataset on the Hub.
 * @param {string} path
 * @param {LoadOptions} options
 */
async function located_by_layout(path, options) {
  const source = await open_source(path);
  const card = (await source.exists("README.md")) ? await read_text(source, "README.md") : "";
  const { configs, features_of } = card_config(card, `${source.location}/README.md`);
  const config = configs.length > 0 ? choose_config(configs, options.name, path) : undefined;
  if (!config && options.name && options.name !== "default")
    throw new TunelabError(
      `${path} declares no configurations, so there is none named ${options.name}`,
    );
  const found = split_files(await source.list(), { data_files: options.data_files, config }, path);
  const splits = Object.fromEntries(
    found.map(({ split, paths }) => [split, paths.map((file) => ({ source, path: file }))]),
  );
  return { splits, features: features_of(config?.config_name) };
}

/** @param {string} path */
async function is_file(path) {
  if (!in_node || is_address(path)) return kind_of(path) !== undefined;
  const { stat } = await import("node:fs/promises");
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}

/** Files that are all of one kind, whatever their names: "csv", "json", "parquet". */
const BUILDERS = new Set(Object.values(EXTENSIONS));

/**
 * Loads a dataset from files: `load_dataset("csv", {data_files: {train: "train.csv"}})`,
 * `load_dataset("reviews.jsonl")`, or a folder laid out like a dataset on the Hub:
 * `load_dataset("datasets/glue", "mrpc")`.
 * @param {string} path "csv", "json", "parquet", a file, a folder, or an address
 * @param {string | LoadOptions} [name] a configuration, or the options
 * @param {LoadOptions} [options]
 * @returns {Promise<any>} a DatasetDict; a Dataset if `split` is given
 * @throws {TunelabError} for files that are missing, malformed or of differing columns
 */
export async function load_dataset(path, name, options = {}) {
  const all = typeof name === "string" ? { ...options, name } : { ...name, ...options };
  const by_builder = /** @type {Set<string>} */ (BUILDERS).has(path);
  const direct = !by_builder && (await is_file(path));
  const { splits, features } =
    by_builder || direct
      ? await located_by_path(direct ? { ...all, data_files: path } : all)
      : await located_by_layout(path, all);
  if (all.split !== undefined && !splits[all.split])
    throw new TunelabError(
      `Unknown split "${all.split}". Should be one of ${Object.keys(splits).join(", ")}.`,
    );
  /** @type {Record<string, Dataset>} */
  const loaded = {};
  for (const [split, files] of Object.entries(splits))
    if (all.split === undefined || all.split === split)
      loaded[split] = await read_split(files, all, { ...features, ...all.features });
  return all.split === undefined ? dataset_dict(loaded) : loaded[all.split];
}
