// Data files given by their paths or addresses, each by itself: load_dataset("csv", {data_files}).
import { in_node } from "../../core/builds.js";
import { TunelabError } from "../../core/errors.js";
import { is_address, open_source } from "../../hub/file_source.js";
import { glob_pattern, kind_of, patterns_by_split, split_files } from "../data_files.js";

/** @typedef {import("../read_split.js").Located} Located */
/** @typedef {import("../readers/read_file.js").FileKind} FileKind */

/** Folder and file name of a path. @param {string} path */
function parts_of(path) {
  const at = path.lastIndexOf("/");
  return at < 0
    ? { folder: ".", file: path }
    : { folder: path.slice(0, at) || "/", file: path.slice(at + 1) };
}

/**
 * A file, or those that a pattern such as "data/*.csv" or "data/**" names.
 * @param {string} path
 * @returns {Promise<Located[]>}
 */
async function files_of_path(path) {
  const wildcard = path.search(/[*?]/);
  if (wildcard < 0 || is_address(path)) {
    const { folder, file } = parts_of(path);
    return [{ source: await open_source(folder), path: file }];
  }
  const { folder } = parts_of(path.slice(0, wildcard));
  const source = await open_source(folder);
  const pattern = glob_pattern(
    folder === "." ? path.replace(/^\.\//, "") : path.slice(folder.length + 1),
  );
  const found = (await source.list()).filter((each) => pattern.test(each));
  if (found.length === 0) throw new TunelabError(`there is no file that matches ${path}`);
  return found.map((each) => ({ source, path: each }));
}

/**
 * The files of a kind in a folder, in splits by their names.
 * @param {FileKind} kind
 * @param {string} folder
 */
async function files_of_folder(kind, folder) {
  const source = await open_source(folder);
  const files = (await source.list()).filter((path) => kind_of(path) === kind);
  const located = split_files(files, {}, folder).map(({ split, paths }) => [
    split,
    paths.map((path) => ({ source, path })),
  ]);
  return Object.fromEntries(located);
}

/**
 * @param {FileKind | undefined} kind whatever the files' names; undefined: as their names tell
 * @param {import("../data_files.js").DataFiles | undefined} data_files paths or patterns
 * @param {string} [data_dir] the folder that they lie in; without data_files its files of the kind
 * @returns {Promise<Record<string, Located[]>>} by split
 * @throws {TunelabError} if no files are given, or a pattern matches none
 */
export async function files_by_path(kind, data_files, data_dir) {
  if (!data_files && data_dir && kind) return files_of_folder(kind, data_dir);
  if (!data_files)
    throw new TunelabError("load_dataset: data_files is needed, such as {train: 'train.csv'}");
  /** @type {Record<string, Located[]>} */
  const splits = {};
  for (const [split, paths] of patterns_by_split(data_files)) {
    splits[split] = [];
    for (const path of paths)
      for (const located of await files_of_path(data_dir ? `${data_dir}/${path}` : path))
        splits[split].push(kind ? { ...located, kind } : located);
  }
  return splits;
}

/** Whether a name is that of one data file. @param {string} path */
export async function is_data_file(path) {
  if (!in_node || is_address(path)) return kind_of(path) !== undefined;
  const { stat } = await import("node:fs/promises");
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
