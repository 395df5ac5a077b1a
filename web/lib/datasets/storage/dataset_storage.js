// Which storage tables are kept in: a folder in Node.js, the origin's private file system in a
// page's worker, else memory.
import { in_node } from "../../core/builds.js";
import { hub_settings } from "../../hub/settings.js";
import { MemoryStorage } from "./memory_storage.js";

/** @typedef {import("./storage.js").Storage} Storage */

/** What is kept lies below the datasets library's own folder, in one of ours. */
const FOLDER = "tunelab";

/** For where there is nothing else; it lasts as long as the page. */
const in_memory = new MemoryStorage();

/** @returns {Promise<Storage>} */
export async function dataset_storage() {
  if (!in_node) return in_memory;
  const { datasets_cache } = await hub_settings();
  const { NodeStorage } = await import("./node_storage.js");
  return new NodeStorage(`${datasets_cache}/${FOLDER}`);
}
