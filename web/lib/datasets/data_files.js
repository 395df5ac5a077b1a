// Which files make up which split: given patterns, the dataset card's configurations, or the usual
// names.
import { TunelabError } from "../core/errors.js";
import { unpacked_name } from "./readers/unpack.js";

/** @typedef {{split: string, paths: string[]}} SplitFiles */
/**
 * @typedef {string | readonly string[] | Record<string, string | readonly string[]> |
 *   readonly {split: string, path: string | readonly string[]}[]} DataFiles
 */

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

/** The words that name a split in a file's or folder's name, as the datasets library knows them, */
const SPLIT_WORDS = {
  train: ["train", "training"],
  validation: ["validation", "valid", "dev", "val"],
  test: ["test", "testing", "eval", "evaluation"],
};

/** what stands before and after them, */
const APART = "[-._ 0-9]";

/** and the patterns that they make, the first kind that any file matches. */
const WORD_PATTERNS = [
  (/** @type {string} */ word) => [
    `**/${word}/**`,
    `**/${word}${APART}*/**`,
    `**/*${APART}${word}/**`,
    `**/*${APART}${word}${APART}*/**`,
  ],
  (/** @type {string} */ word) => [`**/${word}${APART}*`, `**/*${APART}${word}${APART}*`],
];

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
 * By the usual names: data/train-00000-of-00001.parquet, else a word such as "train" or "dev" in
 * the folders' names, else in the files' names, else all files are the training split.
 * @param {readonly string[]} files
 * @returns {SplitFiles[]} a file that names two splits, such as train_test.csv, is of both
 */
function splits_by_name(files) {
  const sharded = files.filter((path) => SHARDED.test(path));
  if (sharded.length > 0)
    return group(sharded, (path) => /** @type {RegExpExecArray} */ (SHARDED.exec(path))[1]);
  for (const patterns_of of WORD_PATTERNS) {
    const named = Object.entries(SPLIT_WORDS)
      .map(([split, words]) => ({ split, paths: in_turn(files, words.flatMap(patterns_of)) }))
      .filter(({ paths }) => paths.length > 0);
    if (named.length > 0) return named;
  }
  return files.length > 0 ? [{ split: "train", paths: [...files] }] : [];
}

/** The files that match the first glob, then those that match the next; each once. @param {readonly string[]} files @param {string[]} globs */
function in_turn(files, globs) {
  const patterns = globs.map(glob_pattern);
  return [...new Set(patterns.flatMap((pattern) => files.filter((path) => pattern.test(path))))];
}

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
 * @param {DataFiles} data_files patterns: one, several, by split, or a list of {split, path}
 * @returns {[split: string, patterns: string[]][]}
 */
export function patterns_by_split(data_files) {
  const listed = /** @type {any[]} */ ([data_files].flat());
  if (typeof listed[0]?.split === "string")
    return listed.map((each) => [each.split, [each.path].flat()]);
  if (typeof data_files === "string" || Array.isArray(data_files)) return [["train", listed]];
  return Object.entries(data_files).map(([split, patterns]) => [split, [patterns].flat()]);
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
  const patterns = data_files ?? config?.data_files;
  const root = config?.data_dir
    ? `${config.data_dir.replace(/^\.\//, "").replace(/\/$/, "")}/`
    : "";
  if (patterns)
    return patterns_by_split(patterns).map(([split, globs]) => ({
      split,
      paths: matching(files, globs, root, location),
    }));
  const hidden = /(^|\/)(\.|__[^/]*\/)/;
  const readable = files
    .filter((path) => path.startsWith(root))
    .map((path) => path.slice(root.length))
    .filter((path) => kind_of(path) && !hidden.test(path) && !is_meta(path));
  const tables = readable.filter((path) => kind_of(path) !== "text");
  // Beside tables, texts are notes and licences.
  const splits = splits_by_name(tables.length > 0 ? tables : readable);
  if (splits.length === 0)
    throw new TunelabError(
      `${location} holds no data files; expected ${Object.keys(EXTENSIONS).join(", ")} (there are ${files.slice(0, 8).join(", ") || "no files"})`,
    );
  return splits.map(({ split, paths }) => ({
    split,
    paths: of_one_kind(paths).map((path) => root + path),
  }));
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
