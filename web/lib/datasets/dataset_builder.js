// What a dataset's name stands for, before any row is read: its configurations, the files of its
// splits, the types of its columns.
import { TunelabError } from "../core/errors.js";
import { is_address, open_source, read_text, split_hub_options } from "../hub/file_source.js";
import { EXTENSIONS, kind_of, split_files } from "./data_files.js";
import { card_config } from "./dataset_card.js";
import { Features } from "./features/features_dict.js";
import { choose_config } from "./loading/choose_config.js";
import { converted_configs, loading_script } from "./loading/converted_parquet.js";
import { files_by_path, is_data_file } from "./loading/local_files.js";
import { READ_OPTIONS } from "./readers/read_file.js";

/** @typedef {import("./read_split.js").Located} Located */
/** @typedef {import("./readers/read_file.js").FileKind} FileKind */
/** @typedef {import("../hub/hub_source.js").HubOptions} HubOptions */
/** @typedef {import("./features.js").FeatureLike} FeatureLike */

/**
 * @typedef {object} OnlyBuilder
 * @property {string} [name] the configuration, as the second argument
 * @property {string} [data_dir] a folder of the dataset that holds the files
 * @property {import("./data_files.js").DataFiles} [data_files] files or patterns: one, a list, or
 *   {split: …}
 * @property {Record<string, FeatureLike>} [features] types of columns, over what the files say
 * @property {boolean} [trust_remote_code] refused if true: no code of datasets is run
 */
/** @typedef {OnlyBuilder & HubOptions} BuilderOptions */

/** A dataset's configuration, and where its rows are. */
export class DatasetBuilder {
  /**
   * Use load_dataset_builder.
   * @param {string} name for messages
   * @param {string} config_name
   * @param {Record<string, Located[]>} files by split
   * @param {Record<string, any>} features of the columns that declare one
   * @param {import("./readers/read_file.js").ReadOptions} [reading] how the files are to be read
   */
  constructor(name, config_name, files, features, reading = {}) {
    this.name = name;
    this.config_name = config_name;
    this.files = files;
    this.features = new Features(features);
    this.reading = reading;
  }

  /** @returns {string[]} */
  get split_names() {
    return Object.keys(this.files);
  }

  /**
   * @param {{features?: Record<string, FeatureLike>, columns?: readonly string[]}} options load_dataset's
   * @returns {import("./features.js").Features} the types that the card and `features` declare, of the columns
   *   that are read
   */
  declared({ features, columns }) {
    const all = Object.entries(new Features({ ...this.features, ...features }));
    return Object.fromEntries(all.filter(([name]) => !columns || columns.includes(name)));
  }
}

/** Files that are all of one kind, whatever their names: "csv", "json", "parquet". */
const FILE_KINDS = /** @type {Set<string>} */ (new Set(Object.values(EXTENSIONS)));

/**
 * A dataset's configurations and how to find their files.
 * @typedef {object} Layout
 * @property {readonly {config_name: string, default?: boolean}[]} configs at least one
 * @property {(config_name: string, data_files?: import("./data_files.js").DataFiles) =>
 *   {files: Record<string, Located[]>, features: Record<string, any>, reading?: import("./readers/read_file.js").ReadOptions}} open
 */

/** What a card's configuration says of reading its files, such as `sep`. @param {Record<string, any>} [config] */
const reading_of = (config = {}) =>
  Object.fromEntries(
    READ_OPTIONS.flatMap((name) => (name in config ? [[name, config[name]]] : [])),
  );

/**
 * A folder, an address, or a repository of the Hub.
 * @param {string} path
 * @param {BuilderOptions} options
 * @returns {Promise<Layout>}
 */
async function layout_of(path, options) {
  const hub = { ...split_hub_options(options).hub, repo_type: /** @type {const} */ ("dataset") };
  const source = await open_source(path, hub);
  const files = await source.list();
  const script = loading_script(files, path);
  const given = options.data_files !== undefined || options.data_dir !== undefined;
  if (script && "repo_id" in source && !given) return converted_layout(path, script, hub);
  const card = (await source.exists("README.md")) ? await read_text(source, "README.md") : "";
  const { configs, features_of } = card_config(card, `${source.location}/README.md`);
  return {
    configs: configs.length > 0 ? configs : [{ config_name: "default" }],
    open: (config_name, data_files) => {
      const stored = configs.find((each) => each.config_name === config_name);
      const config = options.data_dir ? { data_dir: options.data_dir } : stored;
      const found = split_files(files, { data_files, config }, path);
      const located = found.map(({ split, paths }) => [
        split,
        paths.map((file) => ({ source, path: file })),
      ]);
      return {
        files: Object.fromEntries(located),
        features: data_files || options.data_dir ? {} : features_of(stored?.config_name),
        reading: reading_of(stored),
      };
    },
  };
}

/**
 * @param {string} path @param {string} script @param {HubOptions} hub
 * @returns {Promise<Layout>}
 */
async function converted_layout(path, script, hub) {
  const configs = await converted_configs(path, script, hub);
  return {
    configs: Object.keys(configs).map((config_name) => ({ config_name })),
    open: (config_name) => ({ files: configs[config_name], features: {} }),
  };
}

/** @param {BuilderOptions} options */
function refuse_code({ trust_remote_code }) {
  if (!trust_remote_code) return;
  throw new TunelabError(
    "trust_remote_code is not supported: no code of datasets is run. Without it, a dataset with a loading script is read from the Parquet files that the Hub keeps of it",
    "TL_ERR_UNSUPPORTED",
  );
}

/**
 * Finds out what load_dataset would read, and reads no rows.
 * @param {string} path as load_dataset's
 * @param {string | BuilderOptions} [name] a configuration, or the options
 * @param {BuilderOptions} [options]
 * @returns {Promise<DatasetBuilder>}
 * @throws {TunelabError} for names that are none, with those that there are
 */
export async function load_dataset_builder(path, name, options = {}) {
  const all = typeof name === "string" ? { ...options, name } : { ...name, ...options };
  refuse_code(all);
  if (typeof path !== "string" || path.trim() === "")
    throw new TunelabError(
      `load_dataset needs a dataset's name, file or folder, or a kind of files such as "csv"; not ${JSON.stringify(path)}`,
    );
  if (FILE_KINDS.has(path))
    return new DatasetBuilder(
      path,
      "default",
      await files_by_path(/** @type {FileKind} */ (path), all.data_files, all.data_dir),
      {},
    );
  if (await is_data_file(path))
    return new DatasetBuilder(path, "default", await files_by_path(undefined, path), {});
  if (kind_of(path) && !is_address(path))
    throw new TunelabError(`there is no file ${path}; give the path of a data file that is there`);
  const layout = await layout_of(path, all);
  const config_name = choose_config(layout.configs, all.name ?? undefined, path);
  const { files, features, reading } = layout.open(config_name, all.data_files);
  return new DatasetBuilder(path, config_name, files, features, reading);
}

/**
 * @param {string} path a dataset's name or folder
 * @param {BuilderOptions} [options]
 * @returns {Promise<string[]>} the configurations that load_dataset takes
 */
export async function get_dataset_config_names(path, options = {}) {
  refuse_code(options);
  const { configs } = await layout_of(path, options);
  return configs.map(({ config_name }) => config_name);
}

/**
 * @param {string} path a dataset's name or folder
 * @param {string | BuilderOptions} [config_name]
 * @param {BuilderOptions} [options]
 * @returns {Promise<string[]>} the splits of a configuration
 */
export async function get_dataset_split_names(path, config_name, options) {
  return (await load_dataset_builder(path, config_name, options)).split_names;
}
