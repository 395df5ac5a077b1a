// Files below an address, over HTTP. Ranges are asked for; a server that ignores them sends the
// whole file, and it is cut.
import { located, TunelabError } from "../core/errors.js";
import { content_range } from "./content_range.js";
import { fetch_within, network_reason } from "./fetch_within.js";
import { check_growth } from "./growth_limit.js";
import { body_of } from "./response_body.js";
import { hub_settings } from "./settings.js";

/** A file whose size the server does not tell is held, up to this. */
const MOST_HELD = 2 ** 30;

/** @implements {FileSource} @typedef {import("./file_source.js").FileSource} FileSource */
export class FetchSource {
  /** @param {string} location an address, or a path on the page's server */
  constructor(location) {
    this.location = location.replace(/\/+$/, "");
  }

  /** @param {string} path */
  async exists(path) {
    const { ok } = await asked(`${this.location}/${path}`, { method: "HEAD" });
    return ok;
  }

  /** The server's ETag. @param {string} path @returns {Promise<string | undefined>} */
  async identity(path) {
    const { ok, url, headers } = await asked(`${this.location}/${path}`, { method: "HEAD" });
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
    const head = await asked(address, { method: "HEAD" });
    if (!head.ok)
      throw new TunelabError(`${address} cannot be read: the server answered ${head.status}`);
    const length = head.headers.get("content-length");
    const encoded = head.headers.get("content-encoding");
    // Without the size nothing can be checked before it is read: such a file is held whole.
    const packed = length === null ? Infinity : Number(length);
    const whole = length === null || encoded ? await fetched_bytes(address, packed) : undefined;
    const size = whole ? whole.length : Number(length);
    const version = version_of(head);
    return {
      size,
      /** @param {number} begin @param {number} end */
      stream: (begin, end) =>
        whole
          ? pieces_of(whole.subarray(begin, end))
          : ranged({ address, size, version }, begin, end),
      close: async () => {},
    };
  }
}

/** @param {string} address @param {unknown} error @returns {TunelabError} */
const unreachable = (address, error) =>
  new TunelabError(
    `${address} cannot be reached (${network_reason(error)}); check the address and the connection`,
    "TL_ERR_ARGUMENT",
    error,
  );

/** @param {string} address @param {RequestInit} [init] @returns {Promise<Response>} */
async function asked(address, init = {}) {
  try {
    return await fetch_within(address, init, (await hub_settings()).timeout);
  } catch (error) {
    throw unreachable(address, error);
  }
}

/**
 * The bytes of an answer.
 * @param {string} address
 * @param {Response} response
 */
async function* content(address, { ok, status, body }) {
  if (!ok || !body)
    throw new TunelabError(`${address} cannot be read: the server answered ${status}`);
  try {
    yield* body_of(body, (await hub_settings()).timeout);
  } catch (error) {
    throw unreachable(address, error);
  }
}

/** The ETag of a file, by which another one is told; packed answers mark it. @param {Response} response */
const version_of = ({ headers }) =>
  headers
    .get("etag")
    ?.replace(/^W\//, "")
    .replace(/-gzip"$/, '"');

/**
 * A whole file, held.
 * @param {string} address
 * @param {number} packed_size as the server told it; Infinity where it told none
 * @throws {TunelabError} TL_ERR_FORMAT for an answer that unpacks to absurdly much
 */
async function fetched_bytes(address, packed_size) {
  const pieces = [];
  let size = 0;
  for await (const piece of content(address, await asked(address))) {
    pieces.push(piece);
    size += piece.length;
    if (size > MOST_HELD)
      throw new TunelabError(
        `${address} is larger than ${MOST_HELD >> 20} MB and its server tells no size; download it first`,
        "TL_ERR_UNSUPPORTED",
      );
    try {
      check_growth(size, packed_size);
    } catch (error) {
      throw located(error, address);
    }
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

/** @param {Uint8Array} bytes */
async function* pieces_of(bytes) {
  yield bytes;
}

/**
 * @param {{address: string, size: number, version: string | undefined}} file as it was when it was opened
 * @param {number} begin
 * @param {number} end
 */
async function* ranged({ address, size, version }, begin, end) {
  if (begin >= end) return;
  const response = await asked(address, { headers: { range: `bytes=${begin}-${end - 1}` } });
  const came = content_range(response.headers);
  const part = response.status === 206;
  const changed = (version_of(response) ?? version) !== version;
  const misplaced = part && ((came.begin ?? begin) !== begin || (came.total ?? size) !== size);
  if (response.ok && (changed || misplaced)) {
    await response.body?.cancel().catch(() => {});
    throw new TunelabError(
      changed
        ? `${address} changed while it was read; load it again`
        : `${address} cannot be read: its server sends other bytes than those asked for`,
    );
  }
  let at = part ? begin : 0;
  for await (const piece of content(address, response)) {
    const from = Math.max(begin - at, 0);
    const to = Math.min(end - at, piece.length);
    if (to > from) yield piece.subarray(from, to);
    at += piece.length;
    if (at >= end) break;
  }
  if (at < end)
    throw new TunelabError(
      `${address} ended after ${at} of ${size} bytes; try again`,
      "TL_ERR_FORMAT",
    );
}
