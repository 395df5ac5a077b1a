// Files in the origin's private file system, in a page's dedicated worker: the one place where a
// page reads and writes files at once, without waiting.
import { error_text, TunelabError } from "../../core/errors.js";
import { hold_lock, if_unlocked, with_lock } from "./page_lock.js";

/** @typedef {import("./storage.js").Storage} Storage */
/** @typedef {import("./storage.js").StoredFile} StoredFile */

/** The names of files that are being written: not listed. */
const TEMPORARY = /\.[0-9a-f-]{36}\.part$/;

/** Copied at a time, where files cannot be moved. */
const PIECE = 1 << 20;

/** @returns {any} what a dedicated worker has and a page does not, or lacks */
const scope = () => globalThis;

/** Whether this thread can have such a storage; browsers that run the core's SIMD all have locks. */
export const has_opfs = () =>
  scope().DedicatedWorkerGlobalScope !== undefined &&
  scope().FileSystemFileHandle?.prototype.createSyncAccessHandle !== undefined &&
  navigator.storage?.getDirectory !== undefined &&
  navigator.locks !== undefined;

/** @param {unknown} error @param {string} name of a DOMException */
const is_named = (error, name) => error instanceof DOMException && error.name === name;

/**
 * A file that is written has a lock by its temporary name from before it is there until it is in its place or gone: one
 * without a lock is a dead tab's. A name's lock is held by one who puts a file there, and shared by those who open it.
 *
 * @implements {Storage}
 */
export class OpfsStorage {
  /** @param {FileSystemDirectoryHandle} root @param {string} name its name */
  constructor(root, name) {
    this.location = name;
    /** What a worker opens it again with. */
    this.portable = /** @type {const} */ ({ kind: "opfs", folder: name });
    this._root = root;
  }

  /**
   * A folder of the origin's.
   * @param {string} name
   * @returns {Promise<OpfsStorage>}
   * @throws {DOMException} where the browser gives no storage, as in some private windows
   */
  static async open(name) {
    const origin = await navigator.storage.getDirectory();
    return new OpfsStorage(await origin.getDirectoryHandle(name, { create: true }), name);
  }

  /** Removes what dead tabs left half written; what a browser does not let go yet, the next sweep does. */
  async sweep() {
    for await (const path of this._walk(this._root, ""))
      if (TEMPORARY.test(path))
        await if_unlocked(this._lock(path), () => this.remove(path).catch(() => {}));
  }

  /** @param {string} path */
  _lock(path) {
    return `tunelab/${this.location}/${path}`;
  }

  /**
   * @param {string} path
   * @param {boolean} create the folders on the way
   * @returns {Promise<{folder: FileSystemDirectoryHandle, name: string}>}
   */
  async _place(path, create) {
    const parts = path.split("/");
    const name = String(parts.pop());
    let folder = this._root;
    for (const part of parts) folder = await folder.getDirectoryHandle(part, { create });
    return { folder, name };
  }

  /** @param {string} path @returns {Promise<any>} undefined: there is none */
  async _handle(path) {
    try {
      const { folder, name } = await this._place(path, false);
      return await folder.getFileHandle(name);
    } catch (error) {
      if (is_named(error, "NotFoundError")) return undefined;
      throw error;
    }
  }

  /** @param {string} path */
  async exists(path) {
    return (await this._handle(path)) !== undefined;
  }

  /** @param {string} path */
  async open_read(path) {
    return with_lock(this._lock(path), "shared", () => this._open_read(path));
  }

  /** @param {string} path */
  async _open_read(path) {
    const handle = await this._handle(path);
    if (!handle) throw new TunelabError(`there is no ${path} in ${this.location}`);
    try {
      return from_access_handle(await handle.createSyncAccessHandle({ mode: "read-only" }), path);
    } catch (error) {
      // Browsers without that mode let one reader in; the others read the file's bytes from outside.
      if (!is_named(error, "NoModificationAllowedError")) throw error;
      return from_blob(await handle.getFile(), path);
    }
  }

  /** @param {string} path */
  async create(path) {
    const temporary = `${path}.${crypto.randomUUID()}.part`;
    const release = await hold_lock(this._lock(temporary));
    const { handle, access } = await this._begin(temporary).catch((error) => {
      release();
      throw error;
    });
    const end = async () => {
      access.close();
      await this.remove(temporary).finally(release); // after a commit there is none
    };
    const file = {
      size: 0,
      /** @param {Uint8Array} bytes */
      write(bytes) {
        try {
          for (let done = 0; done < bytes.length;)
            done += some_of(access.write(bytes.subarray(done), { at: file.size + done }));
        } catch (error) {
          throw new TunelabError(
            `${path} cannot be written (${error_text(error)}); the browser's storage for this site may be full`,
            "TL_ERR_MEMORY",
            error,
          );
        }
        file.size += bytes.length;
      },
      commit: async () => {
        try {
          access.flush();
          access.close();
          await with_lock(this._lock(path), "exclusive", () => this._put_in_place(handle, path));
        } finally {
          await end();
        }
      },
      abort: end,
    };
    return file;
  }

  /** @param {string} temporary @returns {Promise<{handle: any, access: any}>} a new file, open for writing */
  async _begin(temporary) {
    const { folder, name } = await this._place(temporary, true);
    const handle = /** @type {any} */ (await folder.getFileHandle(name, { create: true }));
    return { handle, access: await handle.createSyncAccessHandle() };
  }

  /** @param {any} handle of a whole file @param {string} path where it is to be */
  async _put_in_place(handle, path) {
    const { folder, name } = await this._place(path, false);
    try {
      if (handle.move) await handle.move(folder, name);
      else await copy(handle, folder, name);
    } catch (error) {
      // Whoever has the file of that name open goes on reading it, and it holds the same.
      if (is_named(error, "NoModificationAllowedError") && (await this.exists(path))) return;
      throw new TunelabError(
        `${path} cannot be put in its place (${error_text(error)}); close other tabs of this site and try again`,
        "TL_ERR_ARGUMENT",
        error,
      );
    }
  }

  async list() {
    const paths = [];
    for await (const path of this._walk(this._root, ""))
      if (!TEMPORARY.test(path)) paths.push(path);
    return paths.sort();
  }

  /**
   * @param {any} folder
   * @param {string} prefix
   * @returns {AsyncGenerator<string>}
   */
  async *_walk(folder, prefix) {
    for await (const [name, handle] of folder.entries()) {
      if (handle.kind === "directory") yield* this._walk(handle, `${prefix}${name}/`);
      else yield prefix + name;
    }
  }

  /** @param {string} path */
  async remove(path) {
    try {
      const { folder, name } = await this._place(path, false);
      await folder.removeEntry(name);
    } catch (error) {
      if (!is_named(error, "NotFoundError")) throw error;
    }
  }
}

/** @param {number} count of bytes written */
function some_of(count) {
  if (count > 0) return count;
  throw new Error("nothing more is taken");
}

/**
 * Where files cannot be moved. A copy that breaks off lacks its end, by which readers know it.
 * @param {any} handle
 * @param {any} folder
 * @param {string} name
 */
async function copy(handle, folder, name) {
  const blob = await handle.getFile();
  const target = await folder.getFileHandle(name, { create: true });
  const access = await target.createSyncAccessHandle();
  try {
    access.truncate(0);
    for (let at = 0; at < blob.size; at += PIECE)
      access.write(new Uint8Array(await blob.slice(at, at + PIECE).arrayBuffer()), { at });
  } finally {
    access.close();
  }
}

/** @param {any} access @param {string} path @returns {StoredFile} */
function from_access_handle(access, path) {
  const size = access.getSize();
  return {
    size,
    read_into(target, at) {
      check_range(target, at, size, path);
      for (let done = 0; done < target.length;)
        done += some_of(access.read(target.subarray(done), { at: at + done }));
    },
    close: () => access.close(),
  };
}

/** @param {File} blob @param {string} path @returns {StoredFile} */
function from_blob(blob, path) {
  const reader = new (scope().FileReaderSync)();
  return {
    size: blob.size,
    read_into(target, at) {
      check_range(target, at, blob.size, path);
      target.set(new Uint8Array(reader.readAsArrayBuffer(blob.slice(at, at + target.length))));
    },
    close() {},
  };
}

/** @param {Uint8Array} target @param {number} at @param {number} size @param {string} path */
function check_range(target, at, size, path) {
  if (at + target.length > size)
    throw new TunelabError(`${path} ends after ${size} bytes`, "TL_ERR_FORMAT");
}
