// Where tables are kept: files that are written once, as a whole or not at all, and read anywhere
// at any time.

/**
 * A file to read. Reading is synchronous.
 * @typedef {object} StoredFile
 * @property {number} size bytes
 * @property {(target: Uint8Array, at: number) => void} read_into fills `target` with the bytes from
 *   `at` on; throws TL_ERR_FORMAT where the file ends before
 * @property {() => void} close
 */

/**
 * A file being written, under a temporary name. Writing is synchronous.
 * @typedef {object} NewFile
 * @property {number} size bytes written so far
 * @property {(bytes: Uint8Array) => void} write adds to the end
 * @property {() => Promise<void>} commit the file is there under its name from now on, in place of one of
 *   that name
 * @property {() => Promise<void>} abort nothing is left of it; after a commit nothing happens
 */

/**
 * A place for files; paths have "/" between their parts and are relative to it.
 * @typedef {object} Storage
 * @property {string} location for messages
 * @property {import("./portable_storage.js").PortableStorage} [portable] what a worker opens it by; none
 *   where it cannot
 * @property {(path: string) => Promise<boolean>} exists
 * @property {(path: string) => Promise<StoredFile>} open_read
 * @property {(path: string) => Promise<NewFile>} create
 * @property {() => Promise<string[]>} list all files' paths, sorted
 * @property {(path: string) => Promise<void>} remove a file that is not there is none to remove
 */

export {};
