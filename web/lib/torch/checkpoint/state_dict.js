// What a pickled state dict may name, and the tensors that come of it: places in storages, never data.
import { TunelabError } from "../../core/errors.js";
import { Tuple, unpickle } from "./pickle.js";

/** The types of elements: their names in safetensors, and bytes. @type {Record<string, [string, number]>} */
const DTYPES = {
  float32: ["F32", 4],
  float16: ["F16", 2],
  bfloat16: ["BF16", 2],
  float64: ["F64", 8],
  int64: ["I64", 8],
  int32: ["I32", 4],
  int16: ["I16", 2],
  int8: ["I8", 1],
  uint8: ["U8", 1],
  bool: ["BOOL", 1],
};

/** The names of torch's storage classes. @type {Record<string, string>} */
const STORAGES = {
  FloatStorage: "float32",
  HalfStorage: "float16",
  BFloat16Storage: "bfloat16",
  DoubleStorage: "float64",
  LongStorage: "int64",
  IntStorage: "int32",
  ShortStorage: "int16",
  CharStorage: "int8",
  ByteStorage: "uint8",
  BoolStorage: "bool",
  UntypedStorage: "uint8",
};

const MOST_DIMENSIONS = 8;

/** An element type that a pickle names. */
class DType {
  /** @param {string} torch_name */
  constructor(torch_name) {
    const [name, bytes] = DTYPES[torch_name];
    this.name = name;
    this.bytes = bytes;
  }
}

/** A storage class that a pickle names. */
class StorageClass {
  /** @param {DType} dtype */
  constructor(dtype) {
    this.dtype = dtype;
  }
}

/** A block of `bytes` bytes of the file that a pickle refers to. */
class Storage {
  /** @param {string} key @param {DType} dtype @param {number} bytes */
  constructor(key, dtype, bytes) {
    this.key = key;
    this.dtype = dtype;
    this.bytes = bytes;
  }
}

/**
 * A tensor as a view of a storage.
 * @typedef {object} StoredView
 * @property {string} key the storage's
 * @property {string} dtype as safetensors names it
 * @property {number[]} shape
 * @property {number[] | null} strides in elements; null where the elements lie one behind the other
 * @property {number} begin byte in the storage
 * @property {number} extent bytes from there that the view touches
 */

class TensorView {
  /** @param {StoredView} view */
  constructor(view) {
    this.view = view;
  }
}

/** @param {unknown} value @returns {value is number} */
const is_count = (value) => Number.isSafeInteger(value) && /** @type {number} */ (value) >= 0;

/** @param {unknown} value @param {string} what */
function counts(value, what) {
  if (
    !(value instanceof Tuple) ||
    value.items.length > MOST_DIMENSIONS ||
    !value.items.every(is_count)
  )
    throw new TunelabError(
      `a tensor has a ${what} that is no tuple of up to ${MOST_DIMENSIONS} whole numbers`,
      "TL_ERR_FORMAT",
    );
  return /** @type {number[]} */ ([...value.items]);
}

/** How far apart neighbours lie where elements lie one behind the other. @param {readonly number[]} shape */
function dense_strides(shape) {
  const strides = new Array(shape.length);
  for (let i = shape.length - 1, step = 1; i >= 0; step *= shape[i--]) strides[i] = step;
  return strides;
}

/**
 * @param {unknown} storage
 * @param {unknown} offset elements
 * @param {unknown} size
 * @param {unknown} stride
 * @param {unknown} dtype
 */
function view_of(storage, offset, size, stride, dtype) {
  if (!(storage instanceof Storage) || !(dtype instanceof DType) || !is_count(offset))
    throw new TunelabError(
      "a tensor is made of other things than a storage and a place in it",
      "TL_ERR_FORMAT",
    );
  const shape = counts(size, "size");
  const strides = counts(stride, "stride");
  if (strides.length !== shape.length)
    throw new TunelabError("a tensor has not as many strides as dimensions", "TL_ERR_FORMAT");
  const elements = shape.reduce((product, n) => product * n, 1);
  const last = shape.reduce((sum, n, i) => sum + (n - 1) * strides[i], 0);
  const extent = elements === 0 ? 0 : (last + 1) * dtype.bytes;
  const begin = offset * dtype.bytes;
  if (!Number.isSafeInteger(elements * dtype.bytes) || !(begin + extent <= storage.bytes))
    throw new TunelabError(
      `a tensor of size [${shape.join(", ")}] leaves its storage ${storage.key}, which has ${storage.bytes} bytes`,
      "TL_ERR_FORMAT",
    );
  const dense = dense_strides(shape);
  const is_dense = elements === 0 || shape.every((n, i) => n === 1 || strides[i] === dense[i]);
  return new TensorView({
    key: storage.key,
    dtype: dtype.name,
    shape,
    strides: is_dense ? null : strides,
    begin,
    extent,
  });
}

/** The functions that a state dict calls. @type {Record<string, (...args: any[]) => unknown>} */
const FUNCTIONS = {
  // Python 2 gave a list of pairs, as lists.
  "collections.OrderedDict": (pairs = []) => {
    if (!Array.isArray(pairs) || !pairs.every((pair) => Array.isArray(pair) && pair.length === 2))
      throw new TunelabError("its pickle makes an OrderedDict of no pairs", "TL_ERR_FORMAT");
    return new Map(/** @type {[unknown, unknown][]} */ (pairs));
  },
  "torch._utils._rebuild_tensor_v2": (storage, offset, size, stride) =>
    view_of(storage, offset, size, stride, storage?.dtype),
  "torch._utils._rebuild_tensor_v3": (storage, offset, size, stride, _grad, _hooks, dtype) =>
    view_of(storage, offset, size, stride, dtype),
  "torch._utils._rebuild_parameter": (data) => data,
};

/** @param {string} module @param {string} name */
function find(module, name) {
  const full = `${module}.${name}`;
  if (Object.hasOwn(FUNCTIONS, full)) return FUNCTIONS[full];
  if (/^torch(\.cuda|\.storage)?$/.test(module) && Object.hasOwn(STORAGES, name))
    return new StorageClass(new DType(STORAGES[name]));
  if (module === "torch" && Object.hasOwn(DTYPES, name)) return new DType(name);
  throw new TunelabError(
    `it wants to call ${full}: a weights file holds tensors only, and such a file is not read`,
    "TL_ERR_UNSUPPORTED",
  );
}

/**
 * Unpickles a file's object, noting the storages it refers to.
 * @param {Uint8Array} bytes
 * @param {number} begin
 * @returns {{value: unknown, end: number, storages: Map<string, number>}} storages: their bytes by key
 */
export function unpickle_tensors(bytes, begin) {
  /** @type {Map<string, number>} */
  const storages = new Map();
  /** @param {unknown} id */
  const persistent = (id) => {
    const [tag, kind, key, , count, view] = id instanceof Tuple ? id.items : [];
    if (
      tag !== "storage" ||
      !(kind instanceof StorageClass) ||
      typeof key !== "string" ||
      !is_count(count)
    )
      throw new TunelabError("its pickle refers to something else than a storage", "TL_ERR_FORMAT");
    if (view !== undefined && view !== null)
      throw new TunelabError(
        "it holds views of storages as torch before 0.4 saved them; save it again with a newer torch",
        "TL_ERR_UNSUPPORTED",
      );
    const size = count * kind.dtype.bytes;
    if (!Number.isSafeInteger(size) || (storages.get(key) ?? size) !== size)
      throw new TunelabError(`its storage ${key} has two sizes, or none`, "TL_ERR_FORMAT");
    storages.set(key, size);
    return new Storage(key, kind.dtype, size);
  };
  return { ...unpickle(bytes, begin, { find, persistent }), storages };
}

/**
 * The tensors of a state dict by name; what else it holds (an epoch's number, say) is left out.
 * @param {unknown} value as it was unpickled
 * @returns {Map<string, StoredView>}
 * @throws {TunelabError} where there are none, as in checkpoints that keep the state dict deeper
 */
export function state_dict_views(value) {
  /** @type {Map<string, StoredView>} */
  const views = new Map();
  for (const [name, tensor] of value instanceof Map ? value : [])
    if (typeof name === "string" && tensor instanceof TensorView) views.set(name, tensor.view);
  if (views.size > 0) return views;
  const keys = value instanceof Map ? [...value.keys()].slice(0, 3).map(String) : [];
  const found = keys.length > 0 ? ` but a dict of ${keys.join(", ")}` : "";
  throw new TunelabError(
    `it holds no state dict (tensors by name)${found}; save model.state_dict() alone`,
    "TL_ERR_FORMAT",
  );
}
