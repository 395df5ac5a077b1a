// Data files given by their paths or addresses, each by itself: load_dataset("csv", {data_files}).
import { in_node } from "../../core/builds.js";
import { TunelabError } from "../../core/errors.js";
import { is_address, open_source } from "../../hub/file_source.js";
import { kind_of, patterns_by_split } from "../data_files.js";

/** @typedef {import("../read_split.js").Located} Located */

/** Folder and file name of a path. @param {string} path */
function parts_of(path) {
  const at = path.lastIndexOf("/");
  return at < 0
    ? { folder: ".", file: path }
    : { folder: path.slice(0, at) || "/", file: path.slice(at + 1) };
}

/**
 * @param {import("../data_files.js").DataFiles | undefined} data_files
 * @param {string} [data_dir] the folder that they lie in
 * @returns {Promise<Record<string, Located[]>>} by split
 * @throws {TunelabError} if no files are given
 */
export async function files_by_path(data_files, data_dir) {
  if (!data_files)
    throw new TunelabError("load_dataset: data_files is needed, such as {train: 'train.csv'}");
  /** @type {Record<string, Located[]>} */
  const splits = {};
  for (const [split, paths] of patterns_by_split(data_files)) {
    splits[split] = [];
    for (const path of paths) {
      const { folder, file } = parts_of(data_dir ? `${data_dir}/${path}` : path);
      splits[split].push({ source: await open_source(folder), path: file });
    }
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
