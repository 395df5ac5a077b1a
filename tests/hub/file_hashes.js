// Git's and LFS' names for the content of files, computed once for each state of a file.
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";

/** @typedef {{size: number, changed: number, sha1: string, sha256: string}} Hashes */

/** What git's attributes on the Hub give to LFS, besides files above ten megabytes. */
const LFS_NAMES =
  /\.(7z|arrow|bin|bz2|ckpt|ftz|gz|h5|joblib|msgpack|npy|npz|onnx|ot|parquet|pb|pickle|pkl|pt|pth|rar|safetensors|tar|tflite|tgz|wasm|xz|zip|zst)$/i;
const LFS_BYTES = 10_000_000;

/** @param {string} path @param {number} size */
export const is_lfs = (path, size) => LFS_NAMES.test(path) || size > LFS_BYTES;

export class FileHashes {
  constructor() {
    /** @type {Map<string, Promise<Hashes>>} */
    this._known = new Map();
  }

  /**
   * @param {string} file
   * @returns {Promise<Hashes>} sha1 as git computes it of a blob, sha256 as LFS does of the file
   */
  async of(file) {
    const { size, mtimeMs } = await stat(file);
    const known = await this._known.get(file)?.catch(() => undefined);
    if (known && known.size === size && known.changed === mtimeMs) return known;
    const computed = hash_file(file, size, mtimeMs);
    this._known.set(file, computed);
    return computed;
  }
}

/** @param {string} file @param {number} size @param {number} changed @returns {Promise<Hashes>} */
async function hash_file(file, size, changed) {
  const sha1 = createHash("sha1").update(`blob ${size}\0`);
  const sha256 = createHash("sha256");
  for await (const piece of createReadStream(file, { highWaterMark: 1 << 20 })) {
    sha1.update(piece);
    sha256.update(piece);
  }
  return { size, changed, sha1: sha1.digest("hex"), sha256: sha256.digest("hex") };
}

/**
 * The blob that git keeps in place of an LFS file.
 * @param {string} sha256
 * @param {number} size
 * @returns {{oid: string, size: number}}
 */
export function lfs_pointer(sha256, size) {
  const text = `version https://git-lfs.github.com/spec/v1\noid sha256:${sha256}\nsize ${size}\n`;
  const sha1 = createHash("sha1").update(`blob ${text.length}\0${text}`);
  return { oid: sha1.digest("hex"), size: text.length };
}
