// Where files come from: a folder, an address or a repository of the Hub behind one small interface, and how a
// name is resolved to it.
import { in_node } from "../core/builds.js";
import { located, TunelabError } from "../core/errors.js";
import { FetchSource } from "./fetch_source.js";
import { HubError, is_hub_error } from "./hub_error.js";
import { is_repo_id } from "./repository.js";

/**
 * An open file. `stream` yields the bytes [begin, end) in pieces, so that no file need be held in
 * memory.
 * @typedef {object} OpenFile
 * @property {number} size bytes
 * @property {(begin: number, end: number) => AsyncGenerator<Uint8Array>} stream
 * @property {(target: Uint8Array, begin: number) => void} [read_into] fills `target` with the bytes from
 *   `begin` on, at once, so that memory behind it cannot move meanwhile; where the host can
 * @property {() => Promise<void>} close
 */

/**
 * A place with files, named by paths with "/" relative to it.
 * @typedef {object} FileSource
 * @property {string} location for messages
 * @property {(path: string) => Promise<boolean>} exists
 * @property {(path: string) => Promise<OpenFile>} open
 * @property {() => Promise<string[]>} list all files below, sorted
 * @property {(path: string) => Promise<string | undefined>} [identity] a name for the file's content as it is
 *   now, which other content would not have; undefined if there is none
 */

/** @param {string} name */
export const is_address = (name) => /^https?:\/\//.test(name);

/** The options of from_pretrained and load_dataset that say how the Hub's files are got. */
const HUB_OPTIONS = /** @type {const} */ ([
  "repo_type",
  "revision",
  "token",
  "cache_dir",
  "endpoint",
  "force_download",
  "local_files_only",
  "progress_callback",
  "signal",
]);

/**
 * Parts the options for open_source from the others.
 * @param {Record<string, any>} options
 * @returns {{hub: import("./hub_source.js").HubOptions, rest: Record<string, any>}}
 */
export function split_hub_options(options) {
  const names = /** @type {readonly string[]} */ (HUB_OPTIONS);
  const entries = Object.entries(options);
  return {
    hub: Object.fromEntries(entries.filter(([name]) => names.includes(name))),
    rest: Object.fromEntries(entries.filter(([name]) => !names.includes(name))),
  };
}

/** @param {string} name */
async function is_there(name) {
  const { stat } = await import("node:fs/promises");
  return stat(name).then(
    () => true,
    () => false,
  );
}

/** @param {string} name */
async function saved_in_page(name) {
  const { PageFolder } = await import("./page_folder.js");
  return PageFolder.open(name);
}

/**
 * The source that a name stands for: an address; in Node.js a folder that is there; in a page what was saved under it,
 * or a path on its server, which begins with "/" or "."; else a repository of the Hub, such as "bert-base-uncased" or "org/name".
 * @param {string} name
 * @param {import("./hub_source.js").HubOptions} [options] for the Hub
 * @returns {Promise<FileSource>}
 * @throws {TunelabError} if there is neither folder nor repository
 */
export async function open_source(name, options = {}) {
  if (is_address(name)) return new FetchSource(name);
  const saved = in_node ? undefined : await saved_in_page(name);
  if (saved) return saved;
  if (!in_node && /^[./]/.test(name)) return new FetchSource(name);
  if (in_node && (!is_repo_id(name) || (await is_there(name)))) {
    const { FolderSource } = await import("./folder_source.js");
    return FolderSource.open(name);
  }
  const { HubSource } = await import("./hub_source.js");
  try {
    return await HubSource.open(name, options);
  } catch (error) {
    if (!in_node || !is_hub_error(error, "repo_not_found", "offline")) throw error;
    const { kind, message, http_status } = /** @type {HubError} */ (error);
    const both = `there is no folder ${name} here, and ${message}`;
    throw new HubError(kind, both, { http_status, cause: error });
  }
}

/**
 * Bytes [begin, end) of an open file.
 * @param {OpenFile} file
 * @param {number} begin
 * @param {number} end not beyond its size
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 * @throws {TunelabError} TL_ERR_FORMAT if the file is shorter than its size says
 */
export async function read_open(file, begin, end) {
  const bytes = new Uint8Array(end - begin);
  let at = 0;
  for await (const piece of file.stream(begin, end)) {
    bytes.set(piece, at);
    at += piece.length;
  }
  if (at !== bytes.length)
    throw new TunelabError(`it ended after ${at} of ${bytes.length} bytes`, "TL_ERR_FORMAT");
  return bytes;
}

/**
 * One whole file.
 * @param {FileSource} source
 * @param {string} path
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function read_bytes(source, path) {
  const file = await source.open(path);
  try {
    return await read_open(file, 0, file.size);
  } catch (error) {
    throw located(error, `${source.location}/${path}`);
  } finally {
    await file.close();
  }
}

/**
 * A file as text: UTF-8, a byte order mark dropped.
 * @param {FileSource} source
 * @param {string} path
 * @throws {TunelabError} TL_ERR_FORMAT for bytes that are no UTF-8: guessing would spoil the text
 */
export async function read_text(source, path) {
  const bytes = await read_bytes(source, path);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw new TunelabError(
      `${source.location}/${path} is not UTF-8 text; save it with that encoding`,
      "TL_ERR_FORMAT",
      error,
    );
  }
}

/**
 * A file as JSON.
 * @param {FileSource} source
 * @param {string} path
 * @returns {Promise<any>}
 */
export async function read_json(source, path) {
  const text = await read_text(source, path);
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : error;
    throw new TunelabError(
      `${source.location}/${path} is not JSON: ${reason}`,
      "TL_ERR_FORMAT",
      error,
    );
  }
}

/**
 * As read_json, but undefined where there is no such file.
 * @param {FileSource} source
 * @param {string} path
 */
export async function read_json_if_any(source, path) {
  return (await source.exists(path)) ? read_json(source, path) : undefined;
}
