// numpy.random.PCG64: a 128-bit linear congruential generator whose output is its two halves, xored
// and rotated (XSL-RR).
import { generate_state } from "./seed_sequence.js";

/** The multiplier, in 32-bit limbs from the lowest. */
const M0 = 0x9fccf645;
const M1 = 0x4385df64;
const M2 = 0x1fc65da4;
const M3 = 0x2360ed05;

/** The high 32 bits of a product of two 32-bit numbers. @param {number} a @param {number} b */
export function high_product(a, b) {
  const a_low = a & 0xffff;
  const a_high = a >>> 16;
  const b_low = b & 0xffff;
  const b_high = b >>> 16;
  const middle = a_high * b_low + ((a_low * b_low) >>> 16);
  const carry = a_low * b_high + (middle & 0xffff);
  return (a_high * b_high + ((middle / 65536) >>> 0) + ((carry / 65536) >>> 0)) >>> 0;
}

/**
 * The 128-bit state stands in four 32-bit limbs: whole shuffles of millions of rows are drawn from
 * it, for which BigInt would be ten times slower.
 */
export class PCG64 {
  /** @param {import("./seed_sequence.js").Seed} seed */
  constructor(seed) {
    // generate_state's 64-bit words, the low half first: state high, low, stream high, low.
    const words = generate_state(seed, 8);
    const limbs = (/** @type {number} */ at) => [
      words[at + 2],
      words[at + 3],
      words[at],
      words[at + 1],
    ];
    const [i0, i1, i2, i3] = limbs(4);
    // The increment must be odd.
    this.increment = Uint32Array.of(
      (i0 << 1) | 1,
      (i1 << 1) | (i0 >>> 31),
      (i2 << 1) | (i1 >>> 31),
      (i3 << 1) | (i2 >>> 31),
    );
    this.state = new Uint32Array(4);
    /** The last output: its low and its high half. */
    this.low = 0;
    this.high = 0;
    /** Whether the last output's high half waits to be the next 32-bit number. */
    this.has_uint32 = false;
    this.waiting = 0;
    this._step();
    this._add(Uint32Array.from(limbs(0)));
    this._step();
  }

  /** One that goes on from the same place, by itself. */
  copy() {
    const made = new PCG64(0);
    made.increment = this.increment;
    made.state = this.state.slice();
    made.has_uint32 = this.has_uint32;
    made.waiting = this.waiting;
    return made;
  }

  /** @param {Uint32Array} other */
  _add(other) {
    let carry = 0;
    for (let limb = 0; limb < 4; ++limb) {
      const sum = this.state[limb] + other[limb] + carry;
      this.state[limb] = sum;
      carry = sum > 0xffffffff ? 1 : 0;
    }
  }

  /** state = state · multiplier + increment, modulo 2^128. */
  _step() {
    const { state } = this;
    const [s0, s1, s2, s3] = [state[0], state[1], state[2], state[3]];
    // Sums of a few 32-bit numbers are exact in a double.
    const limb1 = high_product(s0, M0) + (Math.imul(s0, M1) >>> 0) + (Math.imul(s1, M0) >>> 0);
    const limb2 =
      Math.floor(limb1 / 4294967296) +
      high_product(s0, M1) +
      high_product(s1, M0) +
      (Math.imul(s0, M2) >>> 0) +
      (Math.imul(s1, M1) >>> 0) +
      (Math.imul(s2, M0) >>> 0);
    const limb3 =
      Math.floor(limb2 / 4294967296) +
      high_product(s0, M2) +
      high_product(s1, M1) +
      high_product(s2, M0) +
      (Math.imul(s0, M3) >>> 0) +
      (Math.imul(s1, M2) >>> 0) +
      (Math.imul(s2, M1) >>> 0) +
      (Math.imul(s3, M0) >>> 0);
    state[0] = Math.imul(s0, M0);
    state[1] = limb1;
    state[2] = limb2;
    state[3] = limb3;
    this._add(this.increment);
  }

  /** Draws 64 bits into `low` and `high`. */
  next_uint64() {
    this._step();
    const { state } = this;
    const low = state[0] ^ state[2];
    const high = state[1] ^ state[3];
    const turn = state[3] >>> 26;
    const shift = turn & 31;
    const [first, second] = turn < 32 ? [low, high] : [high, low];
    this.low = (shift === 0 ? first : (first >>> shift) | (second << (32 - shift))) >>> 0;
    this.high = (shift === 0 ? second : (second >>> shift) | (first << (32 - shift))) >>> 0;
  }

  /** 32 bits: each 64-bit output gives two, the low half first. @returns {number} */
  next_uint32() {
    if (this.has_uint32) {
      this.has_uint32 = false;
      return this.waiting;
    }
    this.next_uint64();
    this.has_uint32 = true;
    this.waiting = this.high;
    return this.low;
  }

  /** A double in [0, 1) of 53 bits. */
  next_double() {
    this.next_uint64();
    return (this.high * 2097152 + (this.low >>> 11)) / 9007199254740992;
  }
}
