// The tensors of a file that torch.save wrote, in either of its forms, without their data and without running anything of it.
import { TunelabError } from "../../core/errors.js";
import { read_open } from "../../hub/file_source.js";
import { EndOfBytes, unpickle } from "./pickle.js";
import { state_dict_views, unpickle_tensors } from "./state_dict.js";
import { LOCAL_BYTES, read_zip_directory, zip_data_begin } from "./zip_directory.js";

/** @typedef {import("../../hub/file_source.js").OpenFile} OpenFile */
/** @typedef {import("./zip_directory.js").ZipEntry} ZipEntry */

/**
 * A storage in the file: `header` bytes at `begin`, of which `data_begin` tells where its data lie.
 * @typedef {{begin: number, header: number, data_begin: (header: Uint8Array) => number}} StorageBlock
 */
/** @typedef {import("./state_dict.js").StoredView & {name: string, block: StorageBlock}} CheckpointTensor */

const ZIP_SIGNATURE = 0x04034b50;
/** What the form before torch 1.6 begins with, and its version. */
const LEGACY_MAGIC = 0x1950a86a20f9469cfc6cn;
const LEGACY_VERSION = 1001;
/** A pickle of more is no state dict's; it holds names and shapes only. */
const MOST_PICKLE_BYTES = 1 << 26;
const FIRST_PICKLE_BYTES = 1 << 20;

/** @param {OpenFile} file @param {ZipEntry} entry */
async function read_entry(file, entry) {
  if (entry.size > MOST_PICKLE_BYTES)
    throw new TunelabError(
      `its ${entry.name} has ${entry.size} bytes; expected a few thousand`,
      "TL_ERR_FORMAT",
    );
  const bytes = await read_open(
    file,
    entry.begin,
    Math.min(entry.limit, entry.begin + (1 << 17) + entry.size),
  );
  const begin = zip_data_begin(entry, bytes.subarray(0, LOCAL_BYTES)) - entry.begin;
  return bytes.subarray(begin, begin + entry.size);
}

/** @param {Map<string, ZipEntry>} entries */
function folder_of(entries) {
  const pickles = [...entries.keys()].filter((name) => /^[^/]+\/data\.pkl$/.test(name));
  if (pickles.length !== 1)
    throw new TunelabError(
      "it is a zip file, but not one of torch.save: it has no data.pkl",
      "TL_ERR_FORMAT",
    );
  const folder = pickles[0].slice(0, -"/data.pkl".length);
  if (entries.has(`${folder}/constants.pkl`))
    throw new TunelabError(
      "it is a TorchScript program, which holds code; save model.state_dict() with torch.save",
      "TL_ERR_UNSUPPORTED",
    );
  return folder;
}

/** @param {OpenFile} file @returns {Promise<CheckpointTensor[]>} */
async function read_zip_form(file) {
  const entries = await read_zip_directory(file);
  const folder = folder_of(entries);
  const order = entries.get(`${folder}/byteorder`);
  if (order && new TextDecoder().decode(await read_entry(file, order)) !== "little")
    throw big_endian();
  const pickle = await read_entry(
    file,
    /** @type {ZipEntry} */ (entries.get(`${folder}/data.pkl`)),
  );
  const { value, storages } = unpickle_tensors(pickle, 0);
  /** @type {Map<string, StorageBlock>} */
  const blocks = new Map();
  for (const [key, bytes] of storages) {
    const entry = entries.get(`${folder}/data/${key}`);
    if (!entry || entry.size !== bytes)
      throw new TunelabError(
        `its storage ${key} should have ${bytes} bytes, but ${entry ? `has ${entry.size}` : "is missing"}`,
        "TL_ERR_FORMAT",
      );
    blocks.set(key, {
      begin: entry.begin,
      header: LOCAL_BYTES,
      data_begin: (header) => zip_data_begin(entry, header),
    });
  }
  return with_blocks(value, blocks);
}

const big_endian = () =>
  new TunelabError(
    "it was written on a big-endian machine; load it there and save it with safetensors",
    "TL_ERR_UNSUPPORTED",
  );

const NOTHING_KNOWN = {
  /** @param {string} module @param {string} name @returns {unknown} */
  find(module, name) {
    throw new TunelabError(
      `it is no weights file of torch.save: it begins with a call of ${module}.${name}`,
      "TL_ERR_UNSUPPORTED",
    );
  },
  /** @returns {unknown} */
  persistent() {
    throw new TunelabError("it is no weights file of torch.save", "TL_ERR_FORMAT");
  },
};

/** What stands before the storages: five pickles. @param {Uint8Array} bytes */
function read_legacy_head(bytes) {
  const magic = unpickle(bytes, 0, NOTHING_KNOWN);
  const version = unpickle(bytes, magic.end, NOTHING_KNOWN);
  if (magic.value !== LEGACY_MAGIC || version.value !== LEGACY_VERSION)
    throw new TunelabError("it is no weights file of torch.save", "TL_ERR_FORMAT");
  const system = unpickle(bytes, version.end, NOTHING_KNOWN);
  if (!(system.value instanceof Map) || system.value.get("little_endian") !== true)
    throw big_endian();
  const object = unpickle_tensors(bytes, system.end);
  const keys = unpickle(bytes, object.end, NOTHING_KNOWN);
  if (!Array.isArray(keys.value))
    throw new TunelabError("it does not list its storages", "TL_ERR_FORMAT");
  return { ...object, keys: /** @type {unknown[]} */ (keys.value), end: keys.end };
}

/** @param {OpenFile} file @returns {Promise<ReturnType<typeof read_legacy_head>>} */
async function legacy_head(file) {
  for (let size = FIRST_PICKLE_BYTES; ; size *= 2) {
    const bytes = await read_open(file, 0, Math.min(size, file.size));
    try {
      return read_legacy_head(bytes);
    } catch (error) {
      if (!(error instanceof EndOfBytes) || size >= file.size) throw error;
      if (size >= MOST_PICKLE_BYTES)
        throw new TunelabError(
          `its pickles take more than ${MOST_PICKLE_BYTES} bytes`,
          "TL_ERR_FORMAT",
        );
    }
  }
}

/** Before its numbers a storage has their count. */
const COUNT_BYTES = 8;

/** @param {OpenFile} file @returns {Promise<CheckpointTensor[]>} */
async function read_legacy_form(file) {
  const { value, storages, keys, end } = await legacy_head(file);
  /** @type {Map<string, StorageBlock>} */
  const blocks = new Map();
  let begin = end;
  for (const key of keys) {
    const bytes = typeof key === "string" ? storages.get(key) : undefined;
    if (bytes === undefined || blocks.has(/** @type {string} */ (key)))
      throw new TunelabError(
        `it lists the storage ${JSON.stringify(String(key))}, which no tensor has, or twice`,
        "TL_ERR_FORMAT",
      );
    blocks.set(
      /** @type {string} */ (key),
      legacy_block(/** @type {string} */ (key), begin, bytes),
    );
    begin += COUNT_BYTES + bytes;
  }
  if (begin > file.size)
    throw new TunelabError(
      `it is truncated: its storages end at byte ${begin} of ${file.size}`,
      "TL_ERR_FORMAT",
    );
  return with_blocks(value, blocks);
}

/** @param {string} key @param {number} begin @param {number} bytes @returns {StorageBlock} */
function legacy_block(key, begin, bytes) {
  return {
    begin,
    header: COUNT_BYTES,
    data_begin(header) {
      const count = new DataView(header.buffer, header.byteOffset).getBigInt64(0, true);
      const element = count > 0n ? BigInt(bytes) / count : 1n;
      if (count < 0n || count * element !== BigInt(bytes) || element > 8n)
        throw new TunelabError(
          `its storage ${key} is not where the file's head has it`,
          "TL_ERR_FORMAT",
        );
      return begin + COUNT_BYTES;
    },
  };
}

/** @param {unknown} value @param {Map<string, StorageBlock>} blocks @returns {CheckpointTensor[]} */
function with_blocks(value, blocks) {
  return [...state_dict_views(value)].map(([name, view]) => {
    const block = blocks.get(view.key);
    if (!block)
      throw new TunelabError(`it lacks the storage ${view.key} of ${name}`, "TL_ERR_FORMAT");
    return { ...view, name, block };
  });
}

/**
 * Reads the names, types, shapes and places of a state dict's tensors: from the zip form, or that of torch before 1.6. Only
 * OrderedDict, torch's storages and functions that make tensors of them may be named in it; all else is refused.
 * @param {OpenFile} file
 * @returns {Promise<CheckpointTensor[]>} in the file's order of names
 * @throws {TunelabError} for damage, foreign content, and whatever would run code
 */
export async function read_checkpoint(file) {
  const first = await read_open(file, 0, Math.min(4, file.size));
  const is_zip =
    first.length === 4 && new DataView(first.buffer).getUint32(0, true) === ZIP_SIGNATURE;
  return is_zip ? read_zip_form(file) : read_legacy_form(file);
}
