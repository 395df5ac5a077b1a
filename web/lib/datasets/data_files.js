// Which files make up which split: given patterns, the dataset card's configurations, or the usual
// names.
import { TunelabError } from "../core/errors.js";
import { unpacked_name } from "./readers/unpack.js";

/** @typedef {{split: string, paths: string[]}} SplitFiles */
/** @typedef {string | readonly string[] | Record<string, string | readonly string[]>} DataFiles */

/** What a file of each kind is called. */
export const EXTENSIONS = /** @type {const} */ ({
  csv: "csv",
  tsv: "csv",
  json: "json",
  jsonl: "json",
  ndjson: "json",
  parquet: "parquet",
  txt: "text",
});

/** The words that name a split in a file's or folder's name, as the datasets library knows them. */
const SPLIT_WORDS = {
  train: ["train", "training"],
  validation: ["validation", "valid", "dev", "val"],
  test: ["test", "testing", "eval", "evaluation"],
};

const SHARDED = /^data\/(\w+(?:\.\w+)*)-\d{5}-of-\d{5}[^/]*\.[^/]*$/;

/**
 * What kind of data a file holds, compressed or not, by its name.
 * @param {string} path
 * @returns {(typeof EXTENSIONS)[keyof typeof EXTENSIONS] | undefined}
 */
export function kind_of(path) {
  const name = unpacked_name(path);
  const extension = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  return EXTENSIONS[/** @type {keyof typeof EXTENSIONS} */ (extension)];
}

/**
 * A glob as a regular expression: * and ? stay within a folder, ** does not.
 * @param {string} glob
 */
export function glob_pattern(glob) {
  const source = glob.replace(/\*\*\/|\*\*|\*|\?|\[[^\]]*\]|[^*?[]+/g, (part) => {
    if (part === "**/") return "(?:.*/)?";
    if (part === "**") return ".*";
    if (part === "*") return "[^/]*";
    if (part === "?") return "[^/]";
    return part.startsWith("[") ? part : part.replace(/[\\^$.|+(){}\]]/g, "\\$&");
  });
  return new RegExp(`^${source}$`);
}

/**
 * @param {string} path
 * @param {readonly string[]} words
 */
function names_split(path, words) {
  const separated = new RegExp(`(?:^|[-._ 0-9/])(?:${words.join("|")})(?:[-._ 0-9/]|$)`);
  return separated.test(path);
}

/**
 * By the usual names: data/train-00000-of-00001.parquet, else a word such as "train" or "dev" in
 * the folders' names, else in the files' names, else all files are the training split.
 * @param {readonly string[]} files
 * @returns {SplitFiles[]}
 */
function splits_by_name(files) {
  const sharded = files.filter((path) => SHARDED.test(path));
  if (sharded.length > 0)
    return group(sharded, (path) => /** @type {RegExpExecArray} */ (SHARDED.exec(path))[1]);
  for (const part of [folder_of, name_of]) {
    const split_of = (/** @type {string} */ path) =>
      Object.entries(SPLIT_WORDS).find(([, words]) => names_split(part(path), words))?.[0];
    const named = files.filter(split_of);
    if (named.length > 0) return group(named, (path) => String(split_of(path)));
  }
  return files.length > 0 ? [{ split: "train", paths: [...files] }] : [];
}

/** @param {string} path */
const folder_of = (path) => path.slice(0, path.lastIndexOf("/") + 1);

/** @param {string} path */
const name_of = (path) => path.slice(path.lastIndexOf("/") + 1);

/**
 * @param {readonly string[]} files
 * @param {(path: string) => string} split_of
 * @returns {SplitFiles[]} train, validation, test, others
 */
function group(files, split_of) {
  const usual = Object.keys(SPLIT_WORDS);
  const found = [...new Set(files.map(split_of))].sort();
  const ordered = [
    ...usual.filter((split) => found.includes(split)),
    ...found.filter((s) => !usual.includes(s)),
  ];
  return ordered.map((split) => ({
    split,
    paths: files.filter((path) => split_of(path) === split),
  }));
}

/**
 * @param {DataFiles} data_files patterns: one, several, or by split
 * @returns {[split: string, patterns: string[]][]}
 */
export function patterns_by_split(data_files) {
  if (typeof data_files === "string" || Array.isArray(data_files))
    return [["train", [data_files].flat()]];
  return Object.entries(data_files).map(([split, patterns]) => [split, [patterns].flat()]);
}

/**
 * A card's data_files: as above, or a list of {split, path}.
 * @param {any} stored
 * @returns {[split: string, patterns: string[]][]}
 */
function card_patterns(stored) {
  const listed = Array.isArray(stored) && typeof stored[0] === "object";
  if (!listed) return patterns_by_split(stored);
  return stored.map((/** @type {any} */ each) => [each.split, [each.path].flat()]);
}

/**
 * The files of each split in a folder.
 * @param {readonly string[]} files all files of the folder
 * @param {{data_files?: DataFiles, config?: {data_files?: any, data_dir?: string}}} choice given
 *   patterns win over the card's
 * @param {string} location for messages
 * @returns {SplitFiles[]}
 */
export function split_files(files, { data_files, config }, location) {
  const stored = config?.data_files && card_patterns(config.data_files);
  const patterns = data_files ? patterns_by_split(data_files) : stored;
  const root = config?.data_dir
    ? `${config.data_dir.replace(/^\.\//, "").replace(/\/$/, "")}/`
    : "";
  if (patterns)
    return patterns.map((/** @type {[string, string[]]} */ [split, globs]) => ({
      split,
      paths: matching(files, globs, root, location),
    }));
  const hidden = /(^|\/)[._]/;
  const readable = files.filter(
    (path) => kind_of(path) && path.startsWith(root) && !hidden.test(path) && !is_meta(path),
  );
  const tables = readable.filter((path) => kind_of(path) !== "text");
  // Beside tables, texts are notes and licences.
  const splits = splits_by_name(tables.length > 0 ? tables : readable);
  if (splits.length === 0)
    throw new TunelabError(
      `${location} holds no data files; expected ${Object.keys(EXTENSIONS).join(", ")} (there are ${files.slice(0, 8).join(", ") || "no files"})`,
    );
  return splits.map(({ split, paths }) => ({ split, paths: of_one_kind(paths) }));
}

/** Files of the kind that most are of: others beside them describe them. @param {readonly string[]} paths */
function of_one_kind(paths) {
  /** @type {Map<unknown, number>} */
  const counts = new Map();
  for (const path of paths) counts.set(kind_of(path), (counts.get(kind_of(path)) ?? 0) + 1);
  const [[kind]] = [...counts].sort(([, one], [, other]) => other - one);
  return paths.filter((path) => kind_of(path) === kind);
}

/** @param {string} path JSON files that describe a dataset rather than hold it */
const is_meta = (path) => /^(config|dataset_infos?|dataset_dict|state)\.json$/.test(name_of(path));

/**
 * @param {readonly string[]} files
 * @param {readonly string[]} globs
 * @param {string} root the folder that they begin in, with its "/"
 * @param {string} location for messages
 */
function matching(files, globs, root, location) {
  return globs.flatMap((glob) => {
    const pattern = glob_pattern(root + glob.replace(/^\.\//, ""));
    const found = files.filter((path) => pattern.test(path));
    if (found.length === 0)
      throw new TunelabError(`${location} holds no file that matches ${root}${glob}`);
    return found;
  });
}
