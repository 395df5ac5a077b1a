// Objects that can be called like functions, as Python's __call__ allows: model(batch),
// tokenizer(text).

/**
 * A class that extends Callable defines `_call(...args)`; its instances are functions that run it.
 * `this` in its constructor is that function, so fields may be set as usual.
 */
export class Callable {
  constructor() {
    /** @type {any} */
    const self = (/** @type {any[]} */ ...args) => self._call(...args);
    return Object.setPrototypeOf(self, new.target.prototype);
  }

  /** As Python names an object whose class says no more. */
  toString() {
    return `${this.constructor.name}()`;
  }

  [Symbol.for("nodejs.util.inspect.custom")]() {
    return this.toString();
  }

  /**
   * @param {...any} _args
   * @returns {any}
   */
  _call(..._args) {
    throw new Error(`${this.constructor.name} does not define _call`);
  }
}
