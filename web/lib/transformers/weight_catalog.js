// The tensors of a model's weights files as one directory in the form of safetensors, which the core checks and pairs with
// the model whatever the files' own form is.
import { located, TunelabError } from "../core/errors.js";
import { read_open } from "../hub/file_source.js";
import { read_checkpoint } from "../torch/checkpoint/checkpoint_file.js";

/** @typedef {import("../core/core.js").Core} Core */
/** @typedef {import("../core/handle.js").Handle} Handle */
/** @typedef {import("../hub/file_source.js").FileSource} FileSource */
/** @typedef {import("../hub/file_source.js").OpenFile} OpenFile */
/** @typedef {import("../torch/checkpoint/checkpoint_file.js").StorageBlock} StorageBlock */
/** @typedef {import("./weight_files.js").WeightFiles} WeightFiles */

/**
 * Where a tensor's elements lie: `begin` counts bytes of the file, or of the block's data.
 * @typedef {object} StoredTensor
 * @property {string} name
 * @property {string} dtype as safetensors names it
 * @property {number[]} shape
 * @property {StorageBlock | null} block
 * @property {number} begin
 * @property {number} extent bytes from there that it touches
 * @property {number[] | null} strides in elements; null where they lie one behind the other
 */

/** @typedef {{path: string, file: OpenFile}} OpenWeights */
/** @typedef {StoredTensor & {weights: OpenWeights}} PlacedTensor */

const LENGTH_BYTES = 8;

/**
 * A safetensors header in the core, which checks it.
 * @param {Core} core
 * @param {Uint8Array} prefix the file's first bytes: the length and the header
 * @param {number} file_size
 * @returns {Handle}
 */
function open_header(core, prefix, file_size) {
  return core.heap.frame((frame) =>
    core.create(
      "tl_safetensors_open",
      [frame.u8(prefix), prefix.length, BigInt(file_size)],
      [],
      "tl_safetensors_free",
    ),
  );
}

/**
 * @param {Core} core
 * @param {OpenFile} file
 * @returns {Promise<StoredTensor[]>}
 */
async function read_safetensors(core, file) {
  const first8 = await read_open(file, 0, Math.min(LENGTH_BYTES, file.size));
  if (first8.length < LENGTH_BYTES)
    throw new TunelabError(
      `it is ${first8.length} bytes long; expected a safetensors file`,
      "TL_ERR_FORMAT",
    );
  const size = core.heap.frame((frame) => {
    const out = frame.alloc(LENGTH_BYTES);
    core.run("tl_safetensors_header_size", core.context, frame.u8(first8), BigInt(file.size), out);
    return core.heap.i32_at(out, 1)[0]; // at most 100 MB
  });
  const data = LENGTH_BYTES + size;
  const prefix = await read_open(file, 0, data);
  open_header(core, prefix, file.size).free();
  const header = JSON.parse(new TextDecoder().decode(prefix.subarray(LENGTH_BYTES)));
  return Object.entries(header)
    .filter(([name]) => name !== "__metadata__")
    .map(
      ([
        name,
        {
          dtype,
          shape,
          data_offsets: [begin, end],
        },
      ]) => ({
        ...{ name, dtype, shape, block: null, strides: null },
        begin: data + begin,
        extent: end - begin,
      }),
    );
}

/** In the order in which they lie in their file. @param {StoredTensor} a @param {StoredTensor} b */
const by_place = (a, b) => (a.block?.begin ?? 0) - (b.block?.begin ?? 0) || a.begin - b.begin;

/** @param {Core} core @param {FileSource} source @param {WeightFiles} files @param {OpenWeights} weights */
async function tensors_of(core, source, files, weights) {
  const { path, file } = weights;
  try {
    const tensors = await (files.form === "safetensors"
      ? read_safetensors(core, file)
      : read_checkpoint(file));
    return tensors.sort(by_place).map((tensor) => ({ ...tensor, weights }));
  } catch (error) {
    throw located(error, `${source.location}/${path}`);
  }
}

/**
 * @param {FileSource} source
 * @param {WeightFiles} files
 * @param {readonly PlacedTensor[]} tensors
 */
function check_between_files(source, { name: index_name, index }, tensors) {
  /** @type {Map<string, string>} */
  const found = new Map();
  for (const { name, weights } of tensors) {
    const other = found.get(name);
    if (other !== undefined)
      throw new TunelabError(
        `${source.location} holds the tensor ${name} twice: in ${other} and in ${weights.path}`,
        "TL_ERR_FORMAT",
      );
    found.set(name, weights.path);
  }
  for (const [name, path] of index ?? [])
    if (found.get(name) !== path)
      throw new TunelabError(
        `${source.location}/${index_name} has ${name} in ${path}, which does not hold it`,
        "TL_ERR_FORMAT",
      );
}

/** @type {Record<string, number>} bytes of an element */
const ELEMENT_BYTES = {
  ...{ F64: 8, I64: 8, U64: 8, C64: 8, F32: 4, I32: 4, U32: 4, F16: 2, BF16: 2, I16: 2, U16: 2 },
};

/** Of one element; single bytes are not listed. @param {string} dtype */
export const element_bytes = (dtype) => ELEMENT_BYTES[dtype] ?? 1;

/** @param {StoredTensor} tensor the bytes of its elements */
const size_of = ({ dtype, shape }) =>
  shape.reduce((product, n) => product * n, element_bytes(dtype));

/**
 * The tensors one behind the other, as a safetensors file would have them.
 * @param {readonly PlacedTensor[]} tensors
 */
function joint_header(tensors) {
  let at = 0;
  const members = tensors.map((tensor) => {
    const { name, dtype, shape } = tensor;
    const begin = at;
    at += size_of(tensor);
    return /** @type {const} */ ([name, { dtype, shape, data_offsets: [begin, at] }]);
  });
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(members)));
  const prefix = new Uint8Array(LENGTH_BYTES + json.length);
  new DataView(prefix.buffer).setBigUint64(0, BigInt(json.length), true);
  prefix.set(json, LENGTH_BYTES);
  const begins = members.map(([, { data_offsets }]) => prefix.length + data_offsets[0]);
  return { prefix, begins, size: prefix.length + at };
}

/**
 * @typedef {object} WeightCatalog
 * @property {Handle} header the joint directory, a tl_safetensors
 * @property {(begin: number) => PlacedTensor} at the tensor that has elements and begins there in the joint directory
 */

/**
 * @param {Core} core
 * @param {FileSource} source
 * @param {WeightFiles} files
 * @param {readonly OpenWeights[]} opened the files, open
 * @returns {Promise<WeightCatalog>} the caller frees its header
 * @throws {TunelabError} for files that are malformed or contradict each other
 */
export async function read_catalog(core, source, files, opened) {
  /** @type {PlacedTensor[]} */
  const tensors = [];
  for (const weights of opened) tensors.push(...(await tensors_of(core, source, files, weights)));
  check_between_files(source, files, tensors);
  const { prefix, begins, size } = joint_header(tensors);
  /** @type {Map<number, PlacedTensor>} */
  const by_begin = new Map();
  tensors.forEach((tensor, i) => tensor.extent > 0 && by_begin.set(begins[i], tensor));
  return {
    header: open_header(core, prefix, size),
    at: (begin) => /** @type {PlacedTensor} */ (by_begin.get(begin)),
  };
}
