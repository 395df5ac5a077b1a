// A file read from afar by ranges, in few requests: small reads bring what lies around them.
import { ranged } from "./ranged.js";

/** A read of less than this fetches the whole window of this size that it begins in. */
const WINDOW = 1 << 18;

/** So many windows are kept. */
const WINDOWS = 8;

/**
 * @param {import("./ranged.js").RangedRequest} request
 * @returns {import("./file_source.js").OpenFile}
 */
export function open_ranges(request) {
  const { size } = request;
  /** @type {Map<number, Promise<Uint8Array>>} */
  const windows = new Map();
  /** @param {number} index */
  const window_at = (index) => {
    const begin = index * WINDOW;
    const bytes = windows.get(index) ?? whole(request, begin, Math.min(size, begin + WINDOW));
    windows.delete(index); // the least lately used stands first
    windows.set(index, bytes);
    bytes.catch(() => windows.delete(index)); // is asked for again; the reader hears of the error
    if (windows.size > WINDOWS) windows.delete([...windows.keys()][0]);
    return bytes;
  };
  return {
    size,
    /** @param {number} begin @param {number} end */
    async *stream(begin, end) {
      const last = Math.min(end, size);
      if (last - begin >= WINDOW) return yield* ranged(request, begin, last);
      for (let at = begin; at < last;) {
        const index = Math.floor(at / WINDOW);
        const from = at - index * WINDOW;
        const piece = (await window_at(index)).subarray(from, from + last - at);
        yield piece;
        at += piece.length;
      }
    },
    close: async () => windows.clear(),
  };
}

/** @param {import("./ranged.js").RangedRequest} request @param {number} begin @param {number} end */
async function whole(request, begin, end) {
  const bytes = new Uint8Array(end - begin);
  let at = 0;
  for await (const piece of ranged(request, begin, end)) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
