// List, LargeList and Sequence: cells that are lists of one type.
import { TunelabError } from "../../core/errors.js";
import { inspect_as_text } from "./inspect_as_text.js";
import { dtype_of, encode_value, nested } from "./struct.js";

/** @typedef {import("../features.js").Feature} Feature */
/** @typedef {import("../features.js").FeatureLike} FeatureLike */

/** Lists of one type, of any length or of a fixed one. */
export class List {
  /**
   * @param {FeatureLike} feature the elements' type
   * @param {{length?: number}} [options] of each list; default -1: any
   */
  constructor(feature, { length = -1 } = {}) {
    /** @type {Feature} */
    this.feature = nested(feature);
    this.length = length;
    this.dtype = "list";
  }

  /** @param {any} value @returns {any[] | null} */
  encode_example(value) {
    if (value === null || value === undefined) return null;
    if (typeof value === "string" || typeof value[Symbol.iterator] !== "function")
      throw new TunelabError(`${JSON.stringify(value)} is no list, as the type ${this} wants it`);
    return Array.from(value, (element) => encode_value(this.feature, element));
  }

  /** @returns {string} */
  toString() {
    const length = this.length === -1 ? "" : `, length=${this.length}`;
    return `${this.constructor.name}(${this.feature}${length})`;
  }
}
inspect_as_text(List);

/** As List; Arrow counts their elements with 64 bits. */
export class LargeList extends List {
  /** @param {FeatureLike} feature */
  constructor(feature) {
    super(feature);
  }
}

/**
 * The lists of older versions of datasets. Of a dict of types it makes a dict of lists.
 * @param {FeatureLike} feature
 * @param {{length?: number}} [options]
 * @returns {Feature}
 */
export function Sequence(feature, options = {}) {
  const inner = nested(feature);
  if (dtype_of(inner) !== "struct") return new List(inner, options);
  const lists = Object.entries(inner).map(([name, each]) => [name, new List(each, options)]);
  return nested(Object.fromEntries(lists));
}
