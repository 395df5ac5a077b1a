// Texts into the core's tokenizer and token ids out of it.
import { TunelabError } from "../core/errors.js";

/** @typedef {import("../core/handle.js").Handle} Handle */
/** @typedef {{ids: number[][], type_ids: number[][]}} Encoded */

const utf8 = new TextEncoder();

/**
 * Texts end to end, with the byte after each.
 * @param {readonly string[]} texts
 * @param {string} what for messages
 */
function join_texts(texts, what) {
  const parts = texts.map((text, row) => {
    if (typeof text === "string") return utf8.encode(text);
    throw new TunelabError(
      `text input must be of type str: ${what} ${row} is ${text === null ? "null (an empty cell)" : JSON.stringify(text)}`,
    );
  });
  const ends = new Uint32Array(parts.length);
  let total = 0;
  parts.forEach((part, i) => (ends[i] = total += part.length));
  const bytes = new Uint8Array(total);
  parts.forEach((part, i) => bytes.set(part, ends[i] - part.length));
  return { bytes, ends };
}

/**
 * @param {import("../core/heap.js").Heap} heap
 * @param {number} values
 * @param {Int32Array} offsets
 */
function rows_of(heap, values, offsets) {
  const all = heap.i32_at(values, offsets[offsets.length - 1]);
  return Array.from({ length: offsets.length - 1 }, (_, row) => {
    const begin = offsets[row];
    const made = new Array(offsets[row + 1] - begin);
    // Many times faster than Array.from for short rows.
    for (let i = 0; i < made.length; ++i) made[i] = all[begin + i];
    return made;
  });
}

/**
 * @param {Handle} tokenizer
 * @param {Handle} encoding reused from call to call
 * @param {readonly string[]} texts
 * @param {readonly string[] | undefined} pairs as many, or none
 * @param {{add_special_tokens: boolean, truncation: number, max_length: number}} options
 *   truncation: a tl_truncation
 * @returns {Encoded}
 */
export function encode_texts(tokenizer, encoding, texts, pairs, options) {
  const { core } = tokenizer;
  const { heap } = core;
  if (pairs && pairs.length !== texts.length)
    throw new TunelabError(
      `batch length of text: ${texts.length} does not match batch length of text_pair: ${pairs.length}`,
    );
  const first = join_texts(texts, "text");
  const second = pairs && join_texts(pairs, "text_pair");
  return heap.frame((frame) => {
    const args = [frame.u8(first.bytes), frame.i32(first.ends)];
    args.push(...(second ? [frame.u8(second.bytes), frame.i32(second.ends)] : [0, 0]));
    const add_special_tokens = Number(options.add_special_tokens);
    const choices = core.struct(frame, "tl_encode_options", "i32", {
      ...options,
      add_special_tokens,
    });
    core.run(
      "tl_tokenizer_encode",
      tokenizer.pointer,
      texts.length,
      ...args,
      choices,
      encoding.pointer,
    );
    const at = (/** @type {string} */ name) =>
      core.call(`tl_encoding_${name}`, encoding.pointer) >>> 0;
    const offsets = heap.i32_at(at("offsets"), texts.length + 1).slice();
    return {
      ids: rows_of(heap, at("ids"), offsets),
      type_ids: rows_of(heap, at("type_ids"), offsets),
    };
  });
}

/**
 * @param {Handle} tokenizer
 * @param {ArrayLike<number>} ids
 * @param {boolean} skip_special_tokens
 * @param {boolean} clean_up
 */
export function decode_ids(tokenizer, ids, skip_special_tokens, clean_up) {
  const { core } = tokenizer;
  return core.heap.frame((frame) => {
    const out = frame.alloc(8);
    const given = frame.i32(ids);
    core.run(
      "tl_tokenizer_decode",
      tokenizer.pointer,
      given,
      ids.length,
      skip_special_tokens,
      clean_up,
      out,
      out + 4,
    );
    const [text, size] = core.heap.i32_at(out, 2);
    return core.heap.text(text >>> 0, size >>> 0);
  });
}
