// Files of a local folder, in Node.js.
import { readSync } from "node:fs";
import { open, readdir, stat } from "node:fs/promises";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { error_text, TunelabError } from "../core/errors.js";

/** Read so much at a time. */
const PIECE = 1 << 20;

/** @param {string} path */
const stat_if_any = (path) => stat(path).catch(() => undefined);

/** @implements {FileSource} @typedef {import("./file_source.js").FileSource} FileSource */
export class FolderSource {
  /** @param {string} location */
  constructor(location) {
    this.location = location.replace(/(?<=.)\/+$/, "");
  }

  /** @param {string} location */
  static async open(location) {
    const found = await stat_if_any(location);
    if (!found)
      throw new TunelabError(
        `there is no folder ${location}; give a local folder (or an http address) that holds the files`,
      );
    if (!found.isDirectory())
      throw new TunelabError(
        `${location} is a file; give the folder it lies in, ${dirname(location)}`,
      );
    return new FolderSource(location);
  }

  /** @param {string} path */
  async exists(path) {
    return Boolean((await stat_if_any(join(this.location, path)))?.isFile());
  }

  /** Place, size and time of change. @param {string} path @returns {Promise<string | undefined>} */
  async identity(path) {
    const full = resolve(this.location, path);
    const found = await stat(full, { bigint: true }).catch(() => undefined);
    return found && `file:${full}:${found.size}:${found.mtimeNs}`;
  }

  /** @returns {Promise<string[]>} */
  async list() {
    const entries = await readdir(this.location, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => !entry.isDirectory())
      .map((entry) =>
        relative(this.location, join(entry.parentPath, entry.name)).split(sep).join("/"),
      )
      .sort();
  }

  /** @param {string} path */
  async open(path) {
    const full = join(this.location, path);
    let file;
    try {
      file = await open(full, "r");
    } catch (error) {
      const there =
        (await readdir(dirname(full)).catch(() => [])).slice(0, 12).join(", ") || "nothing";
      throw new TunelabError(
        `${full} cannot be read (${error_text(error)}); ${dirname(full)} holds ${there}`,
        "TL_ERR_ARGUMENT",
        error,
      );
    }
    const { size } = await file.stat();
    const name = basename(path);
    /** @param {number} count that were read @param {number} at @param {number} end */
    const require_some = (count, at, end) => {
      if (count === 0)
        throw new TunelabError(`${name} ended after ${at} of ${end} bytes`, "TL_ERR_FORMAT");
      return count;
    };
    return {
      size,
      /** @param {number} begin @param {number} end */
      async *stream(begin, end) {
        for (let at = begin; at < end;) {
          const piece = new Uint8Array(Math.min(PIECE, end - at));
          const { bytesRead } = await file.read(piece, 0, piece.length, at);
          at += require_some(bytesRead, at, end);
          yield piece.subarray(0, bytesRead);
        }
      },
      /** @param {Uint8Array} target @param {number} begin */
      read_into(target, begin) {
        const end = begin + target.length;
        for (let at = begin; at < end;) {
          const count = readSync(file.fd, target, at - begin, end - at, at);
          at += require_some(count, at, end);
        }
      },
      close: () => file.close(),
    };
  }
}
