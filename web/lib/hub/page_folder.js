// Saved folders in a page: the origin's private file system, read as any source and written as a whole.
import { error_text, TunelabError } from "../core/errors.js";

/** What is saved lies below this folder of the origin's. */
const TOP = "tunelab-saved";

/** Whether this browser has such a file system, which needs https or localhost. */
const is_there = () => Boolean(globalThis.navigator?.storage?.getDirectory);

/** The parts of a path; "./" before it does not count. @param {string} path */
const parts_of = (path) => path.split("/").filter((part) => part !== "" && part !== ".");

/**
 * @param {string} path
 * @param {{create?: boolean}} [options]
 * @returns {Promise<FileSystemDirectoryHandle | undefined>} undefined if it is not there
 */
async function find_folder(path, options = {}) {
  if (!is_there()) return undefined;
  try {
    let folder = await navigator.storage.getDirectory();
    for (const name of [TOP, ...parts_of(path)])
      folder = await folder.getDirectoryHandle(name, options);
    return folder;
  } catch (error) {
    if (/** @type {DOMException} */ (error).name === "NotFoundError") return undefined;
    throw error;
  }
}

/** @param {FileSystemDirectoryHandle} folder @returns {AsyncIterable<[string, FileSystemHandle]>} */
const entries_of = (folder) => /** @type {any} */ (folder).entries();

/** @implements {FileSource} @typedef {import("./file_source.js").FileSource} FileSource */
export class PageFolder {
  /** @param {string} location @param {FileSystemDirectoryHandle} folder */
  constructor(location, folder) {
    this.location = location;
    this._folder = folder;
  }

  /**
   * @param {string} location
   * @returns {Promise<PageFolder | undefined>} undefined if nothing was saved there
   */
  static async open(location) {
    const folder = await find_folder(location);
    return folder && new PageFolder(location, folder);
  }

  /** @param {string} path @returns {Promise<File | undefined>} */
  async file(path) {
    const parts = parts_of(path);
    try {
      let folder = this._folder;
      for (const name of parts.slice(0, -1)) folder = await folder.getDirectoryHandle(name);
      return await (await folder.getFileHandle(String(parts.at(-1)))).getFile();
    } catch {
      return undefined;
    }
  }

  /** @param {string} path */
  async exists(path) {
    return Boolean(await this.file(path));
  }

  /** @returns {Promise<string[]>} */
  async list() {
    return (await files_below(this._folder)).sort();
  }

  /** @param {string} path */
  async open(path) {
    const file = await this.file(path);
    if (!file)
      throw new TunelabError(
        `${this.location} holds no ${path}; it holds ${(await this.list()).join(", ") || "nothing"}`,
      );
    return {
      size: file.size,
      /** @param {number} begin @param {number} end */
      async *stream(begin, end) {
        for (let at = begin; at < end; at += PIECE) {
          const piece = await file.slice(at, Math.min(end, at + PIECE)).arrayBuffer();
          yield new Uint8Array(piece);
        }
      },
      close: async () => {},
    };
  }
}

/** Read so much at a time. */
const PIECE = 1 << 20;

/** @param {FileSystemDirectoryHandle} folder @param {string} [before] @returns {Promise<string[]>} */
async function files_below(folder, before = "") {
  const paths = [];
  for await (const [name, entry] of entries_of(folder))
    if (entry.kind === "file") paths.push(before + name);
    else paths.push(...(await files_below(/** @type {any} */ (entry), `${before}${name}/`)));
  return paths;
}

/**
 * Files are written beside their places by the browser itself; only `commit` puts them there. Has FolderSink's methods.
 */
export class PageSink {
  /** @param {string} folder made if need be */
  constructor(folder) {
    this._path = folder;
    /** @type {{name: string, stream: FileSystemWritableFileStream, is_new: boolean}[]} */
    this._written = [];
  }

  async _folder() {
    const folder = await find_folder(this._path, { create: true });
    if (folder && "createWritable" in globalThis.FileSystemFileHandle.prototype) return folder;
    throw new TunelabError(
      "this browser cannot save files here (it needs https or localhost, and a version of 2025 or later)",
      "TL_ERR_UNSUPPORTED",
    );
  }

  /**
   * @param {string} name
   * @param {Iterable<Uint8Array> | Uint8Array | string} content text, bytes, or bytes in pieces
   */
  async write(name, content) {
    const folder = await this._folder();
    const old = await folder.getFileHandle(name).catch(() => undefined);
    const handle = old ?? (await folder.getFileHandle(name, { create: true }));
    const stream = await handle.createWritable();
    this._written.push({ name, stream, is_new: !old });
    const pieces = typeof content === "string" ? [new TextEncoder().encode(content)] : content;
    for (const piece of pieces instanceof Uint8Array ? [pieces] : pieces)
      await stream.write(piece.slice()); // a copy: shared memory is not taken
  }

  async commit() {
    for (const { stream } of this._written) await stream.close();
    this._written = [];
  }

  async abort() {
    for (const { name, stream, is_new } of this._written) {
      await stream.abort().catch(() => {}); // it may have failed by itself
      if (is_new) await (await this._folder()).removeEntry(name).catch(() => {});
    }
    this._written = [];
  }
}

/**
 * The names in a saved folder; none if it is not there.
 * @param {string} path
 * @returns {Promise<string[]>}
 */
export async function names_in(path) {
  const folder = await find_folder(path);
  const names = [];
  if (folder) for await (const [name] of entries_of(folder)) names.push(name);
  return names;
}

/** Removes a saved folder with all that is in it. @param {string} path */
export async function remove_folder(path) {
  const parts = parts_of(path);
  const parent = await find_folder(parts.slice(0, -1).join("/"));
  try {
    await parent?.removeEntry(String(parts.at(-1)), { recursive: true });
  } catch (error) {
    throw new TunelabError(
      `${path} cannot be removed (${error_text(error)})`,
      "TL_ERR_ARGUMENT",
      error,
    );
  }
}
