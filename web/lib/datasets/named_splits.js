// Splits under their names, as a dict of Python: what DatasetDict and IterableDatasetDict share.

/** @template Split */
export class NamedSplits {
  /** @param {Record<string, Split>} splits */
  constructor(splits) {
    Object.assign(this, splits);
  }

  /** The splits' names. */
  keys() {
    return Object.keys(this);
  }

  /** @returns {Split[]} */
  values() {
    return Object.values(this);
  }

  /** Names and splits in pairs. @returns {[string, Split][]} */
  items() {
    return Object.entries(this);
  }
}
