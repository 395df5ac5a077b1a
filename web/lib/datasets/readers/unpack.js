// Compressed files unpacked as they stream, with a limit against files made to overflow the disk.
import { Decompress } from "fzstd";
import { in_node } from "../../core/builds.js";
import { error_text, TunelabError } from "../../core/errors.js";
import { check_growth } from "../../hub/growth_limit.js";

/** What is unpacked at most. */
const MOST_BYTES = 16 * 2 ** 30;

/** Endings of compressed files' names, with what reads them here. */
const PACKED = /** @type {Record<string, "gzip" | "zstd" | null>} */ ({
  gz: "gzip",
  zst: "zstd",
  xz: null,
  bz2: null,
  lz4: null,
  zip: null,
});

/** @param {string} path */
const ending_of = (path) => path.slice(path.lastIndexOf(".") + 1).toLowerCase();

/** @param {string} path @returns {string} without the ending that says how it is compressed */
export const unpacked_name = (path) =>
  ending_of(path) in PACKED ? path.slice(0, path.lastIndexOf(".")) : path;

/**
 * Node.js's own streams: its DecompressionStream throws past its reader where reading ends early.
 * @param {AsyncIterable<Uint8Array>} pieces
 * @returns {AsyncGenerator<Uint8Array>}
 */
async function* ungzip_in_node(pieces) {
  const { pipeline, Readable } = await import("node:stream");
  const { createGunzip } = await import("node:zlib");
  // Whoever iterates is told of errors; the callback is there since pipeline wants one.
  yield* pipeline(Readable.from(pieces), createGunzip(), () => {});
}

/** @param {AsyncIterable<Uint8Array>} pieces @returns {AsyncGenerator<Uint8Array>} */
async function* ungzip(pieces) {
  const iterator = pieces[Symbol.asyncIterator]();
  const packed = new ReadableStream({
    async pull(controller) {
      const { done, value } = await iterator.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: async () => void (await iterator.return?.()),
  });
  const reader = packed.pipeThrough(new DecompressionStream("gzip")).getReader();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
  } finally {
    await reader.cancel().catch(() => {}); // a stream that failed has told so already
  }
}

/** Four bytes of Zstandard may stand for 128 KB: so many bytes at a time are unpacked before the limit is looked at. */
const ZSTD_STEP = 1 << 10;

/** @param {AsyncIterable<Uint8Array>} pieces @returns {AsyncGenerator<Uint8Array>} */
async function* unzstd(pieces) {
  /** @type {Uint8Array[]} */
  let ready = [];
  const stream = new Decompress((piece) => void ready.push(piece.slice()));
  for await (const piece of pieces) {
    for (let at = 0; at < piece.length; at += ZSTD_STEP) {
      stream.push(piece.subarray(at, at + ZSTD_STEP));
      yield* ready;
      ready = [];
    }
  }
  stream.push(new Uint8Array(0), true);
  yield* ready;
}

const UNPACKERS = { gzip: in_node ? ungzip_in_node : ungzip, zstd: unzstd };

/**
 * A file's bytes, unpacked if its name ends as a compressed file's.
 * @param {AsyncIterable<Uint8Array>} pieces
 * @param {string} path
 * @param {string} location for messages
 * @returns {AsyncGenerator<Uint8Array>}
 * @throws {TunelabError} TL_ERR_FORMAT for a file that is damaged or unpacks to absurdly much; TL_ERR_UNSUPPORTED
 *   for other kinds of compression
 */
export async function* unpacked(pieces, path, location) {
  const kind = PACKED[ending_of(path)];
  if (kind === undefined) {
    yield* pieces;
    return;
  }
  if (kind === null)
    throw new TunelabError(
      `${location}: files that end in .${ending_of(path)} are not unpacked; .gz and .zst are`,
      "TL_ERR_UNSUPPORTED",
    );
  let packed_bytes = 0;
  const counted = async function* () {
    for await (const piece of pieces) {
      packed_bytes += piece.length;
      yield piece;
    }
  };
  let bytes = 0;
  try {
    for await (const piece of UNPACKERS[kind](counted())) {
      bytes += piece.length;
      check_size(bytes, packed_bytes);
      yield piece;
    }
  } catch (error) {
    const reason = error instanceof TunelabError ? error.message : error_text(error);
    throw new TunelabError(`${location} cannot be unpacked: ${reason}`, "TL_ERR_FORMAT", error);
  }
}

/** @param {number} bytes @param {number} packed_bytes of which they were unpacked */
function check_size(bytes, packed_bytes) {
  if (bytes > MOST_BYTES)
    throw new TunelabError(`it holds more than ${MOST_BYTES / 2 ** 30} GB`, "TL_ERR_FORMAT");
  check_growth(bytes, packed_bytes);
}
