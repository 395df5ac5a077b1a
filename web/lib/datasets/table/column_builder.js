// Values of one column gathered into vectors, their type declared or found on the way; lists and
// objects hold columns themselves.
import { ClassLabel, dtype_of, is_text } from "../features.js";
import { Builder, kind_of_value, Misfit } from "./builder.js";
import { check_name } from "./check_name.js";
import { LabelBuilder, NumberBuilder } from "./number_builder.js";
import { feature_of_type, is_binary, is_date, is_float, is_integer } from "./storage_type.js";
import {
  BinaryBuilder,
  BoolBuilder,
  DateBuilder,
  restarted,
  started,
  TextBuilder,
} from "./value_builders.js";
import { ListVector, NullVector, StructVector } from "./vector.js";

/** @typedef {import("../features.js").Feature} Feature */
/** @typedef {import("./storage_type.js").StorageType} StorageType */
/** @typedef {import("./vector.js").AnyVector} AnyVector */

class ListBuilder extends Builder {
  /** @param {ColumnBuilder} items */
  constructor(items) {
    super();
    this._items = items;
    this._offsets = started();
  }

  /** @returns {StorageType} */
  get type() {
    return { list: this._items.type };
  }

  /** @returns {number} */
  get bytes() {
    return this._items.bytes + this._offsets.length * 4;
  }

  _add_nothing() {
    this._offsets.push(this._items.length);
  }

  /** @param {any} value an array, a typed array, or what has a tolist method */
  _add(value) {
    const values = typeof value.tolist === "function" ? value.tolist() : value;
    if (kind_of_value(values) !== "list") throw new Misfit(this.type, kind_of_value(value));
    this._items.add_all(values);
    this._offsets.push(this._items.length);
  }

  /** @returns {AnyVector} */
  take() {
    return new ListVector(restarted(this._offsets), this._items.take(), this._take_validity());
  }
}

class StructBuilder extends Builder {
  /** @param {Record<string, ColumnBuilder>} fields more are found on the way */
  constructor(fields) {
    super();
    this._fields = fields;
  }

  /** @returns {StorageType} */
  get type() {
    const types = Object.entries(this._fields).map(([name, field]) => [name, field.type]);
    return { struct: Object.fromEntries(types) };
  }

  /** @returns {number} */
  get bytes() {
    return Object.values(this._fields).reduce((sum, field) => sum + field.bytes, 0);
  }

  _add_nothing() {
    for (const field of Object.values(this._fields)) field.add(null);
  }

  /** @param {any} value */
  _add(value) {
    if (kind_of_value(value) !== "struct") throw new Misfit(this.type, kind_of_value(value));
    for (const name of Object.keys(value)) {
      if (Object.hasOwn(this._fields, name)) continue;
      check_name(name);
      this._fields[name] = new ColumnBuilder();
      for (let row = 0; row < this.length; ++row) this._fields[name].add(null);
    }
    for (const [name, field] of Object.entries(this._fields)) field.add(value[name]);
  }

  /** @returns {AnyVector} */
  take() {
    const { length } = this;
    const fields = Object.entries(this._fields).map(([name, field]) => [name, field.take()]);
    return new StructVector(length, Object.fromEntries(fields), this._take_validity());
  }
}

/** @typedef {NumberBuilder | BoolBuilder | DateBuilder | TextBuilder | BinaryBuilder | ListBuilder | StructBuilder} TypedBuilder */

/**
 * @param {Feature} feature of a type that tables hold
 * @param {boolean} declared
 * @returns {TypedBuilder}
 */
function builder_for(feature, declared) {
  const dtype = dtype_of(feature);
  if (feature instanceof ClassLabel) return new LabelBuilder(feature);
  if (is_integer(dtype) || is_float(dtype)) return new NumberBuilder(dtype, declared);
  if (dtype === "bool") return new BoolBuilder();
  if (is_text(feature)) return new TextBuilder(dtype, declared);
  if (is_binary(dtype)) return new BinaryBuilder(dtype);
  if (is_date(dtype)) return new DateBuilder(dtype);
  if (dtype === "list") return new ListBuilder(new ColumnBuilder(feature.feature));
  const fields = Object.entries(feature).map(([name, each]) => [name, new ColumnBuilder(each)]);
  return new StructBuilder(Object.fromEntries(fields));
}

/** The types of typed arrays' items, where a list is the first of its column. */
const ITEM_TYPES = /** @type {Record<string, string>} */ ({
  Int8Array: "int8",
  Int16Array: "int16",
  Int32Array: "int32",
  Uint16Array: "uint16",
  Uint32Array: "uint32",
  Float32Array: "float32",
});

/**
 * A column of any type: a declared one, or the type of its first value, widened from integers to
 * floats where later values need it.
 */
export class ColumnBuilder {
  /** @param {Feature} [feature] default: found from the values */
  constructor(feature) {
    /** @type {TypedBuilder | null} null while there are only nulls */
    this._builder =
      feature === undefined || dtype_of(feature) === "null" ? null : builder_for(feature, true);
    this._nulls = 0;
  }

  get length() {
    return this._builder ? this._builder.length : this._nulls;
  }

  /** @returns {number} about the bytes that the rows take */
  get bytes() {
    return this._builder ? this._builder.bytes : 0;
  }

  /** @returns {StorageType} */
  get type() {
    return this._builder ? this._builder.type : "null";
  }

  /** @param {any} value */
  add(value) {
    if (this._builder) this._builder.add(value);
    else if (value === null || value === undefined) ++this._nulls;
    else {
      this._begin(this._started_by(value));
      this.add(value);
    }
  }

  /**
   * @param {import("./lent_texts.js").LentTexts} texts of a column that is declared to hold text
   * @param {number} begin @param {number} end
   */
  add_texts(texts, begin, end) {
    /** @type {TextBuilder} */ (this._builder).add_texts(texts, begin, end);
  }

  /** @param {ArrayLike<any>} values */
  add_all(values) {
    if (values.length === 0) return;
    if (!this._builder && ArrayBuffer.isView(values) && values.constructor.name in ITEM_TYPES) {
      const type = ITEM_TYPES[values.constructor.name];
      this._begin(builder_for(feature_of_type(type), false));
    }
    if (this._builder instanceof NumberBuilder) this._builder.add_all(values);
    else for (let i = 0; i < values.length; ++i) this.add(values[i]);
  }

  /** @param {any} value @returns {TypedBuilder} */
  _started_by(value) {
    const listed = typeof value.tolist === "function";
    const kind = listed ? kind_of_value(value.tolist()) : kind_of_value(value);
    if (kind === "list") return new ListBuilder(new ColumnBuilder());
    if (kind === "struct") return new StructBuilder({});
    return builder_for(feature_of_type(kind), false);
  }

  /** @param {TypedBuilder} builder */
  _begin(builder) {
    for (let row = 0; row < this._nulls; ++row) builder.add(null);
    this._builder = builder;
    this._nulls = 0;
  }

  /** The rows gathered; the builder goes on empty, of the same type. @returns {AnyVector} */
  take() {
    if (this._builder) return this._builder.take();
    const made = new NullVector(this._nulls);
    this._nulls = 0;
    return made;
  }
}
