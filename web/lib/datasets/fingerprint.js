// Fingerprints: short names for what a dataset holds and how it came about. Equal data and equal
// transforms give the same one in any process, so a result can be found again.
import { sha256 } from "@noble/hashes/sha2.js";
import { TunelabError } from "../core/errors.js";
import { logger } from "../core/logging.js";

/**
 * The method by which an object tells what its results depend on, as a text: two objects with the
 * same text can stand for each other. Tokenizers have it.
 */
export const FINGERPRINT = Symbol.for("tunelab.fingerprint");

/** Bytes of a fingerprint; 32 hexadecimal digits. */
const SIZE = 16;

/** Text is handed to the hash in pieces of about this many characters. */
const PIECE = 1 << 16;

/** @param {Uint8Array} bytes */
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

const utf8 = new TextEncoder();

/** What is thrown for a value whose content cannot be told; the caller says what follows. */
export class CannotFingerprint extends TunelabError {}

/** A hash of values, in the order they are added. */
class Hasher {
  constructor() {
    this._hash = sha256.create();
    this._text = "";
    /** The objects that the value being added lies in. @type {Set<object>} */
    this._around = new Set();
  }

  /** @param {string} text */
  _write(text) {
    this._text += text;
    if (this._text.length >= PIECE) this._flush();
  }

  /** Lone surrogates stay different from each other. */
  _flush() {
    const text = this._text;
    this._hash.update(utf8.encode(text.isWellFormed() ? text : JSON.stringify(text)));
    this._text = "";
  }

  /** @param {ArrayBufferView} view */
  _bytes(view) {
    this._flush();
    this._hash.update(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
  }

  /**
   * Every value begins with a letter for its kind, and what can be of any length with its length,
   * so different values never run into the same bytes.
   * @param {any} value
   */
  add(value) {
    if (typeof value === "string") this._write(`s${value.length}:${value}`);
    else if (typeof value === "number") this._write(`n${Object.is(value, -0) ? "-0" : value};`);
    else if (typeof value === "boolean" || value === null || value === undefined)
      this._write(`${value};`);
    else if (typeof value === "bigint") this._write(`i${value};`);
    else if (typeof value[FINGERPRINT] === "function") this.add(["fp", value[FINGERPRINT]()]);
    else if (typeof value === "object") this._object(value);
    else throw new CannotFingerprint(`a ${typeof value} has no fingerprint`);
  }

  /** @param {any} value */
  _object(value) {
    if (this._around.has(value))
      throw new CannotFingerprint("an object that holds itself has no fingerprint");
    this._around.add(value);
    if (Array.isArray(value)) this._list("a", value);
    else if (ArrayBuffer.isView(value)) {
      this._write(`v${value.constructor.name}${value.byteLength}:`);
      this._bytes(value);
    } else if (value instanceof Date) this._write(`d${value.getTime()};`);
    else if (value instanceof RegExp) this._write(`r${value};`);
    else if (value instanceof Set) this._list("t", [...value]);
    else if (value instanceof Map) this._list("m", [...value]);
    else if ([Object.prototype, null].includes(Object.getPrototypeOf(value)))
      this._list("o", Object.entries(value));
    else throw new CannotFingerprint(`a ${value.constructor?.name} has no fingerprint`);
    this._around.delete(value);
  }

  /** @param {string} kind @param {readonly any[]} items */
  _list(kind, items) {
    this._write(`${kind}${items.length}:`);
    for (const item of items) this.add(item);
  }

  digest() {
    this._flush();
    return hex(this._hash.digest().subarray(0, SIZE));
  }
}

/**
 * The fingerprint of values: numbers, texts, lists, plain objects (the order of their keys counts),
 * maps, sets, dates, typed arrays, and objects with a FINGERPRINT method, nested as you like.
 * @param {...any} values
 * @returns {string} 32 hexadecimal digits
 * @throws {CannotFingerprint} for functions, symbols and objects of other classes
 */
export function fingerprint_of(...values) {
  const hasher = new Hasher();
  for (const value of values) hasher.add(value);
  return hasher.digest();
}

/** One that nothing else has: what it names is never found again. */
export function random_fingerprint() {
  return hex(crypto.getRandomValues(new Uint8Array(SIZE)));
}

/**
 * The fingerprint of what a transform makes of a dataset. It is random, with a warning, if an
 * argument's content cannot be told.
 * @param {{_fingerprint: string}} dataset
 * @param {string} transform the method's name
 * @param {Record<string, any>} [args] everything that the result depends on, by name; undefined
 *   counts as not given
 * @returns {string}
 */
export function updated_fingerprint(dataset, transform, args = {}) {
  const given = Object.keys(args)
    .filter((name) => args[name] !== undefined)
    .sort();
  const hasher = new Hasher();
  hasher.add([dataset._fingerprint, transform]);
  for (const name of given) {
    try {
      hasher.add([name, args[name]]);
    } catch (error) {
      if (!(error instanceof CannotFingerprint)) throw error;
      logger.warning_once(
        `${transform}: ${error.message}, so the result is not kept for later (argument ${name})`,
      );
      return random_fingerprint();
    }
  }
  return hasher.digest();
}
