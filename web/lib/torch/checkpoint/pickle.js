// A pickle machine that cannot run anything: it knows the instructions that torch.save writes for a state dict, and asks its
// caller what the few names in it stand for.
//
// Definition: pickletools of Python's standard library, protocol 2.
import { TunelabError } from "../../core/errors.js";

/** More bytes are needed: the pickle goes on behind the ones at hand. */
export class EndOfBytes extends TunelabError {
  constructor() {
    super("its pickle ends early: the file is truncated", "TL_ERR_FORMAT");
  }
}

/** A Python tuple; lists are arrays, dicts Maps. */
export class Tuple {
  /** @param {readonly unknown[]} items */
  constructor(items) {
    this.items = items;
  }
}

/**
 * What a pickle may name: `find` gives the value that stands for a module's name, or throws; `persistent` what a persistent
 * id stands for. A value that can be called is a function of its arguments.
 * @typedef {object} Known
 * @property {(module: string, name: string) => unknown} find
 * @property {(id: unknown) => unknown} persistent
 */

const MARK = Symbol("mark");

/** A pickle of a million values is no small encoder's. */
const MOST_MEMOS = 1 << 20;

/** @param {string} what */
const malformed = (what) => new TunelabError(`its pickle ${what}`, "TL_ERR_FORMAT");

/** @param {bigint} value */
const plain = (value) =>
  value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;

class Machine {
  /** @param {Uint8Array} bytes @param {number} at @param {Known} known */
  constructor(bytes, at, known) {
    this.bytes = bytes;
    this.at = at;
    this.known = known;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    /** @type {unknown[]} */
    this.stack = [];
    /** @type {Map<number, unknown>} */
    this.memo = new Map();
  }

  /** The place of the next `count` bytes, which are then behind. @param {number} count */
  skip(count) {
    const at = this.at;
    if (count > this.bytes.length - at) throw new EndOfBytes();
    this.at += count;
    return at;
  }

  u8() {
    return this.bytes[this.skip(1)];
  }

  u32() {
    return this.view.getUint32(this.skip(4), true);
  }

  /** @param {number} count */
  text(count) {
    const at = this.skip(count);
    try {
      return new TextDecoder("utf-8", { fatal: true }).decode(this.bytes.subarray(at, this.at));
    } catch {
      throw malformed("holds text that is not UTF-8");
    }
  }

  line() {
    const end = this.bytes.indexOf(10, this.at);
    if (end < 0) throw new EndOfBytes();
    const text = this.text(end - this.at);
    this.skip(1);
    return text;
  }

  /** A little-endian whole number of two's complement. @param {number} count bytes */
  long(count) {
    let value = 0n;
    const at = this.skip(count);
    for (let i = count - 1; i >= 0; i--) value = (value << 8n) | BigInt(this.bytes[at + i]);
    return plain(BigInt.asIntN(8 * count, value));
  }

  /** @param {unknown} value */
  push(value) {
    this.stack.push(value);
  }

  /** @returns {any} */
  pop() {
    if (this.stack.length === 0 || this.stack.at(-1) === MARK)
      throw malformed("takes from an empty stack");
    return this.stack.pop();
  }

  /** The topmost value, which stays. @returns {any} */
  top() {
    const value = this.pop();
    this.push(value);
    return value;
  }

  /** @param {number} count */
  pop_many(count) {
    return Array.from({ length: count }, () => this.pop()).reverse();
  }

  /** What lies above the last mark, and the mark, taken away. */
  above_mark() {
    const mark = this.stack.lastIndexOf(MARK);
    if (mark < 0) throw malformed("looks for a mark that is not there");
    return this.stack.splice(mark).slice(1);
  }

  /** @param {readonly unknown[]} flat keys and values by turns */
  set_items(flat) {
    const dict = this.top();
    if (!(dict instanceof Map) || flat.length % 2 !== 0)
      throw malformed("sets items of what is no dict");
    for (let i = 0; i < flat.length; i += 2) dict.set(flat[i], flat[i + 1]);
  }

  /** @param {readonly unknown[]} items */
  append(items) {
    const list = this.top();
    if (!Array.isArray(list)) throw malformed("appends to what is no list");
    for (const item of items) list.push(item);
  }

  /** @param {number} index */
  remember(index) {
    if (index >= MOST_MEMOS)
      throw malformed(`remembers value ${index}; expected fewer than ${MOST_MEMOS}`);
    this.memo.set(index, this.top());
  }

  /** @param {number} index */
  recall(index) {
    if (!this.memo.has(index)) throw malformed("recalls a value that it did not remember");
    this.push(this.memo.get(index));
  }

  reduce() {
    const [callable, args] = this.pop_many(2);
    if (typeof callable !== "function" || !(args instanceof Tuple))
      throw malformed("calls what is no function");
    this.push(callable(...args.items));
  }

  /** The attributes of a state dict (its `_metadata`) are of no use here. */
  build() {
    this.pop();
    if (!(this.top() instanceof Map)) throw malformed("sets attributes of what is no dict");
  }

  protocol() {
    const version = this.u8();
    if (version !== 2)
      throw new TunelabError(
        `it is pickled with protocol ${version}; torch.save's own, 2, is read`,
        "TL_ERR_UNSUPPORTED",
      );
  }
}

/** By their bytes. @type {Record<number, (machine: Machine) => void>} */
const INSTRUCTIONS = {
  0x80: (m) => m.protocol(),
  0x28: (m) => m.push(MARK),
  0x4e: (m) => m.push(null),
  0x88: (m) => m.push(true),
  0x89: (m) => m.push(false),
  0x4a: (m) => m.push(m.view.getInt32(m.skip(4), true)), // BININT
  0x4b: (m) => m.push(m.u8()), // BININT1
  0x4d: (m) => m.push(m.view.getUint16(m.skip(2), true)), // BININT2
  0x8a: (m) => m.push(m.long(m.u8())), // LONG1
  0x47: (m) => m.push(m.view.getFloat64(m.skip(8))), // BINFLOAT
  0x58: (m) => m.push(m.text(m.u32())), // BINUNICODE
  0x54: (m) => m.push(m.text(m.u32())), // BINSTRING
  0x55: (m) => m.push(m.text(m.u8())), // SHORT_BINSTRING
  0x5d: (m) => m.push([]),
  0x7d: (m) => m.push(new Map()),
  0x29: (m) => m.push(new Tuple([])),
  0x74: (m) => m.push(new Tuple(m.above_mark())),
  0x85: (m) => m.push(new Tuple(m.pop_many(1))),
  0x86: (m) => m.push(new Tuple(m.pop_many(2))),
  0x87: (m) => m.push(new Tuple(m.pop_many(3))),
  0x61: (m) => m.append(m.pop_many(1)),
  0x65: (m) => m.append(m.above_mark()),
  0x73: (m) => m.set_items(m.pop_many(2)),
  0x75: (m) => m.set_items(m.above_mark()),
  0x71: (m) => m.remember(m.u8()), // BINPUT
  0x72: (m) => m.remember(m.u32()), // LONG_BINPUT
  0x68: (m) => m.recall(m.u8()), // BINGET
  0x6a: (m) => m.recall(m.u32()), // LONG_BINGET
  0x63: (m) => m.push(m.known.find(m.line(), m.line())), // GLOBAL
  0x51: (m) => m.push(m.known.persistent(m.pop())), // BINPERSID
  0x52: (m) => m.reduce(),
  0x62: (m) => m.build(),
};

const STOP = 0x2e;

/**
 * @param {Uint8Array} bytes
 * @param {number} begin where the pickle begins
 * @param {Known} known
 * @returns {{value: unknown, end: number}} the pickled value: null, booleans, numbers (bigint where a number is not exact),
 *   strings, arrays, Maps, Tuples, and what `known` gave; and the byte behind the pickle
 * @throws {EndOfBytes} if it goes on behind `bytes`
 * @throws {TunelabError} for an instruction that state dicts do not need, and whatever `known` throws
 */
export function unpickle(bytes, begin, known) {
  const machine = new Machine(bytes, begin, known);
  for (let code = machine.u8(); code !== STOP; code = machine.u8()) {
    const instruction = INSTRUCTIONS[code];
    if (!instruction)
      throw malformed(
        `has the instruction 0x${code.toString(16).padStart(2, "0")}, which no state dict needs; it is not read`,
      );
    instruction(machine);
  }
  return { value: machine.pop(), end: machine.at };
}
