// A small dense tensor: what batches, logits and predictions are made of. Row-major int32 or
// float32; printed as torch prints.
import { TunelabError } from "../core/errors.js";
import { format_tensor } from "./tensor_format.js";

/** @typedef {"int32" | "float32"} DType */
/** @typedef {number | NestedNumbers[]} NestedNumbers */

/** @param {readonly number[]} shape */
const size_of = (shape) => shape.reduce((product, length) => product * length, 1);

/** @param {any} values @returns {number[]} */
function shape_of(values) {
  const shape = [];
  for (
    let level = values;
    Array.isArray(level) || ArrayBuffer.isView(level);
    level = /** @type {any} */ (level)[0]
  )
    shape.push(/** @type {any} */ (level).length);
  return shape;
}

/**
 * Writes nested lists into `data`; every list of a depth must be as long as the first.
 * @param {any} values @param {number[]} shape @param {Float64Array} data
 */
function flatten(values, shape, data) {
  let at = 0;
  /** @param {any} level @param {number} depth */
  const visit = (level, depth) => {
    if (depth === shape.length) {
      if (typeof level !== "number" && typeof level !== "boolean" && typeof level !== "bigint")
        throw new TunelabError(
          `tensor: expected numbers in lists of equal lengths, found ${describe(level)}`,
        );
      data[at++] = Number(level);
      return;
    }
    if (level?.length !== shape[depth])
      throw new TunelabError(
        `tensor: expected sequence of length ${shape[depth]} at dim ${depth} (got ${level?.length ?? describe(level)}); ` +
          "rows of different lengths need padding",
      );
    for (const item of level) visit(item, depth + 1);
  };
  visit(values, 0);
}

/** @param {unknown} value */
const describe = (value) =>
  typeof value === "string" ? "a string" : value === null ? "null" : typeof value;

export class Tensor {
  /**
   * @param {Int32Array | Float32Array} data taken, not copied
   * @param {readonly number[]} shape its product is data's length; [] is a scalar
   */
  constructor(data, shape) {
    if (size_of(shape) !== data.length)
      throw new TunelabError(
        `shape '[${shape.join(", ")}]' is invalid for input of size ${data.length}`,
      );
    this.data = data;
    /** @type {readonly number[]} */
    this.shape = shape;
    /** @type {DType} */
    this.dtype = data instanceof Int32Array ? "int32" : "float32";
  }

  /** Rows (the first dimension), as Python's len(). */
  get length() {
    return this.shape[0] ?? 0;
  }

  /** @param {number} [dim] one dimension's length; without it all of them */
  size(dim) {
    return dim === undefined ? this.shape : this.shape[this._dim(dim)];
  }

  dim() {
    return this.shape.length;
  }

  numel() {
    return this.data.length;
  }

  /** @returns {any} nested lists of numbers; a number for a scalar */
  tolist() {
    let at = 0;
    /** @param {number} depth @returns {any} */
    const take = (depth) =>
      depth === this.shape.length
        ? this.data[at++]
        : Array.from({ length: this.shape[depth] }, () => take(depth + 1));
    return take(0);
  }

  /** The number in a tensor of one element. */
  item() {
    if (this.data.length !== 1)
      throw new TunelabError(
        `a Tensor with ${this.data.length} elements cannot be converted to Scalar`,
      );
    return this.data[0];
  }

  /** Row `index` (negative: from the end), sharing this tensor's data. @param {number} index */
  at(index) {
    const rows = this.length;
    const row = index < 0 ? index + rows : index;
    if (!(row >= 0 && row < rows))
      throw new TunelabError(`index ${index} is out of bounds for dimension 0 with size ${rows}`);
    const width = this.data.length / rows;
    return new Tensor(this.data.subarray(row * width, (row + 1) * width), this.shape.slice(1));
  }

  *[Symbol.iterator]() {
    for (let row = 0; row < this.length; ++row) yield this.at(row);
  }

  /** @param {...number} shape one length may be -1: what is left */
  reshape(...shape) {
    const known = size_of(shape.filter((length) => length !== -1));
    return new Tensor(
      this.data,
      shape.map((length) => (length === -1 ? this.data.length / known : length)),
    );
  }

  /** The tensor itself: there is one device. @returns {this} */
  to() {
    return this;
  }

  /** @returns {this} */
  cpu() {
    return this;
  }

  /** A tensor that no longer leads back to a model. */
  detach() {
    return new Tensor(this.data, this.shape);
  }

  /**
   * Where the largest value along `dim` stands (the first of equals); without `dim`, in the
   * flattened tensor.
   * @param {number} [dim]
   * @returns {Tensor}
   */
  argmax(dim) {
    if (dim === undefined) return this.reshape(-1).argmax(0);
    return this._reduce(dim, (at, length, stride) => {
      let best = 0;
      for (let i = 1; i < length; ++i)
        if (this.data[at + i * stride] > this.data[at + best * stride]) best = i;
      return best;
    });
  }

  /** exp(x) / sum(exp(x)) along `dim`. @param {number} dim */
  softmax(dim) {
    const out = new Float32Array(this.data.length);
    this._reduce(dim, (at, length, stride) => {
      let max = -Infinity;
      for (let i = 0; i < length; ++i) max = Math.max(max, this.data[at + i * stride]);
      let sum = 0;
      for (let i = 0; i < length; ++i) sum += Math.exp(this.data[at + i * stride] - max);
      for (let i = 0; i < length; ++i)
        out[at + i * stride] = Math.exp(this.data[at + i * stride] - max) / sum;
      return 0;
    });
    return new Tensor(out, this.shape);
  }

  /** 1 / (1 + exp(-x)). */
  sigmoid() {
    return new Tensor(
      Float32Array.from(this.data, (x) => 1 / (1 + Math.exp(-x))),
      this.shape,
    );
  }

  /** @param {Tensor | number} other @returns {Tensor} 1 where equal, else 0 */
  eq(other) {
    if (typeof other === "number")
      return new Tensor(
        Int32Array.from(this.data, (x) => +(x === other)),
        this.shape,
      );
    if (other.shape.join() !== this.shape.join())
      throw new TunelabError(`eq: shapes [${this.shape}] and [${other.shape}] differ`);
    return new Tensor(
      Int32Array.from(this.data, (x, i) => +(x === other.data[i])),
      this.shape,
    );
  }

  sum() {
    let sum = 0;
    for (const x of this.data) sum += x;
    return scalar(sum, this.dtype);
  }

  mean() {
    return scalar(this.sum().item() / this.data.length, "float32");
  }

  /** @param {DType} dtype */
  type(dtype) {
    if (dtype === this.dtype) return this;
    return new Tensor(
      dtype === "int32" ? Int32Array.from(this.data) : Float32Array.from(this.data),
      this.shape,
    );
  }

  toString() {
    return format_tensor(this);
  }

  // What console.log shows in Node.js.
  [Symbol.for("nodejs.util.inspect.custom")]() {
    return this.toString();
  }

  /** @param {number} dim */
  _dim(dim) {
    const positive = dim < 0 ? dim + this.shape.length : dim;
    if (!(positive >= 0 && positive < this.shape.length))
      throw new TunelabError(
        `dimension out of range (a tensor of ${this.shape.length} dimensions, got ${dim})`,
      );
    return positive;
  }

  /**
   * An int32 tensor without `dim`, its values given by `of(where a line starts, its length, its
   * stride)`.
   * @param {number} dim @param {(at: number, length: number, stride: number) => number} of
   */
  _reduce(dim, of) {
    const along = this._dim(dim);
    const length = this.shape[along];
    const stride = size_of(this.shape.slice(along + 1));
    const outer = size_of(this.shape.slice(0, along));
    const out = new Int32Array(outer * stride);
    for (let o = 0; o < outer; ++o)
      for (let s = 0; s < stride; ++s)
        out[o * stride + s] = of(o * length * stride + s, length, stride);
    return new Tensor(out, [...this.shape.slice(0, along), ...this.shape.slice(along + 1)]);
  }
}

/** @param {number} value @param {DType} dtype */
function scalar(value, dtype) {
  return new Tensor(dtype === "int32" ? Int32Array.of(value) : Float32Array.of(value), []);
}

/**
 * A tensor of nested lists of numbers, or of a number. float32 if any number has a fraction, else
 * int32; a Float32Array or Float64Array is float32. torch calls the first int64; ids and labels fit
 * in 32 bits here.
 * @param {any} values
 * @param {{dtype?: DType}} [options]
 * @throws {TunelabError} for lists of unequal lengths, and for values that are no numbers
 */
export function tensor(values, { dtype } = {}) {
  if (values instanceof Tensor)
    return new Tensor(values.data.slice(), values.shape).type(dtype ?? values.dtype);
  const shape = shape_of(values);
  const numbers = new Float64Array(size_of(shape));
  flatten(values, shape, numbers);
  const chosen =
    dtype ?? (is_float(values) || numbers.some((x) => !Number.isInteger(x)) ? "float32" : "int32");
  return new Tensor(
    chosen === "int32" ? Int32Array.from(numbers) : Float32Array.from(numbers),
    shape,
  );
}

/** @param {unknown} values whether they say by their type that they are floats */
function is_float(values) {
  return values instanceof Float32Array || values instanceof Float64Array;
}

/**
 * torch.stack: tensors of one shape as the rows of a new one.
 * @param {Tensor[]} tensors
 */
export function stack(tensors) {
  const rows = tensors.map((row) => row.reshape(1, ...row.shape));
  return cat(rows);
}

/**
 * torch.cat along the first dimension.
 * @param {Tensor[]} tensors
 */
export function cat(tensors) {
  if (tensors.length === 0) throw new TunelabError("cat: expected a non-empty list of tensors");
  const [first] = tensors;
  const rest = first.shape.slice(1);
  const rows = tensors.reduce((sum, t) => sum + t.length, 0);
  const data =
    first.dtype === "int32"
      ? new Int32Array(rows * size_of(rest))
      : new Float32Array(rows * size_of(rest));
  let at = 0;
  for (const each of tensors) {
    if (each.shape.slice(1).join() !== rest.join() || each.dtype !== first.dtype)
      throw new TunelabError(
        `cat: expected tensors like the first, ${first.dtype} [${first.shape}], got ${each.dtype} [${each.shape}]`,
      );
    data.set(each.data, at);
    at += each.data.length;
  }
  return new Tensor(data, [rows, ...rest]);
}

/**
 * numpy's and torch's argmax as a function.
 * @param {Tensor} input
 * @param {{dim?: number, axis?: number}} [options]
 */
export function argmax(input, { dim, axis } = {}) {
  return input.argmax(dim ?? axis);
}
