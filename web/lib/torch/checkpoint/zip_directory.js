// The directory of a zip file as torch.save writes them: stored entries, zip64 where needed. Nothing is unpacked.
//
// Definition: PKWARE's APPNOTE, 4.3 and 4.5.3.
import { TunelabError } from "../../core/errors.js";
import { read_open } from "../../hub/file_source.js";

/** @typedef {import("../../hub/file_source.js").OpenFile} OpenFile */

/**
 * `begin` … `limit`: the bytes of the file that belong to the entry; its data, of `size` bytes, lie behind a header of
 * their own there.
 * @typedef {{name: string, begin: number, limit: number, size: number}} ZipEntry
 */

const END = 0x06054b50;
const END_BYTES = 22;
const LOCATOR_64 = 0x07064b50;
const LOCATOR_64_BYTES = 20;
const END_64 = 0x06064b50;
const END_64_BYTES = 56;
const CENTRAL = 0x02014b50;
const CENTRAL_BYTES = 46;
const LOCAL = 0x04034b50;
export const LOCAL_BYTES = 30;
const LONGEST_COMMENT = 0xffff;
/** A directory of more is no checkpoint's. */
const MOST_DIRECTORY_BYTES = 1 << 24;

/** @param {string} what */
const malformed = (what) => new TunelabError(`its zip directory ${what}`, "TL_ERR_FORMAT");

/** @param {Uint8Array} bytes */
const view_of = (bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** @param {DataView} view @param {number} at */
function u64(view, at) {
  const value = Number(view.getBigUint64(at, true));
  if (!Number.isSafeInteger(value)) throw malformed("tells a size beyond all files");
  return value;
}

/**
 * Where the directory lies.
 * @param {OpenFile} file
 * @returns {Promise<{begin: number, size: number}>}
 */
async function find_directory(file) {
  const from = Math.max(0, file.size - END_BYTES - LONGEST_COMMENT);
  const view = view_of(await read_open(file, from, file.size));
  let end = view.byteLength - END_BYTES;
  while (end >= 0 && view.getUint32(end, true) !== END) end--;
  if (end < 0) throw malformed("is missing: the file is truncated");
  const locator = end - LOCATOR_64_BYTES;
  if (locator < 0 || view.getUint32(locator, true) !== LOCATOR_64)
    return { begin: view.getUint32(end + 16, true), size: view.getUint32(end + 12, true) };
  const at = u64(view, locator + 8);
  if (at + END_64_BYTES > file.size) throw malformed("lies behind the file's end");
  const end64 = view_of(await read_open(file, at, at + END_64_BYTES));
  if (end64.getUint32(0, true) !== END_64) throw malformed("has no zip64 record where it says so");
  return { begin: u64(end64, 48), size: u64(end64, 40) };
}

/**
 * The 64-bit numbers that stand for those of all ones.
 * @param {DataView} view @param {number} begin @param {number} end of the entry's extra fields
 */
function* wide_numbers(view, begin, end) {
  for (let at = begin; at + 4 <= end;) {
    const next = at + 4 + view.getUint16(at + 2, true);
    if (view.getUint16(at, true) === 1)
      for (let number = at + 4; number + 8 <= Math.min(next, end); number += 8)
        yield u64(view, number);
    at = next;
  }
}

/** @param {string} name */
function check_name(name) {
  if (name.startsWith("/") || /[\\\0:]/.test(name) || name.split("/").includes(".."))
    throw malformed(`names ${JSON.stringify(name)}, which is no path in it`);
}

/**
 * One entry of the directory.
 * @param {DataView} view
 * @param {number} at
 * @returns {{entry: ZipEntry, next: number}} the limit is not known yet
 */
function read_entry(view, at) {
  if (at + CENTRAL_BYTES > view.byteLength || view.getUint32(at, true) !== CENTRAL)
    throw malformed("ends early or is damaged");
  const [name_bytes, extra_bytes, comment_bytes] = [28, 30, 32].map((of) =>
    view.getUint16(at + of, true),
  );
  const extra = at + CENTRAL_BYTES + name_bytes;
  const next = extra + extra_bytes + comment_bytes;
  if (next > view.byteLength) throw malformed("ends early");
  const name = new TextDecoder().decode(
    new Uint8Array(view.buffer, view.byteOffset + at + CENTRAL_BYTES, name_bytes),
  );
  check_name(name);
  if (view.getUint16(at + 8, true) & 1) throw malformed(`has ${name} encrypted`);
  if (view.getUint16(at + 10, true) !== 0)
    throw malformed(
      `has ${name} compressed; torch.save stores plain bytes, and nothing else is read`,
    );
  const wide = wide_numbers(view, extra, extra + extra_bytes);
  const [size, packed, begin] = [24, 20, 42].map((of) => {
    const narrow = view.getUint32(at + of, true);
    if (narrow !== 0xffffffff) return narrow;
    const number = wide.next().value;
    if (number === undefined) throw malformed(`lacks the zip64 numbers of ${name}`);
    return number;
  });
  if (size !== packed) throw malformed(`tells two sizes of ${name}`);
  return { entry: { name, begin, limit: 0, size }, next };
}

/**
 * @param {OpenFile} file
 * @returns {Promise<Map<string, ZipEntry>>} by name
 * @throws {TunelabError} for compressed, encrypted or overlapping entries, names that leave the file, and damage
 */
export async function read_zip_directory(file) {
  const { begin, size } = await find_directory(file);
  if (size > MOST_DIRECTORY_BYTES) throw malformed(`would have ${size} bytes`);
  if (begin + size > file.size) throw malformed("lies behind the file's end");
  const view = view_of(await read_open(file, begin, begin + size));
  /** @type {Map<string, ZipEntry>} */
  const entries = new Map();
  for (let at = 0; at < size;) {
    const { entry, next } = read_entry(view, at);
    if (entries.has(entry.name)) throw malformed(`has ${entry.name} twice`);
    entries.set(entry.name, entry);
    at = next;
  }
  let limit = begin;
  for (const entry of [...entries.values()].sort((a, b) => b.begin - a.begin)) {
    if (entry.begin + LOCAL_BYTES + entry.size > limit)
      throw malformed(`has ${entry.name} overlap what follows it`);
    entry.limit = limit;
    limit = entry.begin;
  }
  return entries;
}

/**
 * Where an entry's data begin.
 * @param {ZipEntry} entry
 * @param {Uint8Array} header the LOCAL_BYTES bytes at its begin
 */
export function zip_data_begin(entry, header) {
  const view = view_of(header);
  const begin = entry.begin + LOCAL_BYTES + view.getUint16(26, true) + view.getUint16(28, true);
  if (view.getUint32(0, true) !== LOCAL || begin + entry.size > entry.limit)
    throw new TunelabError(
      `its zip entry ${entry.name} is not where the directory has it`,
      "TL_ERR_FORMAT",
    );
  return begin;
}
