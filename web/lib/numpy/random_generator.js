// numpy.random.Generator over PCG64: the draws that the datasets library makes, bit for bit.
import { TunelabError } from "../core/errors.js";
import { high_product, PCG64 } from "./pcg64.js";

/** @typedef {import("./seed_sequence.js").Seed} Seed */
/** @typedef {number[] | Int32Array} Indices */

/** Beyond this a choice of many shuffles the end of all numbers instead of collecting a set. */
const LARGE_POPULATION = 10000;

/** @param {number} n */
const arange = (n) => Int32Array.from({ length: n }, (_, i) => i);

/** @param {any[] | Int32Array} values @param {number} i @param {number} j */
function swap(values, i, j) {
  const kept = values[i];
  values[i] = values[j];
  values[j] = kept;
}

/** Fresh 128 bits, for generators without a seed. @returns {bigint[]} */
const entropy = () => [...crypto.getRandomValues(new Uint32Array(4))].map(BigInt);

export class RandomGenerator {
  /** Use default_rng. @param {Seed} [seed] default: another one each time */
  constructor(seed) {
    this.bit_generator = new PCG64(seed ?? entropy());
  }

  /** A generator at the same place, independent from here on: Python's deepcopy. */
  copy() {
    const made = new RandomGenerator(0);
    made.bit_generator = this.bit_generator.copy();
    return made;
  }

  /** A double in [0, 1). */
  random() {
    return this.bit_generator.next_double();
  }

  /**
   * A whole number in 0 … max, both included, by Lemire's method.
   * @param {number} max below 2^32 - 1
   */
  _bounded(max) {
    if (max === 0) return 0;
    const range = max + 1;
    let drawn = this.bit_generator.next_uint32();
    let left = Math.imul(drawn, range) >>> 0;
    if (left < range) {
      const threshold = (0xffffffff - max) % range;
      while (left < threshold) {
        drawn = this.bit_generator.next_uint32();
        left = Math.imul(drawn, range) >>> 0;
      }
    }
    return high_product(drawn, range);
  }

  /**
   * A whole number in 0 … max, both included, by drawing as many bits as max has until they fit.
   * @param {number} max below 2^31
   */
  _interval(max) {
    const mask = 0xffffffff >>> Math.clz32(max);
    let drawn;
    do drawn = this.bit_generator.next_uint32() & mask;
    while (drawn > max);
    return drawn;
  }

  /**
   * integers(low, high, size): whole numbers in [low, high).
   * @param {number} low
   * @param {number} high
   * @param {number} size how many
   * @returns {number[]}
   * @throws {TunelabError} for an empty range, or one of 2^32 - 1 numbers and more
   */
  integers(low, high, size) {
    if (!(high > low) || high - low >= 0xffffffff)
      throw new TunelabError(
        `integers: high must be above low by less than 2^32 - 1, got ${low} and ${high}`,
      );
    return Array.from({ length: size }, () => low + this._bounded(high - 1 - low));
  }

  /** integers(0, 1 << 63): what the datasets library derives the seed of an epoch from. @returns {bigint} */
  random_int63() {
    this.bit_generator.next_uint64();
    const { low, high } = this.bit_generator;
    return ((BigInt(high) << 32n) | BigInt(low)) >> 1n;
  }

  /** shuffle(values), in place. @param {any[] | Int32Array} values */
  shuffle(values) {
    for (let i = values.length - 1; i > 0; --i) swap(values, i, this._interval(i));
  }

  /**
   * As shuffle, but with the draws that `choice` makes, and down to `first` only.
   * @param {Int32Array} values
   * @param {number} first
   */
  _shuffle_chosen(values, first) {
    for (let i = values.length - 1; i >= first; --i) swap(values, i, this._bounded(i));
  }

  /**
   * permutation(n), or of a list.
   * @param {number | Indices} of
   * @returns {Int32Array}
   */
  permutation(of) {
    const values = typeof of === "number" ? arange(of) : Int32Array.from(of);
    this.shuffle(values);
    return values;
  }

  /**
   * choice(from, size, replace=False): `size` different elements.
   * @param {Indices} from
   * @param {number} size
   * @returns {number[]}
   * @throws {TunelabError} if there are fewer than `size`
   */
  sample(from, size) {
    const n = from.length;
    if (size > n)
      throw new TunelabError(
        `Cannot take a larger sample than population when replace is False: ${size} of ${n}`,
      );
    let order;
    if (n > LARGE_POPULATION && size > Math.floor(n / 50)) {
      order = arange(n);
      this._shuffle_chosen(order, Math.max(n - size, 1));
      order = order.subarray(n - size);
    } else {
      order = this._floyd(n, size);
      this._shuffle_chosen(order, 1);
    }
    return Array.from(order, (at) => from[at]);
  }

  /** Floyd's sampling: each new number or, if it is taken, the largest yet. @param {number} n @param {number} size */
  _floyd(n, size) {
    const taken = new Set();
    for (let largest = n - size; largest < n; ++largest) {
      const drawn = this._bounded(largest);
      taken.add(taken.has(drawn) ? largest : drawn);
    }
    return Int32Array.from(taken);
  }

  /**
   * choice(n, size, p=probabilities): numbers below n, with replacement.
   * @param {readonly number[]} probabilities one for each of the n numbers
   * @param {number} size
   * @returns {Int32Array}
   * @throws {TunelabError} for probabilities that are negative or do not sum to 1
   */
  weighted_choice(probabilities, size) {
    let sum = 0;
    const sums = probabilities.map((p) => (sum += p));
    if (!probabilities.every((p) => p >= 0))
      throw new TunelabError("probabilities are not non-negative");
    if (!(Math.abs(sum - 1) <= Math.sqrt(Number.EPSILON)))
      throw new TunelabError(`probabilities do not sum to 1 but to ${sum}`);
    const bounds = sums.map((each) => each / sum);
    return Int32Array.from({ length: size }, () => {
      const drawn = this.random();
      return bounds.findIndex((bound) => drawn < bound);
    });
  }
}

/**
 * numpy.random.default_rng(seed).
 * @param {Seed | null} [seed] a whole number or several; default: another one each time
 */
export function default_rng(seed) {
  return new RandomGenerator(seed ?? undefined);
}
