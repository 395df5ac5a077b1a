// Sends an answer: gzipped where that is accepted, without the body for HEAD, and as a fault spoils it.
import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";

/** @typedef {import("./answer.js").Answer} Answer */

/** Shorter answers are not worth compressing. */
const GZIP_FROM = 860;

/**
 * @param {import("node:http").IncomingMessage} request
 * @param {import("node:http").ServerResponse} response
 * @param {Answer} answer
 * @param {(bytes: number) => void} on_sent told of each piece of the body
 * @param {(pieces: AsyncIterable<Buffer>, length: number) => AsyncIterable<Buffer>} [spoil]
 * @throws {Error} if `spoil` does, or whoever asked has gone; the connection is dropped then
 */
export async function deliver(request, response, answer, on_sent, spoil) {
  const { status, body } = answer;
  const headers = { ...answer.headers };
  const length = body === undefined ? 0 : "file" in body ? body.end - body.begin : body.length;
  const accepted = /\bgzip\b/.test(String(request.headers["accept-encoding"] ?? ""));
  const gzip = answer.compressible && status === 200 && accepted && length >= GZIP_FROM;
  if (gzip) {
    headers["Content-Encoding"] = "gzip";
    if (headers.ETag) headers.ETag = `W/${headers.ETag}`;
  } else if (status !== 304 && !headers["Transfer-Encoding"])
    headers["Content-Length"] ??= String(length);
  if (answer.compressible) headers.Vary = "Accept-Encoding";
  response.writeHead(status, headers);
  if (request.method === "HEAD" || body === undefined) {
    response.end();
    return;
  }
  response.flushHeaders();
  const plain = pieces_of(body);
  const pieces = gzip ? Readable.from(plain).pipe(createGzip()) : plain;
  await pipeline(async function* () {
    for await (const piece of spoil ? spoil(pieces, length) : pieces) {
      on_sent(piece.length);
      yield piece;
    }
  }, response);
}

/** @param {import("./answer.js").FilePart | Buffer} body @returns {AsyncIterable<Buffer>} */
async function* pieces_of(body) {
  if (!("file" in body)) yield body;
  else if (body.end > body.begin)
    yield* createReadStream(body.file, { start: body.begin, end: body.end - 1 });
}
