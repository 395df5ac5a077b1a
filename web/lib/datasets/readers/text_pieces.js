// A text file as it streams: UTF-8 decoded, cut at line ends or where a reader says.
import { TunelabError } from "../../core/errors.js";
import { unpacked } from "./unpack.js";

/** @typedef {import("../../hub/file_source.js").OpenFile} OpenFile */

/** Bytes decoded at a time. Readers make objects of every row in them, many times their size. */
const PIECE = 1 << 14;

/** A single line, cell or row longer than this is no table's. */
export const MOST_HELD = 1 << 28;

/** @param {string} encoding */
function decoder_of(encoding) {
  // Python's name for it has a hyphen.
  const label = encoding
    .toLowerCase()
    .replace(/^latin-1$/, "latin1")
    .replaceAll("_", "-");
  try {
    return new TextDecoder(label, { fatal: true });
  } catch (error) {
    throw new TunelabError(
      `encoding is ${encoding}, which is not known; expected utf-8, latin-1, cp1252, utf-16, gb18030 or another of the web's`,
      "TL_ERR_UNSUPPORTED",
      error,
    );
  }
}

/**
 * @param {OpenFile} file
 * @param {string} path its name tells whether it is compressed
 * @param {string} location for messages
 * @param {string} [encoding] the text's, by a name that web pages know
 * @returns {AsyncGenerator<string>} pieces of text, not empty
 * @throws {TunelabError} TL_ERR_FORMAT for bytes that are none of the encoding's: guessing would spoil the text
 */
export async function* text_pieces(file, path, location, encoding = "utf-8") {
  const decoder = decoder_of(encoding);
  /** @param {Uint8Array} [bytes] none: the end */
  const decode = (bytes) => {
    try {
      return decoder.decode(bytes, { stream: bytes !== undefined });
    } catch (error) {
      throw new TunelabError(
        `${location} is not ${encoding.toUpperCase()} text; save it with that encoding${encoding === "utf-8" ? ", or name its own: encoding: 'latin-1'" : ""}`,
        "TL_ERR_FORMAT",
        error,
      );
    }
  };
  for await (const bytes of unpacked(file.stream(0, file.size), path, location))
    for (let at = 0; at < bytes.length; at += PIECE) {
      const text = decode(bytes.subarray(at, at + PIECE));
      if (text !== "") yield text;
    }
  const rest = decode();
  if (rest !== "") yield rest;
}

/**
 * As text_pieces, of a file that is to hold a table: not a page that came in its place, as networks send to have one sign
 * in.
 * @param {OpenFile} file
 * @param {string} path
 * @param {string} location
 * @param {string} [encoding]
 * @returns {AsyncGenerator<string>}
 */
export async function* table_pieces(file, path, location, encoding) {
  let first = true;
  for await (const piece of text_pieces(file, path, location, encoding)) {
    if (first && /^\s*<(!doctype\s+html|html)\b/i.test(piece))
      throw new TunelabError(
        `${location} is an HTML page, not data; does its address show a page, or does the network want a sign-in?`,
        "TL_ERR_FORMAT",
      );
    first = false;
    yield piece;
  }
}

/**
 * Text cut into blocks that end where `last_end` says; the last block is the rest.
 * @param {AsyncIterable<string>} pieces
 * @param {(text: string) => number} last_end the length of the part that is whole; 0: none yet
 * @param {string} location for messages
 * @returns {AsyncGenerator<string>}
 */
export async function* whole_blocks(pieces, last_end, location) {
  let held = "";
  // Where a row goes on and on, the text is looked through each time it has doubled, not with every piece.
  let enough = 0;
  for await (const piece of pieces) {
    held += piece;
    if (held.length < enough) continue;
    const end = last_end(held);
    enough = end > 0 ? 0 : 2 * held.length;
    if (end > 0) {
      yield held.slice(0, end);
      held = held.slice(end);
    } else if (held.length > MOST_HELD)
      throw new TunelabError(
        `${location} has a row of more than ${MOST_HELD >> 20} MB; is a quote or a bracket never closed?`,
        "TL_ERR_FORMAT",
      );
  }
  if (held !== "") yield held;
}
