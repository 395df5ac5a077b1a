// A stream in approximately random order: several shards at once fill a buffer, which is shuffled.
import { default_rng } from "../../numpy/random_generator.js";
import { grouped } from "./row_functions.js";

/** @typedef {import("../../numpy/random_generator.js").RandomGenerator} RandomGenerator */
/** @typedef {import("./examples.js").Examples} Examples */
/** @typedef {import("./examples.js").Row} Row */

/**
 * What streams give, one of each in turns, until all have ended.
 * @template T
 * @param {readonly AsyncGenerator<T>[]} streams
 */
async function* in_turns(streams) {
  let going = [...streams];
  while (going.length > 0) {
    const ended = new Set();
    for (const stream of going) {
      const { done, value } = await stream.next();
      if (done) ended.add(stream);
      else yield value;
    }
    going = going.filter((stream) => !ended.has(stream));
  }
}

/**
 * @typedef {object} Mixing
 * @property {number} buffer_size rows
 * @property {number} most shards, or groups of shards, that fill the buffer at a time
 * @property {RandomGenerator} generator stays as it is
 */

/**
 * Fills a buffer; once it is full it is shuffled, and half of it given on.
 * @implements {Examples}
 */
export class ShuffledExamples {
  /** @param {Examples} base @param {Mixing} mixing */
  constructor(base, mixing) {
    this._base = base;
    this._mixing = mixing;
    this.num_shards = base.num_shards;
    this.in_blocks = base.in_blocks;
  }

  /**
   * What comes into the buffer at a time: a row, or of a stream in blocks such a part of the buffer
   * that every group of shards has one.
   * @returns {AsyncGenerator<Row[]>}
   */
  _blocks() {
    const { buffer_size, most } = this._mixing;
    const rows = this.in_blocks ? Math.max(1, Math.floor(buffer_size / most)) : 1;
    const groups = Math.min(this.num_shards, most);
    const parts = Array.from({ length: groups }, (_, i) => this._base.shard(groups, i));
    return in_turns(parts.map((part) => grouped(part.rows(), rows)));
  }

  async *rows() {
    const { buffer_size } = this._mixing;
    const generator = this._mixing.generator.copy();
    const kept = Math.floor(buffer_size / 2);
    /** @type {Row[]} */
    let buffer = [];
    const shuffled = () => Array.from(generator.permutation(buffer.length), (i) => buffer[i]);
    for await (const block of this._blocks()) {
      buffer.push(...block);
      if (buffer.length < buffer_size) continue;
      const mixed = shuffled();
      const given = mixed.length - kept;
      yield* mixed.slice(0, given);
      buffer = mixed.slice(given);
    }
    if (buffer.length > 0) yield* shuffled();
  }

  /** @param {RandomGenerator} generator */
  shuffled(generator) {
    const base = this._base.shuffled(generator);
    return base && new ShuffledExamples(base, this._mixing);
  }

  /** @param {number} num_shards @param {number} index */
  shard(num_shards, index) {
    return new ShuffledExamples(this._base.shard(num_shards, index), this._mixing);
  }

  /** The epoch's draws follow from the first one's and its number. @param {number} epoch */
  shifted(epoch) {
    const seed = this._mixing.generator.copy().random_int63() - BigInt(epoch);
    const mixing = { ...this._mixing, generator: default_rng(seed) };
    return new ShuffledExamples(this._base.shifted(epoch), mixing);
  }
}
