// Texts into the core's tokenizer and token ids out of it.
import { TunelabError } from "../core/errors.js";

/** @typedef {import("../core/handle.js").Handle} Handle */
/** @typedef {{ids: number[][], type_ids: number[][]}} Encoded */

const utf8 = new TextEncoder();

/**
 * Rows are cut out of these. It is many times faster than Array.from for short rows, and unlike those of `new Array`
 * the arrays are garbage that is found soon: V8 takes a place in the program whose arrays once outlived a batch for
 * one whose arrays live long, and puts all of them where it seldom looks.
 * @type {number[]}
 */
const gathered = [];
/** @type {number[]} */
const ones = [];

/**
 * The bytes that a text takes as UTF-8; a surrogate without its other half becomes U+FFFD.
 * @param {string} text
 */
function utf8_length(text) {
  let length = text.length;
  for (let i = 0; i < text.length; ++i) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    length += unit < 0x800 ? 1 : 2;
    // A pair is one character of four bytes: two units, two more.
    if (unit >= 0xd800 && unit < 0xdc00 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00) ++i;
  }
  return length;
}

/**
 * Texts end to end, with the byte after each. They are encoded together: encoding each by itself
 * takes longer than tokenizing it, and leaves a buffer for each behind.
 * @param {readonly string[]} texts
 * @param {string} what for messages
 * @returns {{bytes: Uint8Array, ends: Uint32Array}}
 */
function join_texts(texts, what) {
  const odd = texts.findIndex((text) => typeof text !== "string");
  if (odd >= 0)
    throw new TunelabError(
      `text input must be of type str: ${what} ${odd} is ${texts[odd] === null ? "null (an empty cell)" : JSON.stringify(texts[odd])}`,
    );
  const joined = texts.join("");
  const bytes = utf8.encode(joined);
  const is_ascii = bytes.length === joined.length;
  const ends = new Uint32Array(texts.length);
  let end = 0;
  for (let i = 0; i < texts.length; ++i)
    ends[i] = end += is_ascii ? texts[i].length : utf8_length(texts[i]);
  if (end === bytes.length) return { bytes, ends };
  // Half a pair at the end of one text met the other half at the start of the next.
  return join_texts(
    texts.map((text) => text.toWellFormed()),
    what,
  );
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
    const count = offsets[row + 1] - begin;
    for (let i = 0; i < count; ++i) gathered[i] = all[begin + i];
    return gathered.slice(0, count);
  });
}

/** @param {number} count @returns {number[]} so many ones */
export function ones_row(count) {
  while (ones.length < count) ones.push(1);
  return ones.slice(0, count);
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
