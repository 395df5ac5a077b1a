// What a route answers, before it goes out: status, headers and a body, which may be a part of a file.

/** Bytes [begin, end) of a file on disk. @typedef {{file: string, begin: number, end: number}} FilePart */

/**
 * @typedef {object} Answer
 * @property {number} status
 * @property {Record<string, string>} headers
 * @property {Buffer | FilePart} [body]
 * @property {boolean} [compressible] whether it goes out gzipped to whoever accepts that, and so without its length
 */

/** A request as routes see it. @typedef {object} Asked
 * @property {string} method
 * @property {URL} url
 * @property {string[]} segments the path's parts, decoded
 * @property {import("node:http").IncomingHttpHeaders} headers
 * @property {() => Promise<string>} text the request's body
 */

/** A part of an address; one that is no UTF-8 stays as it is. @param {string} part */
export function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/**
 * @param {unknown} value
 * @param {Record<string, string>} [headers]
 * @returns {Answer}
 */
export function json(value, headers = {}) {
  return {
    status: 200,
    headers: { "Content-Type": "application/json; charset=utf-8", ...headers },
    body: Buffer.from(JSON.stringify(value)),
    compressible: true,
  };
}

/**
 * A failure as the Hub words it: the message as JSON and as a header, and a code for programs.
 * @param {number} status
 * @param {string} message
 * @param {string} [code] such as RepoNotFound
 * @param {Record<string, string>} [headers]
 * @returns {Answer}
 */
export function failure(status, message, code, headers = {}) {
  // A header takes no other characters.
  const words = message.replace(/[^\x20-\x7e]/g, "?");
  const told = { "X-Error-Message": words, ...(code && { "X-Error-Code": code }) };
  return { ...json({ error: message }, { ...told, ...headers }), status };
}

/**
 * @param {number} status 301, 302, 307 or 308
 * @param {string} location
 * @param {Record<string, string>} [headers]
 * @returns {Answer}
 */
export function redirect(status, location, headers = {}) {
  const body = Buffer.from(`Redirecting to ${location}`);
  return {
    status,
    headers: { "Content-Type": "text/plain", Location: location, ...headers },
    body,
  };
}

/**
 * A file, whole or the part that the request's Range header names; 304 where If-None-Match has it already.
 * @param {Asked} asked
 * @param {{file: string, size: number}} file
 * @param {string} etag without quotes
 * @param {{headers?: Record<string, string>, compressible?: boolean}} [options]
 * @returns {Answer}
 */
export function file_answer(asked, { file, size }, etag, { headers = {}, compressible } = {}) {
  const quoted = `"${etag}"`;
  const common = { "Accept-Ranges": "bytes", ETag: quoted, ...headers };
  const known = asked.headers["if-none-match"]?.split(/\s*,\s*/) ?? [];
  if (known.some((tag) => tag.replace(/^W\//, "") === quoted))
    return { status: 304, headers: common };
  const condition = asked.headers["if-range"];
  const range = condition && condition !== quoted ? undefined : asked.headers.range;
  const part = range === undefined ? undefined : parse_range(range, size);
  if (part === "beyond")
    return {
      status: 416,
      headers: { ...common, "Content-Range": `bytes */${size}`, "Content-Type": "text/plain" },
      body: Buffer.from("Range Not Satisfiable"),
    };
  if (!part)
    return { status: 200, headers: common, body: { file, begin: 0, end: size }, compressible };
  const { begin, end } = part;
  return {
    status: 206,
    headers: { ...common, "Content-Range": `bytes ${begin}-${end - 1}/${size}` },
    body: { file, begin, end },
  };
}

/**
 * @param {string} range as in the header
 * @param {number} size
 * @returns {{begin: number, end: number} | "beyond" | undefined} undefined for what is answered with the whole file:
 *   several ranges, or words that are no range
 */
function parse_range(range, size) {
  const found = /^bytes=(\d*)-(\d*)$/.exec(range.trim());
  if (!found || (found[1] === "" && found[2] === "")) return undefined;
  if (found[1] === "") {
    const length = Math.min(Number(found[2]), size);
    return length === 0 ? "beyond" : { begin: size - length, end: size };
  }
  const begin = Number(found[1]);
  const end = found[2] === "" ? size : Math.min(Number(found[2]) + 1, size);
  if (begin >= size) return "beyond";
  return begin < end ? { begin, end } : undefined;
}
