// ClassLabel: integers that stand for names.
import { TunelabError } from "../../core/errors.js";
import { inspect_as_text } from "./inspect_as_text.js";
import { python_list } from "./python_repr.js";

export class ClassLabel {
  /**
   * @param {{names?: readonly string[], num_classes?: number}} options names in the order of their
   *   integers, or how many
   * @throws {TunelabError} for neither, for names that occur twice, for numbers that disagree
   */
  constructor({ names, num_classes }) {
    if (!names && num_classes === undefined)
      throw new TunelabError("ClassLabel needs names or num_classes");
    this.names = (names ?? Array.from({ length: Number(num_classes) }, (_, i) => i)).map(String);
    if (num_classes !== undefined && num_classes !== this.names.length)
      throw new TunelabError(
        `ClassLabel number of names do not match the defined num_classes. Got ${this.names.length} names VS ${num_classes} num_classes`,
      );
    if (new Set(this.names).size < this.names.length)
      throw new TunelabError("Some label names are duplicated. Each label name should be unique.");
    this.dtype = "int64";
  }

  get num_classes() {
    return this.names.length;
  }

  /**
   * The integer of a name (or of the integer as text); of a list, all.
   * @template {string | readonly string[]} T
   * @param {T} values
   * @returns {T extends string ? number : number[]}
   * @throws {TunelabError} for a name that is none of the classes'
   */
  str2int(values) {
    if (Array.isArray(values))
      return /** @type {any} */ (values.map((value) => this._integer_of(value)));
    return /** @type {any} */ (this._integer_of(/** @type {any} */ (values)));
  }

  /** @param {string} value */
  _integer_of(value) {
    if (typeof value !== "string")
      throw new TunelabError(
        `str2int: expected a name or a list of names, got ${JSON.stringify(value)}`,
      );
    for (const name of [value, value.trim()])
      if (this.names.includes(name)) return this.names.indexOf(name);
    const number = /^\s*[+-]?\d+\s*$/.test(value) ? Number(value) : NaN;
    if (number >= -1 && number < this.num_classes) return number;
    throw new TunelabError(
      `Invalid string class label ${value}; the classes are ${this.names.join(", ")}`,
    );
  }

  /**
   * The name of an integer; of a list, all.
   * @template {number | readonly number[]} T
   * @param {T} values
   * @returns {T extends number ? string : string[]}
   * @throws {TunelabError} for an integer that is none of the classes'
   */
  int2str(values) {
    const name_of = (/** @type {number} */ value) => {
      const name = this.names[value];
      if (name === undefined)
        throw new TunelabError(
          `Invalid integer class label ${value}; there are ${this.num_classes} classes, 0 to ${this.num_classes - 1}`,
        );
      return name;
    };
    if (typeof values === "number") return /** @type {any} */ (name_of(values));
    return /** @type {any} */ (Array.from(values, name_of));
  }

  /**
   * The integer that the column holds for a name or an integer; -1 means that there is no label.
   * @param {any} value
   * @returns {number | null}
   */
  encode_example(value) {
    if (value === null || value === undefined) return null;
    const label = typeof value === "string" ? this._integer_of(value) : value;
    if (!(label >= -1 && label < this.num_classes))
      throw new TunelabError(
        `Class label ${label} greater than configured num_classes ${this.num_classes}`,
      );
    return label;
  }

  toString() {
    return `ClassLabel(names=${python_list(this.names)})`;
  }
}
inspect_as_text(ClassLabel);
