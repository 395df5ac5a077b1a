// What each kind of fault does to a request or to its answer.
import { setTimeout as sleep } from "node:timers/promises";
import { Readable } from "node:stream";
import { createGzip } from "node:zlib";
import { failure, redirect } from "./answer.js";

/** @typedef {import("./answer.js").Answer} Answer */
/** @typedef {import("./answer.js").Asked} Asked */
/** @typedef {import("./faults.js").Fault} Fault */

/** Faults meet a request before it is routed, any answer's headers, or an answer that brings a file or a page.
 * @typedef {"request" | "headers" | "body"} Stage */

/**
 * @typedef {object} Kind
 * @property {Stage} stage
 * @property {(fault: Fault, asked: Asked) => Answer | "refuse" | "hang"} [instead] answers in the route's stead: "refuse" drops the
 *   connection, "hang" never answers
 * @property {(asked: Asked) => void} [ask] alters what the route sees
 * @property {(answer: Answer, fault: Fault) => Answer} [change]
 * @property {(pieces: AsyncIterable<Buffer>, length: number, fault: Fault) => AsyncIterable<Buffer>} [spoil]
 *   alters the bytes on their way; what it throws drops the connection
 */

/** What was written before a connection is dropped is to arrive. */
const FLUSH_MILLISECONDS = 20;

/** @type {Record<string, Kind>} */
export const KINDS = {
  status: {
    stage: "request",
    instead: ({ status = 500 }) => failure(status, `Answered with ${status} on demand`),
  },
  rate_limit: { stage: "request", instead: rate_limited },
  gated: {
    stage: "request",
    instead: ({ status = 401 }) =>
      failure(status, "Access to this repository is restricted.", "GatedRepo"),
  },
  not_ready: {
    stage: "request",
    instead: () =>
      failure(
        500,
        "The server is busier than usual and the response is not ready yet. Please retry later.",
        "ResponseNotReady",
      ),
  },
  no_viewer: {
    stage: "request",
    instead: () =>
      failure(
        501,
        "The dataset viewer doesn't support this dataset because it runs arbitrary Python code.",
        "DatasetWithScriptNotSupportedError",
      ),
  },
  expired: {
    stage: "request",
    instead: () => failure(403, "Access Denied: the address has expired"),
  },
  not_satisfiable: {
    stage: "request",
    instead: () => ({
      status: 416,
      headers: { "Content-Range": "bytes */0" },
      body: Buffer.alloc(0),
    }),
  },
  refuse: { stage: "request", instead: () => "refuse" },
  hang: { stage: "request", instead: () => "hang" },
  captive_portal: {
    stage: "request",
    instead: () => ({
      status: 200,
      headers: { "Content-Type": "text/html; charset=utf-8" },
      body: Buffer.from(
        "<!doctype html><title>Welcome</title><p>Accept our terms to go online.</p>",
      ),
    }),
  },
  redirect_loop: { stage: "request", instead: (_fault, { url }) => redirect(302, url.pathname) },
  no_range: {
    stage: "request",
    ask: (asked) => {
      delete asked.headers.range;
    },
  },
  wrong_hash: { stage: "headers", change: with_wrong_hashes },
  wrong_length: { stage: "body", change: shortened },
  wrong_bytes: { stage: "body", spoil: flipped },
  gzip_bomb: { stage: "body", change: packed, spoil: bomb },
  endless: { stage: "body", change: unmeasured, spoil: endless },
  slow: { stage: "body", spoil: slowed },
  cut: { stage: "body", spoil: (pieces, _length, { after = 0 }) => broken(pieces, after, "cut") },
  stall: {
    stage: "body",
    spoil: (pieces, _length, { after = 0 }) => broken(pieces, after, "stall"),
  },
};

/**
 * The refusal of one who asks too often, as the Hub words it.
 * @param {{seconds?: number, retry_after?: boolean, limit?: number, resource?: string}} given
 * @returns {Answer}
 */
export function rate_limited({ seconds = 1, retry_after = false, limit = 500, resource = "api" }) {
  const headers = retry_after
    ? { "Retry-After": String(seconds) }
    : rate_headers({ resource, limit, remaining: 0, seconds });
  return failure(429, "We had to rate limit you. Too many requests.", undefined, headers);
}

/**
 * @param {{resource: string, limit: number, remaining: number, seconds: number}} state seconds: until the count begins
 *   anew
 * @returns {Record<string, string>}
 */
export function rate_headers({ resource, limit, remaining, seconds }) {
  return {
    RateLimit: `"${resource}";r=${remaining};t=${seconds}`,
    "RateLimit-Policy": `"fixed window";"${resource}";q=${limit};w=300`,
  };
}

/** Other hashes than the content's, in headers and listings. @param {Answer} answer @returns {Answer} */
function with_wrong_hashes(answer) {
  const other = (/** @type {string} */ hash) => (hash[0] === "0" ? "1" : "0") + hash.slice(1);
  const headers = { ...answer.headers };
  for (const name of ["ETag", "X-Linked-ETag"])
    if (headers[name]) headers[name] = headers[name].replace(/[0-9a-f]{40,}/, other);
  if (!Buffer.isBuffer(answer.body)) return { ...answer, headers };
  const text = answer.body
    .toString()
    .replace(/"oid":"([0-9a-f]+)"/g, (_whole, hash) => `"oid":"${other(hash)}"`);
  return { ...answer, headers, body: Buffer.from(text) };
}

/** A file that ends early without a sign of it. @param {Answer} answer @returns {Answer} */
function shortened(answer) {
  const { body } = answer;
  if (!body) return answer;
  if (Buffer.isBuffer(body)) return { ...answer, body: body.subarray(0, body.length >> 1) };
  return { ...answer, body: { ...body, end: Math.floor((body.begin + body.end) / 2) } };
}

/** Does not say how long the answer is. @param {Answer} answer @returns {Answer} */
function unmeasured(answer) {
  const headers = { ...answer.headers, "Transfer-Encoding": "chunked" };
  return { ...answer, headers, compressible: false };
}

/** Says that what comes is gzipped. @param {Answer} answer @returns {Answer} */
function packed(answer) {
  const { headers, ...rest } = unmeasured(answer);
  return { ...rest, headers: { ...headers, "Content-Encoding": "gzip" } };
}

/** What was asked for, and then more for as long as somebody listens. @param {AsyncIterable<Buffer>} pieces */
async function* endless(pieces) {
  /** @type {Buffer} */
  let last = Buffer.from("\n");
  for await (const piece of pieces) yield (last = piece);
  for (;;) yield last;
}

/**
 * A few compressed bytes that unpack to very many.
 * @param {AsyncIterable<Buffer>} _pieces
 * @param {number} _length
 * @param {Fault} fault
 */
async function* bomb(_pieces, _length, { bytes = 1 << 30 }) {
  const zeros = Buffer.alloc(1 << 20);
  const blocks = function* () {
    for (let left = bytes; left > 0; left -= zeros.length)
      yield left < zeros.length ? zeros.subarray(0, left) : zeros;
  };
  yield* Readable.from(blocks()).pipe(createGzip({ level: 9 }));
}

/** One byte in the middle is another. @param {AsyncIterable<Buffer>} pieces @param {number} length */
async function* flipped(pieces, length) {
  const middle = length >> 1;
  let at = 0;
  for await (const piece of pieces) {
    const inside = middle - at;
    at += piece.length;
    if (inside < 0 || inside >= piece.length) yield piece;
    else {
      const copy = Buffer.from(piece);
      copy[inside] ^= 1;
      yield copy;
    }
  }
}

/** @param {AsyncIterable<Buffer>} pieces @param {number} _length @param {Fault} fault */
async function* slowed(pieces, _length, { bytes_per_second = 100_000 }) {
  const step = Math.max(Math.floor(bytes_per_second / 20), 1);
  for await (const piece of pieces)
    for (let at = 0; at < piece.length; at += step) {
      yield piece.subarray(at, at + step);
      await sleep((Math.min(step, piece.length - at) / bytes_per_second) * 1000);
    }
}

/**
 * Ends after so many bytes: by dropping the connection, or by sending nothing more.
 * @param {AsyncIterable<Buffer>} pieces
 * @param {number} after
 * @param {"cut" | "stall"} how
 */
async function* broken(pieces, after, how) {
  let left = after;
  for await (const piece of pieces) {
    if (piece.length < left) yield piece;
    else {
      if (left > 0) yield piece.subarray(0, left);
      if (how === "stall") await new Promise(() => {});
      await sleep(FLUSH_MILLISECONDS);
      throw new Error("cut on demand");
    }
    left -= piece.length;
  }
}
