// A number that its source wrote as a float though it is whole: 5.0, 1e3. JavaScript's numbers do not tell.

export class WrittenFloat {
  /** @param {number} value */
  constructor(value) {
    this.value = value;
  }

  /** As Python prints it. */
  toString() {
    return Number.isInteger(this.value) && Math.abs(this.value) < 1e16
      ? this.value.toFixed(1)
      : String(this.value);
  }
}
