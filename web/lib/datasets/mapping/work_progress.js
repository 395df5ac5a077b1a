// How far a map or filter is, told to whoever asks for it.

/** @typedef {import("./map_options.js").MapOptions} MapOptions */

export class Progress {
  /**
   * @param {MapOptions} options
   * @param {string} name default name
   * @param {number} total rows
   */
  constructor({ progress_callback, desc }, name, total) {
    this._tell = progress_callback;
    this._name = desc ?? name;
    this._total = total;
    /** Rows done, by part. @type {number[]} */
    this._done = [];
  }

  /** @param {number} part @param {number} rows of the part that are done */
  set(part, rows) {
    this._done[part] = rows;
    const loaded = this._done.reduce((sum, done) => sum + done, 0);
    this._event("progress", loaded);
  }

  finish() {
    this._event("done", this._total);
  }

  /** @param {"progress" | "done"} status @param {number} loaded */
  _event(status, loaded) {
    const total = this._total;
    const progress = total > 0 ? (100 * loaded) / total : 100;
    this._tell?.({ status, name: this._name, loaded, total, progress });
  }
}
