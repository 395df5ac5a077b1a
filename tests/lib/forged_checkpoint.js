// Files like torch.save's made by hand: pickles put together of instructions, and zip files whose directory may lie.

/** @param {number} value */
const u16 = (value) => Buffer.from([value & 255, value >> 8]);

/** @param {number} value */
function u32(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/** Instructions of pickle, by what they do. */
export const pickle = {
  /** @param {string} text */
  text: (text) =>
    Buffer.concat([Buffer.from("X"), u32(Buffer.byteLength(text)), Buffer.from(text)]),
  /** @param {number} value */
  int: (value) => Buffer.concat([Buffer.from("J"), u32(value)]),
  /** @param {string} module @param {string} name */
  global: (module, name) => Buffer.from(`c${module}\n${name}\n`),
  /** @param {...Uint8Array} items */
  tuple: (...items) => Buffer.concat([Buffer.from("("), ...items, Buffer.from("t")]),
  /** @param {Uint8Array} callable @param {...Uint8Array} args */
  call: (callable, ...args) => Buffer.concat([callable, pickle.tuple(...args), Buffer.from("R")]),
  /** @param {...Uint8Array} pairs */
  dict: (...pairs) => Buffer.concat([Buffer.from("}("), ...pairs, Buffer.from("u")]),
  /** @param {string} key @param {number} count @param {string} [kind] */
  storage: (key, count, kind = "FloatStorage") =>
    Buffer.concat([
      pickle.tuple(
        ...[pickle.text("storage"), pickle.global("torch", kind), pickle.text(key)],
        ...[pickle.text("cpu"), pickle.int(count)],
      ),
      Buffer.from("Q"),
    ]),
  /**
   * @param {Uint8Array} storage @param {number} offset @param {readonly number[]} size
   * @param {readonly number[]} strides
   */
  tensor: (storage, offset, size, strides) =>
    pickle.call(
      pickle.global("torch._utils", "_rebuild_tensor_v2"),
      ...[storage, pickle.int(offset), pickle.tuple(...size.map(pickle.int))],
      ...[pickle.tuple(...strides.map(pickle.int)), Buffer.from([0x89]), Buffer.from("}")],
    ),
  /** A whole one: protocol 2, the value, the end. @param {...Uint8Array} parts */
  whole: (...parts) => Buffer.concat([Buffer.from([0x80, 2]), ...parts, Buffer.from(".")]),
};

/**
 * @typedef {object} ForgedEntry
 * @property {string} name
 * @property {Uint8Array} [data]
 * @property {number} [begin] where the directory has it; where it is by default
 * @property {number} [size] as the directory tells it
 * @property {number} [method] 8: deflated
 * @property {number} [flags]
 */

/** A zip file of stored entries. @param {readonly ForgedEntry[]} entries */
export function forged_zip(entries) {
  const parts = [];
  const directory = [];
  let at = 0;
  for (const entry of entries) {
    const { name, data = Buffer.alloc(0), begin = at, size = data.length } = entry;
    const { method = 0, flags = 0 } = entry;
    const head = [u16(20), u16(flags), u16(method), u32(0), u32(0), u32(size), u32(size)];
    const lengths = [u16(Buffer.byteLength(name)), u16(0)];
    const local = [Buffer.from("PK\x03\x04"), ...head, ...lengths, Buffer.from(name), data];
    parts.push(...local);
    const rest = [u16(0), u16(0), u16(0), u32(0), u32(begin), Buffer.from(name)];
    directory.push(Buffer.from("PK\x01\x02"), u16(20), ...head, ...lengths, ...rest);
    at += Buffer.concat(local).length;
  }
  const central = Buffer.concat(directory);
  const count = u16(entries.length);
  const sizes = [u32(central.length), u32(at), u16(0)];
  const end = [Buffer.from("PK\x05\x06"), u16(0), u16(0), count, count, ...sizes];
  return Buffer.concat([...parts, central, ...end]);
}

/** torch.save's zip form of a pickle and storages. @param {Uint8Array} data_pkl @param {Record<string, Uint8Array>} [storages] */
export const forged_checkpoint = (data_pkl, storages = {}) =>
  forged_zip([
    { name: "archive/data.pkl", data: data_pkl },
    { name: "archive/byteorder", data: Buffer.from("little") },
    ...Object.entries(storages).map(([key, data]) => ({ name: `archive/data/${key}`, data })),
  ]);

/** An open file of bytes in memory. @param {Uint8Array} bytes */
export const file_of = (bytes) => ({
  size: bytes.length,
  /** @param {number} begin @param {number} end */
  async *stream(begin, end) {
    yield bytes.subarray(begin, end);
  },
  close: async () => {},
});
