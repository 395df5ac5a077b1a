// torch.Generator over the core's MT19937, the default generator, and the seed that dropout
// follows.
import { get_core } from "../core/core.js";
import { TunelabError } from "../core/errors.js";

/** @typedef {import("../core/handle.js").Handle} Handle */

/**
 * PyTorch's seed of a CPU generator that nobody has seeded (c10::detail's default_rng_seed_val).
 */
const DEFAULT_SEED = 67280421310721n;

/** @param {number | bigint} seed */
function seed_bits(seed) {
  if (typeof seed === "number" && !Number.isSafeInteger(seed))
    throw new TunelabError(`manual_seed: expected a whole number, got ${seed}`);
  return BigInt.asUintN(64, BigInt(seed));
}

/**
 * Random numbers equal to torch's CPU generator for a seed. Draws need the core loaded; seeding
 * does not.
 */
export class Generator {
  constructor() {
    this._seed = DEFAULT_SEED;
    /** How often it was seeded: what depends on the seed compares this. */
    this.seedings = 0;
    /** @type {Handle | undefined} */
    this._handle = undefined;
  }

  /** @param {number | bigint} seed @returns {this} */
  manual_seed(seed) {
    this._seed = seed_bits(seed);
    this.seedings += 1;
    if (this._handle)
      this._handle.core.call("tl_generator_manual_seed", this._handle.pointer, this._seed);
    return this;
  }

  /** The seed it was last given. @returns {bigint} */
  initial_seed() {
    return this._seed;
  }

  /** The core's generator, made when first needed. @returns {Handle} */
  get handle() {
    this._handle ??= get_core().create("tl_generator_create", [this._seed]);
    return this._handle;
  }

  /** torch.empty((), dtype=torch.int64).random_(): 0 .. 2^63 - 1. @returns {bigint} */
  random_int64() {
    const { core, pointer } = this.handle;
    return core.call("tl_generator_random_int64", pointer);
  }

  /**
   * torch.randperm(n, generator=this).
   * @param {number} n
   * @returns {Int32Array}
   */
  randperm(n) {
    const { core, pointer } = this.handle;
    return core.heap.frame((frame) => {
      const order = frame.alloc(n * 4);
      core.run("tl_generator_randperm", pointer, n, order);
      return core.heap.i32_at(order, n).slice();
    });
  }
}

/** What torch.manual_seed seeds: shuffling, new heads and dropout draw from it. */
export const default_generator = new Generator();

/** @param {number | bigint} seed @returns {Generator} the default generator */
export function manual_seed(seed) {
  return default_generator.manual_seed(seed);
}

/** The default generator's seed. @returns {bigint} */
export function initial_seed() {
  return default_generator.initial_seed();
}

/**
 * torch.randperm.
 * @param {number} n
 * @param {{generator?: Generator}} [options]
 */
export function randperm(n, { generator = default_generator } = {}) {
  return generator.randperm(n);
}
