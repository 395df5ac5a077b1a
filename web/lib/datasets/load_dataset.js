// load_dataset: local files and folders laid out like datasets on the Hub, to typed splits.
import { in_node } from "../core/builds.js";
import { TunelabError } from "../core/errors.js";
import { is_address, open_source, read_text } from "../hub/file_source.js";
import { read_csv } from "./csv_reader.js";
import {
  choose_config,
  EXTENSIONS,
  kind_of,
  patterns_by_split,
  split_files,
} from "./data_files.js";
import { Dataset } from "./dataset.js";
import { card_config } from "./dataset_card.js";
import { dataset_dict } from "./dataset_dict.js";
import { read_json_rows } from "./json_reader.js";
import { read_parquet } from "./parquet_reader.js";

/** @typedef {import("./features.js").Features} Features */
/** @typedef {import("../hub/file_source.js").FileSource} FileSource */
/** @typedef {{source: FileSource, path: string}} Located */

/**
 * @typedef {object} LoadOptions
 * @property {string} [name] the configuration, as the second argument
 * @property {import("./data_files.js").DataFiles} [data_files] files or patterns: one, a list, or
 *   {split: …}
 * @property {string} [split] only this split, as a Dataset
 * @property {Features} [features] types of columns, over what the files say
 * @property {string} [field] JSON: where in the file the list of rows stands
 * @property {string} [delimiter] CSV
 * @property {number} [quoting] CSV
 * @property {readonly string[]} [column_names] CSV
 */

/**
 * @param {Located} file
 * @param {LoadOptions} options
 * @returns {Promise<{columns: Record<string, any[]>, features?: Features}>}
 */
async function read_table({ source, path }, options) {
  const location = `${source.location}/${path}`;
  const kind = kind_of(path);
  if (kind === "csv")
    return { columns: read_csv(await read_text(source, path), options, location) };
  if (kind === "json") {
    const rows = read_json_rows(await read_text(source, path), options, location);
    const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
    const columns = names.map((name) => [name, rows.map((row) => row[name] ?? null)]);
    return { columns: Object.fromEntries(columns) };
  }
  if (kind !== "parquet")
    throw new TunelabError(
      `${location} is of no known kind; files end in ${Object.keys(EXTENSIONS).join(", ")}`,
    );
  const file = await source.open(path);
  try {
    return await read_parquet(file, location);
  } finally {
    await file.close();
  }
}

/**
 * @param {Located[]} files one split's, end to end
 * @param {LoadOptions} options
 * @param {Features} features
 */
async function read_split(files, options, features) {
  /** @type {Record<string, any[]>} */
  const columns = {};
  /** @type {Features} */
  let stored = {};
  let rows = 0;
  for (const file of files) {
    const table = await read_table(file, options);
    const names = Object.keys(table.columns);
    const expected = rows === 0 ? names : Object.keys(columns);
    if (names.length !== expected.length || names.some((name) => !expected.includes(name)))
      throw new TunelabError(
        `${file.source.location}/${file.path} has the columns ${names.join(", ")}; the files before it have ${expected.join(", ")}`,
        "TL_ERR_FORMAT",
      );
    for (const name of names)
      columns[name] = columns[name]
        ? columns[name].concat(table.columns[name])
        : table.columns[name];
    stored = { ...stored, ...table.features };
    rows += table.columns[names[0]]?.length ?? 0;
  }
  return Dataset.from_dict(columns, { ...stored, ...features });
}

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
