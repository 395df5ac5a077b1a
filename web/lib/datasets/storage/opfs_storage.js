// Files in the origin's private file system, in a page's dedicated worker: the one place where a
// page reads and writes files at once, without waiting.
import { error_text, TunelabError } from "../../core/errors.js";

/** @typedef {import("./storage.js").Storage} Storage */
/** @typedef {import("./storage.js").StoredFile} StoredFile */

/** The names of files that are being written: not listed. */
const TEMPORARY = /\.[0-9a-f-]{36}\.part$/;

/** Copied at a time, where files cannot be moved. */
const PIECE = 1 << 20;

/** @returns {any} what a dedicated worker has and a page does not, or lacks */
const scope = () => globalThis;

/** Whether this thread can have such a storage. */
export const has_opfs = () =>
  scope().DedicatedWorkerGlobalScope !== undefined &&
  scope().FileSystemFileHandle?.prototype.createSyncAccessHandle !== undefined &&
  navigator.storage?.getDirectory !== undefined;

/** @param {unknown} error @param {string} name of a DOMException */
const is_named = (error, name) => error instanceof DOMException && error.name === name;

/** @implements {Storage} */
export class OpfsStorage {
  /** @param {FileSystemDirectoryHandle} root @param {string} name its name */
  constructor(root, name) {
    this.location = name;
    /** What a worker opens it again with. */
    this.portable = /** @type {const} */ ({ kind: "opfs", folder: name });
    this._root = root;
  }

  /**
   * A folder of the origin's, without what dead tabs left half written.
   * @param {string} name
   * @returns {Promise<OpfsStorage>}
   * @throws {DOMException} where the browser gives no storage, as in some private windows
   */
  static async open(name) {
    const origin = await navigator.storage.getDirectory();
    const storage = new OpfsStorage(await origin.getDirectoryHandle(name, { create: true }), name);
    for await (const path of storage._walk(storage._root, ""))
      // A file that another tab is writing is locked, and stays.
      if (TEMPORARY.test(path)) await storage.remove(path).catch(() => {});
    return storage;
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
    const { folder, name } = await this._place(path, true);
    const { temporary, handle, access } = await begin_temporary(folder, name);
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
      async commit() {
        access.flush();
        access.close();
        try {
          await put_in_place(handle, folder, name);
        } catch (error) {
          // Another tab reads the file of that name, which holds the same.
          await folder.removeEntry(temporary).catch(() => {});
          if (!is_named(error, "NoModificationAllowedError")) throw error;
        }
      },
      async abort() {
        access.close();
        await remove_entry(folder, temporary); // after a commit there is none
      },
    };
    return file;
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
      await remove_entry(folder, name);
    } catch (error) {
      if (!is_named(error, "NotFoundError")) throw error;
    }
  }
}

/** @param {any} folder @param {string} name of a file; one that is not there is none to remove */
async function remove_entry(folder, name) {
  try {
    await folder.removeEntry(name);
  } catch (error) {
    if (!is_named(error, "NotFoundError")) throw error;
  }
}

/**
 * A new file, locked for this thread.
 * @param {any} folder
 * @param {string} name
 * @returns {Promise<{temporary: string, handle: any, access: any}>}
 */
async function begin_temporary(folder, name) {
  const temporary = `${name}.${crypto.randomUUID()}.part`;
  const handle = await folder.getFileHandle(temporary, { create: true });
  try {
    return { temporary, handle, access: await handle.createSyncAccessHandle() };
  } catch (error) {
    // Before it was locked, a tab that starts took it for a dead tab's.
    if (is_named(error, "NotFoundError")) return begin_temporary(folder, name);
    throw error;
  }
}

/** @param {number} count of bytes written */
function some_of(count) {
  if (count > 0) return count;
  throw new Error("nothing more is taken");
}

/**
 * @param {any} handle
 * @param {any} folder
 * @param {string} name
 */
async function put_in_place(handle, folder, name) {
  if (handle.move) {
    await handle.move(folder, name);
    return;
  }
  // A copy that breaks off lacks its end, by which readers know it.
  const blob = await handle.getFile();
  const access = await (
    await folder.getFileHandle(name, { create: true })
  ).createSyncAccessHandle();
  access.truncate(0);
  for (let at = 0; at < blob.size; at += PIECE)
    access.write(new Uint8Array(await blob.slice(at, at + PIECE).arrayBuffer()), { at });
  access.close();
  await folder.removeEntry(handle.name);
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
