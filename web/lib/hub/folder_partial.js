// A file on its way into the Hub's cache folder, in Node.js: written under a name of its own, renamed when whole.
import { constants, createReadStream } from "node:fs";
import { access, open, readdir, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { error_text } from "../core/errors.js";
import { HubError } from "./hub_error.js";

/** Eight characters that no other process has chosen. */
export const random_name = () => crypto.randomUUID().slice(0, 8);

/**
 * Runs `work`, which writes into the cache.
 * @template T
 * @param {string} folder
 * @param {() => Promise<T>} work
 * @throws {HubError} "storage" if the disk does not take it
 */
export async function storing(folder, work) {
  try {
    return await work();
  } catch (error) {
    throw new HubError(
      "storage",
      `${folder} cannot take the download (${error_text(error)}); free some space, or choose another folder ` +
        "with HF_HOME or cache_dir",
      { cause: error },
    );
  }
}

/** @param {string} path @returns {Promise<number>} -1 for what another process has taken away, or may read alone */
async function read_size(path) {
  try {
    await access(path, constants.R_OK | constants.W_OK);
    return (await stat(path)).size;
  } catch {
    return -1;
  }
}

/** What this library's partial files are called; huggingface_hub's have no "tunelab" and are left alone. */
const MARK = ".tunelab-";

/**
 * Every download writes to a file that only it knows, as huggingface_hub's do: on file systems where locks do not
 * hold, or if a sleeping process wakes up, two never write to one. What a dead one left is copied in.
 * @implements {Partial} @typedef {import("./hub_cache.js").Partial} Partial
 */
export class FolderPartial {
  /**
   * @param {string} blob where the file is to lie
   * @param {(path: string) => Promise<void>} place puts the whole file there
   */
  constructor(blob, place) {
    this._blob = blob;
    this._place = place;
    this._path = `${blob}${MARK}${random_name()}.incomplete`;
    /** @type {import("node:fs/promises").FileHandle | undefined} */
    this._file = undefined;
  }

  async *inherit() {
    const left = await this._left_behind();
    for (const path of left.slice(0, 1))
      for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 })) {
        await this.append(piece);
        yield piece;
      }
    for (const path of left) await rm(path, { force: true });
  }

  /** The partial files of downloads that ended early, the largest first. */
  async _left_behind() {
    const folder = dirname(this._blob);
    const begin = basename(this._blob) + MARK;
    const names = (await readdir(folder)).filter(
      (name) => name.startsWith(begin) && name.endsWith(".incomplete"),
    );
    const paths = names.map((name) => join(folder, name)).filter((path) => path !== this._path);
    const found = await Promise.all(
      paths.map(async (path) => ({ path, size: await read_size(path) })),
    );
    return found
      .filter(({ size }) => size >= 0)
      .sort((a, b) => b.size - a.size)
      .map(({ path }) => path);
  }

  /** @param {Uint8Array} bytes */
  async append(bytes) {
    await storing(dirname(this._blob), async () => {
      this._file ??= await open(this._path, "w");
      for (let at = 0; at < bytes.length;) at += (await this._file.write(bytes, at)).bytesWritten;
    });
  }

  async restart() {
    await this.leave();
    await rm(this._path, { force: true });
  }

  async finish() {
    await storing(dirname(this._blob), async () => {
      this._file ??= await open(this._path, "w"); // an empty file
      await this._file.sync();
      await this.leave();
      await this._place(this._path);
    });
  }

  async leave() {
    await this._file?.close();
    this._file = undefined;
  }
}
