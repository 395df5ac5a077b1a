// Saving a set of files as one: all of them are there afterwards, or what was there before still
// is. In Node.js a folder on disk, in a page one of the origin's private file system.
import { in_node } from "../core/builds.js";
import { error_text, TunelabError } from "../core/errors.js";

/**
 * Where files go. `write` takes text, bytes, or bytes in pieces.
 * @typedef {object} Sink
 * @property {(name: string, content: Iterable<Uint8Array> | Uint8Array | string) => Promise<void>}
 *   write
 */

/** @param {string} folder */
async function sink_for(folder) {
  if (in_node) return new (await import("./folder_sink.js")).FolderSink(folder);
  return new (await import("./page_folder.js")).PageSink(folder);
}

/**
 * Runs `fill` with a sink on `folder` and puts all files in their places at its end; on any error
 * nothing in the folder has changed.
 * @param {string} folder made if need be
 * @param {(sink: Sink) => Promise<void>} fill
 * @throws {TunelabError} if anything could not be written
 */
export async function save_folder(folder, fill) {
  const sink = await sink_for(folder);
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

/**
 * The names of what lies in a folder; none if there is no such folder.
 * @param {string} folder
 * @returns {Promise<string[]>}
 */
export async function saved_names(folder) {
  if (!in_node) return (await import("./page_folder.js")).names_in(folder);
  const { readdir } = await import("node:fs/promises");
  return readdir(folder).catch(() => []);
}

/**
 * Removes a folder with all that is in it.
 * @param {string} folder
 */
export async function remove_saved(folder) {
  if (!in_node) return (await import("./page_folder.js")).remove_folder(folder);
  const { rm } = await import("node:fs/promises");
  await rm(folder, { recursive: true });
}

/**
 * A saved file for a page to offer as a download, as a Blob that is read when it is needed.
 * @param {string} folder as given to save_pretrained
 * @param {string} name such as "model.safetensors"
 * @returns {Promise<Blob>}
 * @throws {TunelabError} if there is no such file
 */
export async function saved_file(folder, name) {
  if (in_node) {
    const { openAsBlob } = await import("node:fs");
    return openAsBlob(`${folder}/${name}`).catch((error) => {
      throw new TunelabError(`${folder}/${name} cannot be read (${error_text(error)})`);
    });
  }
  const { PageFolder } = await import("./page_folder.js");
  const file = await (await PageFolder.open(folder))?.file(name);
  if (!file) throw new TunelabError(`nothing was saved as ${folder}/${name}`);
  return file;
}
