// Where a map's or filter's result is kept: beside the dataset's own files, or where the user wants it.
import { in_node } from "../../core/builds.js";
import { TunelabError } from "../../core/errors.js";
import { ResultCache } from "./result_cache.js";

/** @typedef {import("../dataset.js").Dataset} Dataset */
/** @typedef {import("./map_options.js").MapOptions} MapOptions */

/** What kept results are called. */
const PREFIX = "cache-";

/** @param {string} path @returns {string} with a "/" at its end, or empty */
const folder_of = (path) => path.slice(0, path.lastIndexOf("/") + 1);

/**
 * @param {Dataset} dataset
 * @param {MapOptions} options
 * @param {string} fingerprint the result's
 * @returns {Promise<ResultCache | undefined>} undefined: the result stays in memory, as the dataset is
 */
export async function cache_for(dataset, { keep_in_memory, cache_file_name }, fingerprint) {
  if (keep_in_memory) return undefined;
  const [file] = dataset._table.files;
  if (cache_file_name !== undefined && in_node) {
    const { basename, dirname, resolve } = await import("node:path");
    const { NodeStorage } = await import("../storage/node_storage.js");
    return new ResultCache(
      new NodeStorage(dirname(resolve(cache_file_name))),
      basename(cache_file_name),
    );
  }
  if (cache_file_name !== undefined && !file)
    throw new TunelabError("cache_file_name: a dataset in memory has no place for files in a page");
  if (!file) return undefined;
  const name = cache_file_name ?? `${folder_of(file.path)}${PREFIX}${fingerprint}`;
  return new ResultCache(file.storage, name);
}

/**
 * Removes the kept results beside a dataset's files, but for those it rests on itself.
 * @param {Dataset} dataset
 * @returns {Promise<number>} how many files are gone
 */
export async function remove_results(dataset) {
  let removed = 0;
  const own = new Set(
    dataset._table.files.map(({ path }) => path.replace(/-\d{5}-of-\d{5}\.table$/, "")),
  );
  const places = new Map(
    dataset._table.files.map(({ storage, path }) => [
      `${storage.location}/${folder_of(path)}`,
      { storage, path },
    ]),
  );
  for (const { storage, path } of places.values()) {
    const start = `${folder_of(path)}${PREFIX}`;
    for (const found of await storage.list()) {
      const result = found.replace(/(-\d{5}-of-\d{5}\.table|\.json)$/, "");
      if (!found.startsWith(start) || result === found || own.has(result)) continue;
      await storage.remove(found);
      ++removed;
    }
  }
  return removed;
}
