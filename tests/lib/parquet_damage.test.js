// Parquet files that are damaged, or made to take all memory or time: refused in one line, soon.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { parquetWriteBuffer } from "hyparquet-writer";
import { check_header, check_page } from "../../web/lib/datasets/readers/parquet_checks.js";
import { open_parquet } from "../../web/lib/datasets/readers/parquet_reader.js";
import { check_runs, reader_of } from "../../web/lib/datasets/readers/parquet_runs.js";
import { TunelabError } from "../../web/lib/index.js";
import { repository } from "./support.js";

const FOLDER = repository("tests/reference/goldens/parquet");

/** An open file of these bytes. */
const file_of = (bytes) => ({
  size: bytes.length,
  read_into: (target, begin) => target.set(bytes.subarray(begin, begin + target.length)),
  async *stream(begin, end) {
    yield bytes.subarray(begin, end);
  },
  close: async () => {},
});

/** Reads all of a file; texts as they lie in it where `raw`. @returns {Promise<number>} its rows */
async function read_all(bytes, raw = false) {
  const opened = await open_parquet(file_of(bytes), {}, "file.parquet");
  const names = Object.keys(opened.features);
  let rows = 0;
  for await (const batch of opened.batches(raw ? names : [])) rows += batch[names[0]].length;
  return rows;
}

/** Numbers below a bound that look random, the same each time. */
function numbers(seed) {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

/** The file with some bytes changed: some of its footer, or some of its pages. */
function spoilt(whole, seed) {
  const next = numbers(seed);
  const bytes = Buffer.from(whole);
  const footer = bytes.length - 8 - bytes.readUInt32LE(bytes.length - 8);
  const [begin, end] = next(4) === 0 ? [footer, bytes.length - 8] : [4, footer];
  for (let left = 1 + next(3); left > 0; --left) {
    const at = begin + next(end - begin);
    if (next(2) === 0) bytes[at] = next(256);
    else bytes.set([0xfe, 0xff, 0xff, 0xff, 0x0f].slice(0, bytes.length - at), at); // a great number
  }
  return bytes;
}

for (const name of ["delta_encodings", "zstd_second_version", "snappy_one_page", "lz4_brotli"])
  test(`${name}: whatever bytes are changed, there are rows or one clear line`, async () => {
    const whole = await readFile(`${FOLDER}/${name}.parquet`);
    let refused = 0;
    for (let seed = 1; seed <= 60; ++seed)
      try {
        await read_all(spoilt(whole, seed), seed % 2 === 0);
      } catch (error) {
        assert.ok(error instanceof TunelabError, `seed ${seed}: ${error.stack}`);
        assert.match(error.message, /^file\.parquet[^\n]*$/, `seed ${seed}`);
        ++refused;
      }
    assert.ok(refused > 10, `the changes do harm: ${refused} were refused`);
  });

test("a file cut at any place is refused", async () => {
  const whole = await readFile(`${FOLDER}/snappy_one_page.parquet`);
  for (let length = 0; length < whole.length; length += 499)
    await assert.rejects(read_all(whole.subarray(0, length)), {
      status: "TL_ERR_FORMAT",
      message: /^file\.parquet is not a Parquet file that can be read: .*(cut off\?|bytes only)$/,
    });
});

test("runs longer than their page are refused before they are written out", () => {
  const runs = (...bytes) => check_runs(reader_of(new Uint8Array(bytes)), 1, 100, 1);
  assert.equal(runs(0xc8, 0x01, 1), 100, "a run of 100 ones");
  assert.equal(runs(0x64, 1, 0x0f, 0xff, 0, 0xff, 0, 0xff, 0, 0x0f), 50 + 24 + 2);
  assert.throws(() => runs(0xfe, 0xff, 0xff, 0xff, 0x0f, 1), /more values than it tells/);
  assert.throws(() => runs(0xff, 0xff, 0xff, 0xff, 0x0f, 1), /more values than it tells/);
  assert.throws(() => runs(0x64, 1), /it ends early/);
  assert.throws(() => runs(...Array(11).fill(0xff)), /a number is too long/);
});

/** Delta-encoded integers, each `step` more than the one before: five bytes for 128 of them. */
function deltas(first, step, count) {
  const varint = (value) => (value < 128 ? [value] : [(value & 127) | 128, ...varint(value >> 7)]);
  const blocks = Array.from({ length: Math.ceil((count - 1) / 128) }, () => [2 * step, 0, 0, 0, 0]);
  return [...varint(128), 4, ...varint(count), 2 * first, ...blocks.flat()];
}

const REQUIRED_TEXT = [
  { children: [], element: { name: "root" } },
  { children: [], element: { name: "text", type: "BYTE_ARRAY", repetition_type: "REQUIRED" } },
];

test("texts that share their beginnings are refused where they are too long together", () => {
  const page = (count) => {
    const bytes = [...deltas(0, 1, count), ...deltas(1, 0, count)];
    const header = { data_page_header: { num_values: count, encoding: "DELTA_BYTE_ARRAY" } };
    const [none, packed] = [
      new Uint8Array(0),
      new Uint8Array([...bytes, ...Array(count).fill(97)]),
    ];
    check_page(header, none, packed, REQUIRED_TEXT);
  };
  page(1000); // of 1 to 1000 characters each
  assert.throws(() => page(40_000), {
    status: "TL_ERR_UNSUPPORTED",
    message: /a page of 800020000 bytes of text, beyond the 512 MB that are read/,
  });
});

test("a page header's sizes are those of a page", () => {
  const check = (facts, sizes = {}) =>
    check_header({
      compressed_page_size: 9,
      uncompressed_page_size: 9,
      data_page_header_v2: {
        num_values: 8,
        num_nulls: 0,
        repetition_levels_byte_length: 0,
        definition_levels_byte_length: 0,
        ...facts,
      },
      ...sizes,
    });
  check({});
  assert.throws(() => check({}, { compressed_page_size: -1 }), /without a size/);
  assert.throws(() => check({}, { uncompressed_page_size: 2 ** 31 - 1 }), /beyond the 512 MB/);
  assert.throws(() => check({}, { compressed_page_size: 2 ** 31 - 1 }), /beyond the 512 MB/);
  assert.throws(() => check({ num_values: 2 ** 31 - 1 }), /beyond the 16777216 that are read/);
  assert.throws(() => check({ num_values: -1 }), /a page of -1 values/);
  assert.throws(() => check({ num_nulls: 9 }), /a page of 8 values, 9 of them null/);
  assert.throws(() => check({ definition_levels_byte_length: 10 }), /levels lead out of it/);
});

/** A zstd frame of 1.3 GB of zeros in 40 KB. */
function zstd_bomb() {
  const block = [...[0, 1, 2].map((i) => (((128 << 10) << 3) | 2) >> (8 * i)), 0];
  const frame = [0x28, 0xb5, 0x2f, 0xfd, 0, 0x58, ...Array(10_000).fill(block).flat()];
  return new Uint8Array([...frame, 1, 0, 0]);
}

test("a page unpacks into what it tells of, and not into more", async () => {
  const columnData = [{ name: "n", data: [1, 2, 3], type: "INT32" }];
  const bomb = { ZSTD: zstd_bomb };
  const bytes = new Uint8Array(
    parquetWriteBuffer({ columnData, codec: "ZSTD", compressors: bomb }),
  );
  assert.ok(bytes.length > 40_000, "the bomb is in the file");
  const before = process.memoryUsage().arrayBuffers;
  await assert.rejects(read_all(bytes), { status: "TL_ERR_FORMAT", message: /column n, is not/ });
  assert.ok(process.memoryUsage().arrayBuffers - before < 64 << 20);
});

test("names that stand for two columns, and files without any, are refused", async () => {
  const column = (name) => ({ name, data: [1, 2], type: "INT32" });
  const twice = parquetWriteBuffer({ columnData: [column("a"), column("b"), column("a")] });
  await assert.rejects(read_all(new Uint8Array(twice)), {
    status: "TL_ERR_UNSUPPORTED",
    message: "file.parquet: two of its columns are named a; give each another name",
  });
  const none = parquetWriteBuffer({ columnData: [] });
  await assert.rejects(read_all(new Uint8Array(none)), /it has no columns/);
});

test("an encrypted file says that it is", async () => {
  const bytes = Buffer.from(await readFile(`${FOLDER}/snappy_one_page.parquet`));
  bytes.write("PARE", bytes.length - 4);
  await assert.rejects(read_all(bytes), {
    status: "TL_ERR_UNSUPPORTED",
    message: "file.parquet: it is encrypted, which is not read; write it without",
  });
});
