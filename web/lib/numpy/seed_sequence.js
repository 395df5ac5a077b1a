// numpy.random.SeedSequence: any whole number stirred into as many well-mixed bits as a generator's
// state needs.
import { TunelabError } from "../core/errors.js";

/** Words of the pool; enough for 128 bits of entropy. */
const POOL_SIZE = 4;

const INIT_A = 0x43b0d7e5;
const MULT_A = 0x931e8875;
const INIT_B = 0x8b51f9dd;
const MULT_B = 0x58f38ded;
const MIX_MULT_L = 0xca01f9dd;
const MIX_MULT_R = 0x4973f715;

/** @typedef {number | bigint | readonly (number | bigint)[]} Seed */

/**
 * A whole number as 32-bit words, the lowest first; 0 is one word.
 * @param {number | bigint} number
 */
function words_of(number) {
  if (typeof number === "number" && !Number.isSafeInteger(number))
    throw new TunelabError(`a seed must be a whole number, not ${number}`);
  let left = BigInt(number);
  if (left < 0n) throw new TunelabError(`expected non-negative integer as seed, got ${number}`);
  const words = [];
  do {
    words.push(Number(left & 0xffffffffn));
    left >>= 32n;
  } while (left > 0n);
  return words;
}

/** Hashes words with a multiplier that changes from word to word. */
class Hash {
  /** @param {number} start @param {number} factor */
  constructor(start, factor) {
    this.constant = start;
    this.factor = factor;
  }

  /** @param {number} word */
  mix(word) {
    let value = word ^ this.constant;
    this.constant = Math.imul(this.constant, this.factor);
    value = Math.imul(value, this.constant);
    return value ^ (value >>> 16);
  }
}

/** @param {number} x @param {number} y */
function combined(x, y) {
  const value = (Math.imul(MIX_MULT_L, x) - Math.imul(MIX_MULT_R, y)) | 0;
  return value ^ (value >>> 16);
}

/** @param {readonly number[]} entropy 32-bit words */
function filled_pool(entropy) {
  const hash = new Hash(INIT_A, MULT_A);
  const pool = Array.from({ length: POOL_SIZE }, (_, i) => hash.mix(entropy[i] ?? 0));
  for (let source = 0; source < POOL_SIZE; ++source)
    for (let target = 0; target < POOL_SIZE; ++target)
      if (source !== target) pool[target] = combined(pool[target], hash.mix(pool[source]));
  for (const word of entropy.slice(POOL_SIZE))
    for (let target = 0; target < POOL_SIZE; ++target)
      pool[target] = combined(pool[target], hash.mix(word));
  return pool;
}

/**
 * SeedSequence(seed).generate_state(count).
 * @param {Seed} seed a whole number of any size, or several
 * @param {number} count
 * @returns {Uint32Array}
 * @throws {TunelabError} for a negative or fractional seed
 */
export function generate_state(seed, count) {
  const pool = filled_pool([seed].flat().flatMap(words_of));
  const hash = new Hash(INIT_B, MULT_B);
  return Uint32Array.from({ length: count }, (_, i) => hash.mix(pool[i % POOL_SIZE]));
}
