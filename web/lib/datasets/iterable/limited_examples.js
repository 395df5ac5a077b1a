// The first rows of a stream, or all but the first: the order of its shards is fixed from then on.
import { group_of } from "./examples.js";

/** @typedef {import("./examples.js").Examples} Examples */
/** @typedef {import("./examples.js").Row} Row */

/** @param {AsyncGenerator<Row>} rows @param {number} n */
async function* first(rows, n) {
  if (n <= 0) return;
  let taken = 0;
  for await (const row of rows) {
    yield row;
    if (++taken >= n) return;
  }
}

/** @param {AsyncGenerator<Row>} rows @param {number} n */
async function* all_but_first(rows, n) {
  let skipped = 0;
  for await (const row of rows) if (++skipped > n) yield row;
}

const CUTS = { take: first, skip: all_but_first };

/** @implements {Examples} */
export class LimitedExamples {
  /** @param {Examples} base @param {"take" | "skip"} cut @param {number} n rows */
  constructor(base, cut, n) {
    this._base = base;
    this._cut = cut;
    this._n = n;
    this.num_shards = base.num_shards;
    this.in_blocks = base.in_blocks;
  }

  rows() {
    return CUTS[this._cut](this._base.rows(), this._n);
  }

  shuffled() {
    return null;
  }

  /**
   * The rows to take or skip are shared out, as equally as can be.
   * @param {number} num_shards @param {number} index
   */
  shard(num_shards, index) {
    const sources = Math.min(num_shards, this.num_shards);
    const each = Array.from({ length: this._n });
    const n = index < sources ? group_of(each, sources, index).length : 0;
    return new LimitedExamples(this._base.shard(num_shards, index), this._cut, n);
  }

  /** @param {number} epoch */
  shifted(epoch) {
    return new LimitedExamples(this._base.shifted(epoch), this._cut, this._n);
  }
}
