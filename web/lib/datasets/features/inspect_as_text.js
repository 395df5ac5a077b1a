// Makes console.log show objects of a class as their toString does, in Node.js.

/** @param {{prototype: object}} made a class */
export function inspect_as_text(made) {
  Object.defineProperty(made.prototype, Symbol.for("nodejs.util.inspect.custom"), {
    /** @this {object} */
    value() {
      return String(this);
    },
  });
}
