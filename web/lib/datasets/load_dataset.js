// load_dataset: a name on the Hub, a folder or files, to typed splits.
import { TunelabError } from "../core/errors.js";
import { concatenate_datasets } from "./combine.js";
import { load_dataset_builder } from "./dataset_builder.js";
import { dataset_dict } from "./dataset_dict.js";
import { with_same_columns } from "./loading/same_columns.js";
import { ReadInstruction, unknown_split } from "./read_instruction.js";
import { read_split } from "./read_split.js";
import { kind_of_located } from "./readers/read_file.js";
import { stream_dataset } from "./stream_dataset.js";

/** @typedef {import("./dataset.js").Dataset} Dataset */
/** @typedef {import("./read_split.js").Located} Located */
/** @typedef {string | ReadInstruction} Split "train", "train[:10%]", "train+test", "all" */

/**
 * @typedef {object} OnlyLoad
 * @property {Split | readonly Split[]} [split] only these rows, as a Dataset; of a list, a list
 * @property {boolean} [streaming] reads rows as they are asked for and keeps nothing: an IterableDataset,
 *   of whole splits
 * @property {"reuse_dataset_if_exists" | "reuse_cache_if_exists" | "force_redownload"} [download_mode]
 *   read the files again, or download them again too; default: neither
 */
/**
 * @typedef {OnlyLoad & import("./dataset_builder.js").BuilderOptions &
 *   import("./read_split.js").ReadOptions} LoadOptions
 */

/** What load_dataset takes: an option that it does not know would be overlooked. */
const KNOWN = new Set(
  (
    "name data_dir data_files split streaming features trust_remote_code repo_type revision token cache_dir endpoint " +
    "force_download local_files_only progress_callback signal download_mode keep_in_memory columns sample_by keep_linebreaks field delimiter sep quotechar quoting column_names names skiprows encoding"
  ).split(" "),
);

const DOWNLOAD_MODES = ["reuse_dataset_if_exists", "reuse_cache_if_exists", "force_redownload"];

/** @param {Record<string, any>} options @returns {Record<string, any>} with download_mode understood */
function checked(options) {
  const odd = Object.keys(options).find((name) => !KNOWN.has(name));
  if (odd !== undefined)
    throw new TunelabError(`load_dataset has no option ${odd}; it has ${[...KNOWN].join(", ")}`);
  const { download_mode: mode } = options;
  if (mode !== undefined && !DOWNLOAD_MODES.includes(mode))
    throw new TunelabError(
      `load_dataset: download_mode is ${DOWNLOAD_MODES.join(", ")}; not ${mode}`,
    );
  const again = mode === "force_redownload" ? { force_download: true, afresh: true } : {};
  return { ...options, ...again, ...(mode === "reuse_cache_if_exists" && { afresh: true }) };
}

/**
 * Of a CSV file the columns that `features` names must be there; of other files they may be missing, as in Python.
 * @param {Dataset} dataset @param {readonly Located[]} files @param {Record<string, unknown>} features as given
 */
function check_features(dataset, files, features) {
  const names = dataset.column_names;
  const missing = Object.keys(features).find((name) => !names.includes(name));
  if (missing !== undefined && files.some((file) => kind_of_located(file) === "csv"))
    throw new TunelabError(
      `features tells the type of a column ${missing}, which is not there; the columns are ${names.join(", ")}`,
    );
}

/**
 * The rows that a split expression names.
 * @param {ReadInstruction} instruction
 * @param {Record<string, Dataset>} splits those that it names, at least
 * @returns {Dataset}
 */
export function rows_of(instruction, splits) {
  const sizes = Object.entries(splits).map(([name, { num_rows }]) => [name, num_rows]);
  const parts = instruction.to_absolute(Object.fromEntries(sizes));
  const datasets = parts.map(({ splitname, from_, to }) => {
    const whole = splits[splitname];
    return from_ === 0 && to === whole.num_rows ? whole : whole.take(to).skip(from_);
  });
  return datasets.length === 1 ? datasets[0] : concatenate_datasets(datasets);
}

/**
 * @param {Split} split
 * @param {readonly string[]} names of all splits
 */
function instruction_of(split, names) {
  if (split instanceof ReadInstruction) return split;
  return ReadInstruction.from_spec(split === "all" ? names.join("+") : split);
}

/**
 * Loads a dataset: from the Hub, `load_dataset("glue", "mrpc")`; from files,
 * `load_dataset("csv", {data_files: {train: "train.csv"}})`, `load_dataset("reviews.jsonl")`; from a
 * folder or address laid out like a dataset on the Hub, `load_dataset("datasets/glue", "mrpc")`.
 * @param {string} path a name on the Hub, "csv", "json", "parquet", a file, a folder, or an address
 * @param {string | LoadOptions} [name] a configuration, or the options
 * @param {LoadOptions} [options]
 * @returns {Promise<any>} a DatasetDict; a Dataset if `split` is given, a list of them for a list; with
 *   streaming their iterable counterparts
 * @throws {TunelabError} for datasets, configurations and splits that are not there, with those that
 *   are; for files that are missing or malformed; for files and splits that do not go with the first
 */
export async function load_dataset(path, name, options = {}) {
  const given = checked(typeof name === "string" ? { ...options, name } : { ...name, ...options });
  const builder = await load_dataset_builder(path, given);
  /** @type {Record<string, any>} */
  const all = { ...builder.reading, ...given };
  if (all.streaming) return stream_dataset(builder, all);
  const names = builder.split_names;
  const wanted = all.split === undefined ? undefined : [all.split].flat();
  const instructions = wanted?.map((split) => instruction_of(split, names));
  const needed = instructions ? instructions.flatMap((each) => each.split_names) : names;
  const unknown = needed.find((split) => !names.includes(split));
  if (unknown !== undefined) throw unknown_split(unknown, names);
  const features = builder.declared(all);
  /** @type {Record<string, Dataset>} */
  const read = {};
  for (const split of names.filter((each) => needed.includes(each))) {
    read[split] = await read_split(builder.files[split], all, features);
    check_features(read[split], builder.files[split], all.features ?? {});
  }
  const loaded = with_same_columns(read, features);
  if (!instructions) return dataset_dict(loaded);
  const chosen = instructions.map((instruction) => rows_of(instruction, loaded));
  return Array.isArray(all.split) ? chosen : chosen[0];
}
