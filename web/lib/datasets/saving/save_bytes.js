// Where exported rows go: a file that appears as a whole, or anything that takes bytes.
import { save_folder } from "../../hub/save_folder.js";

/**
 * @typedef {string | {write: (bytes: Uint8Array) => unknown}} Target a file's path (Node.js), or what has
 *   a method `write`, awaited if it gives a promise: a page's FileSystemWritableFileStream, …
 */

/**
 * @param {Iterable<Uint8Array>} pieces
 * @param {(bytes: number) => void} count is told each piece's length
 */
function* counted(pieces, count) {
  for (const piece of pieces) {
    count(piece.length);
    yield piece;
  }
}

/**
 * Writes pieces one after the other, none of them held once it is written.
 * @param {Target} target
 * @param {Iterable<Uint8Array>} pieces
 * @returns {Promise<number>} bytes written
 * @throws {TunelabError} if a file could not be written; what was there before is untouched
 */
export async function save_bytes(target, pieces) {
  let bytes = 0;
  const told = counted(pieces, (length) => (bytes += length));
  if (typeof target === "string") {
    const at = target.lastIndexOf("/");
    const folder = at < 0 ? "." : target.slice(0, at) || "/";
    await save_folder(folder, (sink) => sink.write(target.slice(at + 1), told));
  } else for (const piece of told) await target.write(piece);
  return bytes;
}
