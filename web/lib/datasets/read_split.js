// The files of one split, one after the other, as one dataset.
import { Dataset } from "./dataset.js";
import { prepare_split } from "./prepare_split.js";

/** @typedef {import("./features.js").Features} Features */
/** @typedef {import("./readers/read_file.js").Located} Located */
/**
 * @typedef {import("./readers/read_file.js").ReadOptions & import("./prepare_split.js").PrepareOptions}
 *   ReadOptions how the files are read, and where their rows are kept
 */

/**
 * @param {Located[]} files
 * @param {ReadOptions} options
 * @param {Features} features over what the files say
 */
export async function read_split(files, options, features) {
  const { table, fingerprint } = await prepare_split(files, { ...options, features });
  return new Dataset(table, { fingerprint });
}
