// Saves a set of files so that either all of them are there afterwards or the old ones still are,
// in Node.js.
import { open, rename, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { make_folder } from "./make_folder.js";

/**
 * Files are first written beside their places under temporary names and brought to disk; only
 * `commit` renames them. A disk that fills up, or a crash, so leaves what was there before.
 */
export class FolderSink {
  /** @param {string} folder made if need be */
  constructor(folder) {
    this.folder = folder;
    /** @type {{temporary: string, path: string}[]} */
    this._written = [];
    this._made_folder = false;
  }

  /**
   * Writes one file under its temporary name.
   * @param {string} name
   * @param {Iterable<Uint8Array> | Uint8Array | string} content text, bytes, or bytes in pieces
   */
  async write(name, content) {
    const path = join(this.folder, name);
    const temporary = `${path}.${process.pid}.tmp`;
    this._made_folder = (await make_folder(this.folder)) || this._made_folder;
    const file = await open(temporary, "w");
    this._written.push({ temporary, path });
    try {
      const pieces = typeof content === "string" ? [new TextEncoder().encode(content)] : content;
      for (const piece of pieces instanceof Uint8Array ? [pieces] : pieces)
        await write_all(file, piece);
      await file.sync();
    } finally {
      await file.close();
    }
  }

  /** Puts all files in their places. */
  async commit() {
    for (const { temporary, path } of this._written) await rename(temporary, path);
    this._written = [];
  }

  /** Takes back what was not committed. */
  async abort() {
    for (const { temporary } of this._written) await rm(temporary, { force: true });
    // Left where a commit that broke off has put files into it.
    if (this._made_folder) await rmdir(this.folder).catch(() => {});
    this._written = [];
  }
}

/** @param {import("node:fs/promises").FileHandle} file @param {Uint8Array} piece */
async function write_all(file, piece) {
  for (let at = 0; at < piece.length;) at += (await file.write(piece, at)).bytesWritten;
}
