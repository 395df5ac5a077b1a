// Saving a set of files as one: all of them are there afterwards, or what was there before still
// is.
import { in_node } from "../core/builds.js";
import { error_text, TunelabError } from "../core/errors.js";

/**
 * Where files go. `write` takes text, bytes, or bytes in pieces.
 * @typedef {object} Sink
 * @property {(name: string, content: Iterable<Uint8Array> | Uint8Array | string) => Promise<void>}
 *   write
 */

/**
 * Runs `fill` with a sink on `folder` and puts all files in their places at its end; on any error
 * nothing in the folder has changed.
 * @param {string} folder made if need be
 * @param {(sink: Sink) => Promise<void>} fill
 * @throws {TunelabError} if anything could not be written
 */
export async function save_folder(folder, fill) {
  if (!in_node)
    throw new TunelabError("folders can be saved in Node.js only", "TL_ERR_UNSUPPORTED");
  const { FolderSink } = await import("./folder_sink.js");
  const sink = new FolderSink(folder);
  try {
    await fill(sink);
    await sink.commit();
  } catch (error) {
    await sink.abort();
    throw new TunelabError(
      `${folder} could not be saved (${error_text(error)}); what was there before is untouched`,
      "TL_ERR_ARGUMENT",
      error,
    );
  }
}
