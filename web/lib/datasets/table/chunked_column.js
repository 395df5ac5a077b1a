// A column of a table: its chunks end to end. Rows are read one by one or in runs.

/** @typedef {import("./vector.js").AnyVector} AnyVector */

/**
 * Where a column's chunks come from. Reading is synchronous.
 * @typedef {object} Chunk
 * @property {number} rows
 * @property {() => AnyVector | undefined} cached all its rows, if they are in memory
 * @property {() => AnyVector} whole all its rows
 * @property {(begin: number, end: number) => AnyVector} some rows [begin, end) alone
 */

/** A chunk in memory. @param {AnyVector} vector @returns {Chunk} */
export const chunk_in_memory = (vector) => ({
  rows: vector.length,
  cached: () => vector,
  whole: () => vector,
  some: () => vector, // never asked for, since all is cached
});

/**
 * A column of a file.
 * @typedef {{storage: import("../storage/storage.js").Storage, path: string, name: string}} ColumnSource
 */

/** @implements {TableColumn} @typedef {import("./column_views.js").TableColumn} TableColumn */
export class ChunkedColumn {
  /**
   * @param {readonly Chunk[]} chunks
   * @param {ColumnSource} [source] where it is stored; none for a column in memory
   */
  constructor(chunks, source) {
    this._chunks = chunks;
    this.source = source;
    this._starts = new Float64Array(chunks.length + 1);
    chunks.forEach(({ rows }, i) => (this._starts[i + 1] = this._starts[i] + rows));
    this.length = this._starts[chunks.length];
    this._last = 0;
  }

  /** The chunk of a row, by halving; the last one asked for is tried first. @param {number} row */
  _find(row) {
    const starts = this._starts;
    if (row >= starts[this._last] && row < starts[this._last + 1]) return this._last;
    let low = 0;
    let high = this._chunks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle] <= row) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /**
   * One row's value; null where it has none. A chunk is read whole once two rows in turn are asked
   * of it; rows here and there are read alone.
   * @param {number} row from 0 to length - 1
   */
  at(row) {
    const found = this._find(row);
    const again = found === this._last;
    this._last = found;
    const chunk = this._chunks[found];
    const within = row - this._starts[found];
    const vector = chunk.cached() ?? (again ? chunk.whole() : undefined);
    return vector ? vector.at(within) : chunk.some(within, within + 1).at(0);
  }

  /**
   * The vectors that hold rows [begin, end), with the rows of each; each is lent until the next.
   * @param {number} begin
   * @param {number} end
   * @returns {Generator<{vector: AnyVector, begin: number, end: number}>}
   */
  *pieces(begin, end) {
    for (let row = begin; row < end;) {
      const found = this._find(row);
      this._last = found;
      const start = this._starts[found];
      const chunk = this._chunks[found];
      const until = Math.min(end, start + chunk.rows);
      yield { vector: chunk.whole(), begin: row - start, end: until - start };
      row = until;
    }
  }

  /** Rows [begin, end) as plain values. @param {number} begin @param {number} end @returns {any[]} */
  slice(begin, end) {
    const parts = [];
    for (const piece of this.pieces(begin, end))
      parts.push(piece.vector.slice(piece.begin, piece.end));
    return parts.length === 1 ? parts[0] : parts.flat();
  }

  /** Items of each row, of a column of lists; of a column of texts their bytes. */
  lengths() {
    const made = new Int32Array(this.length);
    let row = 0;
    for (const { vector, end } of this.pieces(0, this.length)) {
      if ("lengths" in vector) made.set(vector.lengths(), row);
      row += end;
    }
    return made;
  }
}
