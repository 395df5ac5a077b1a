// Streams of rows that can be gone through again: from shards, changed on the way, or one after the
// other. Each knows how to shuffle its shards, how to keep some of them, and how to draw otherwise.

/** @typedef {import("../../numpy/random_generator.js").RandomGenerator} RandomGenerator */
/** @typedef {Record<string, any>} Row */

/**
 * A stream's description; nothing is read before `rows` is.
 * @typedef {object} Examples
 * @property {number} num_shards parts that can be read by themselves, such as files
 * @property {boolean} in_blocks whether the datasets library would read it in blocks of rows rather than
 *   row by row, which a shuffle's order depends on: data of known types that no function has changed
 * @property {() => AsyncGenerator<Row>} rows
 * @property {(generator: RandomGenerator) => Examples | null} shuffled with the shards in another order;
 *   null: their order is fixed. The generator is left as it is
 * @property {(num_shards: number, index: number) => Examples} shard some of the shards: the index-th of
 *   so many groups that follow each other
 * @property {(epoch: number) => Examples} shifted what it draws at random is drawn otherwise
 */

/**
 * Groups of as equal size as can be, the first ones larger.
 * @template T
 * @param {readonly T[]} items @param {number} groups @param {number} index
 * @returns {T[]} the items of one group
 */
export function group_of(items, groups, index) {
  const size = Math.floor(items.length / groups);
  const larger = items.length % groups;
  const begin = size * index + Math.min(index, larger);
  return items.slice(begin, begin + size + (index < larger ? 1 : 0));
}

/** Rows of shards, one shard after the other. @implements {Examples} */
export class ShardedExamples {
  /**
   * @param {readonly (() => AsyncIterable<Row> | Iterable<Row>)[]} shards
   * @param {{in_blocks?: boolean}} [options]
   */
  constructor(shards, { in_blocks = false } = {}) {
    this._shards = shards;
    this.num_shards = shards.length;
    this.in_blocks = in_blocks;
  }

  /** @param {readonly (() => AsyncIterable<Row> | Iterable<Row>)[]} shards */
  _with(shards) {
    return new ShardedExamples(shards, { in_blocks: this.in_blocks });
  }

  async *rows() {
    for (const shard of this._shards) yield* shard();
  }

  /** @param {RandomGenerator} generator */
  shuffled(generator) {
    const shards = [...this._shards];
    generator.copy().shuffle(shards);
    return this._with(shards);
  }

  /** @param {number} num_shards @param {number} index */
  shard(num_shards, index) {
    return this._with(group_of(this._shards, num_shards, index));
  }

  shifted() {
    return this;
  }
}

/** Rows that a function makes of another stream's. @implements {Examples} */
export class ChangedExamples {
  /**
   * @param {Examples} base
   * @param {(rows: AsyncGenerator<Row>) => AsyncGenerator<Row>} change
   * @param {boolean} [keeps_blocks] default false
   */
  constructor(base, change, keeps_blocks = false) {
    this._base = base;
    this._change = change;
    this._keeps_blocks = keeps_blocks;
    this.num_shards = base.num_shards;
    this.in_blocks = keeps_blocks && base.in_blocks;
  }

  /** @param {Examples} base */
  _over(base) {
    return new ChangedExamples(base, this._change, this._keeps_blocks);
  }

  rows() {
    return this._change(this._base.rows());
  }

  /** @param {RandomGenerator} generator */
  shuffled(generator) {
    const base = this._base.shuffled(generator);
    return base && this._over(base);
  }

  /** @param {number} num_shards @param {number} index */
  shard(num_shards, index) {
    return this._over(this._base.shard(num_shards, index));
  }

  /** @param {number} epoch */
  shifted(epoch) {
    return this._over(this._base.shifted(epoch));
  }
}

/** Streams one after the other. @implements {Examples} */
export class JoinedExamples {
  /** @param {readonly Examples[]} parts */
  constructor(parts) {
    this._parts = parts;
    this.num_shards = parts.reduce((sum, part) => sum + part.num_shards, 0);
    this.in_blocks = parts.every((part) => part.in_blocks);
  }

  async *rows() {
    for (const part of this._parts) yield* part.rows();
  }

  /** Every shard by itself. @returns {Examples[]} */
  _single_shards() {
    return this._parts.flatMap((part) =>
      Array.from({ length: part.num_shards }, (_, i) => part.shard(part.num_shards, i)),
    );
  }

  /** @param {RandomGenerator} generator */
  shuffled(generator) {
    const shards = this._single_shards();
    generator.copy().shuffle(shards);
    return new JoinedExamples(shards);
  }

  /** @param {number} num_shards @param {number} index */
  shard(num_shards, index) {
    return new JoinedExamples(group_of(this._single_shards(), num_shards, index));
  }

  /** @param {number} epoch */
  shifted(epoch) {
    return new JoinedExamples(this._parts.map((part) => part.shifted(epoch)));
  }
}
