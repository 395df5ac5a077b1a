// Files below an address, over HTTP. Ranges are asked for; a server that ignores them sends the
// whole file, and it is cut.
import { TunelabError } from "../core/errors.js";
import { body_of } from "./response_body.js";

/** @implements {FileSource} @typedef {import("./file_source.js").FileSource} FileSource */
export class FetchSource {
  /** @param {string} location an address, or a path on the page's server */
  constructor(location) {
    this.location = location.replace(/\/+$/, "");
  }

  /** @param {string} path */
  async exists(path) {
    const { ok } = await fetch(`${this.location}/${path}`, { method: "HEAD" });
    return ok;
  }

  /** The server's ETag. @param {string} path @returns {Promise<string | undefined>} */
  async identity(path) {
    const { ok, url, headers } = await fetch(`${this.location}/${path}`, { method: "HEAD" });
    const etag = headers.get("etag");
    return ok && etag ? `fetch:${url}:${etag}` : undefined;
  }

  /** @returns {Promise<string[]>} */
  async list() {
    throw new TunelabError(
      `${this.location} cannot be listed over HTTP; name the files with data_files`,
      "TL_ERR_UNSUPPORTED",
    );
  }

  /** @param {string} path */
  async open(path) {
    const address = `${this.location}/${path}`;
    const head = await fetch(address, { method: "HEAD" });
    if (!head.ok)
      throw new TunelabError(`${address} cannot be read: the server answered ${head.status}`);
    const length = head.headers.get("content-length");
    const encoded = head.headers.get("content-encoding");
    // Without the size nothing can be checked before it is read: such a file is held whole.
    const whole = length === null || encoded ? await fetched_bytes(address) : undefined;
    const size = whole ? whole.length : Number(length);
    return {
      size,
      /** @param {number} begin @param {number} end */
      stream: (begin, end) =>
        whole ? pieces_of(whole.subarray(begin, end)) : ranged(address, begin, end),
      close: async () => {},
    };
  }
}

/** @param {string} address */
async function fetched_bytes(address) {
  const response = await fetch(address);
  if (!response.ok)
    throw new TunelabError(`${address} cannot be read: the server answered ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

/** @param {Uint8Array} bytes */
async function* pieces_of(bytes) {
  yield bytes;
}

/** @param {string} address @param {number} begin @param {number} end */
async function* ranged(address, begin, end) {
  if (begin >= end) return;
  const response = await fetch(address, { headers: { range: `bytes=${begin}-${end - 1}` } });
  if (!response.ok || !response.body)
    throw new TunelabError(`${address} cannot be read: the server answered ${response.status}`);
  let at = response.status === 206 ? begin : 0;
  for await (const piece of body_of(response.body)) {
    const from = Math.max(begin - at, 0);
    const to = Math.min(end - at, piece.length);
    if (to > from) yield piece.subarray(from, to);
    at += piece.length;
    if (at >= end) break;
  }
}
