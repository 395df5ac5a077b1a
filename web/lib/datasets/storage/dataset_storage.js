// Which storage tables are kept in: a folder in Node.js, the origin's private file system in a
// page's worker, else memory.
import { in_node } from "../../core/builds.js";
import { error_text } from "../../core/errors.js";
import { logger } from "../../core/logging.js";
import { hub_settings } from "../../hub/settings.js";
import { MemoryStorage } from "./memory_storage.js";

/** @typedef {import("./storage.js").Storage} Storage */

/** What is kept lies below the datasets library's own folder, in one of ours. */
const FOLDER = "tunelab";

/** For where there is nothing else; it lasts as long as the page. */
const in_memory = new MemoryStorage();

/** @type {Promise<Storage> | undefined} */
let in_worker;

/** @param {string} name @returns {Promise<Storage>} */
async function worker_storage(name) {
  const { has_opfs, OpfsStorage } = await import("./opfs_storage.js");
  if (!has_opfs()) return in_memory;
  try {
    const storage = await OpfsStorage.open(name);
    await storage.sweep();
    return storage;
  } catch (error) {
    logger.warning(
      `datasets are kept in memory, since the browser gives no storage (${error_text(error)})`,
    );
    return in_memory;
  }
}

/** @returns {Promise<Storage>} */
export async function dataset_storage() {
  const { datasets_cache } = await hub_settings();
  if (!in_node) return (in_worker ??= worker_storage(datasets_cache));
  const { NodeStorage } = await import("./node_storage.js");
  return new NodeStorage(`${datasets_cache}/${FOLDER}`);
}
