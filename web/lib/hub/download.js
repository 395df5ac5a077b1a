// One file from the Hub into the cache: resumed where it broke off, verified to the last byte.
import { content_hash } from "./content_hash.js";
import { HubError, is_hub_error, subject_text } from "./hub_error.js";
import { ranged } from "./ranged.js";
import { etag_of, size_of } from "./repo_tree.js";

/**
 * @typedef {object} DownloadFields
 * @property {import("./repo_tree.js").TreeEntry} entry size and hash to expect
 * @property {(loaded: number) => void} on_bytes
 */
/** @typedef {Omit<import("./ranged.js").RangedRequest, "size" | "on_break"> & DownloadFields} Download */
/** @typedef {import("./hub_cache.js").Partial} Partial */

/**
 * Fills `partial` and puts it in its place. If the bytes are of more than one answer and turn out wrong, they are
 * fetched once more from the start; then a wrong hash is an error.
 * @param {Download} download
 * @param {Partial} partial
 * @throws {HubError} "corrupt" for bytes that are not the listed ones; as hub_fetch
 */
export async function download_file(download, partial) {
  for (let again = false; ; again = true) {
    const { resumed, fault } = await attempt(download, partial);
    if (!fault) return partial.finish();
    await partial.restart();
    if (again || !resumed) throw fault;
  }
}

/**
 * @param {Download} download
 * @param {Partial} partial
 * @returns {Promise<{resumed: boolean, fault?: unknown}>} what is wrong with the bytes
 */
async function attempt({ entry, on_bytes, ...request }, partial) {
  const hash = await content_hash(entry);
  let loaded = 0;
  for await (const piece of partial.inherit()) {
    hash.update(piece);
    loaded += piece.length;
  }
  let resumed = loaded > 0;
  on_bytes(loaded);
  const size = size_of(entry);
  const on_break = () => (resumed = true);
  try {
    for await (const piece of ranged({ ...request, size, on_break }, loaded, size)) {
      hash.update(piece);
      await partial.append(piece);
      loaded += piece.length;
      on_bytes(loaded);
    }
  } catch (error) {
    if (is_hub_error(error, "corrupt")) return { resumed, fault: error };
    throw error;
  }
  if (loaded === size && hash.hex() === etag_of(entry)) return { resumed };
  const fault = new HubError(
    "corrupt",
    `${subject_text(request.subject)} did not arrive as the Hub lists it (its hash differs); nothing was kept, try again`,
  );
  return { resumed, fault };
}
