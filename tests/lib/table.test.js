// Tables on disk and in memory: what is written is read back, by rows and by runs, and a damaged
// file is told from a whole one.
import assert from "node:assert/strict";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { ClassLabel, List, Value } from "../../web/lib/index.js";
import { MemoryStorage } from "../../web/lib/datasets/storage/memory_storage.js";
import { NodeStorage } from "../../web/lib/datasets/storage/node_storage.js";
import { open_table } from "../../web/lib/datasets/table/table_file.js";
import { memory_table, TableWriter } from "../../web/lib/datasets/table/table_writer.js";
import { repository, run, temporary_folder } from "./support.js";

const ROWS = 10_000;
const row_numbers = Array.from({ length: ROWS }, (_, row) => row);

/** Columns of every kind, with rows that have no value, over several chunks. */
const COLUMNS = {
  text: row_numbers.map((row) => (row % 5 === 3 ? null : `row ${row}`)),
  script: row_numbers.map((row) => `naïve ${[..."日本語👩‍🚀"].slice(0, row % 7).join("")}`),
  small: row_numbers.map((row) => (row % 200) - 100),
  growing: row_numbers.map((row) => row ** 3),
  large: row_numbers.map((row) => (row === 7 ? 2n ** 60n + 1n : row)),
  share: row_numbers.map((row) => (row === 9 ? NaN : row / 7)),
  yes: row_numbers.map((row) => (row % 3 === 0 ? null : row % 2 === 0)),
  ids: row_numbers.map((row) => (row % 11 === 5 ? null : row_numbers.slice(0, row % 9))),
  nested: row_numbers.map((row) => [[row], [], ["a", "b"].slice(0, row % 3).map((_, i) => i)]),
  object: row_numbers.map((row) => (row % 4 ? { name: `n${row}`, at: [row, null] } : null)),
  bytes: row_numbers.map((row) => Uint8Array.of(row, row + 1)),
  day: row_numbers.map((row) => new Date(86_400_000 * row)),
  nothing: row_numbers.map(() => null),
};

async function written(storage, columns = COLUMNS, options = {}) {
  const writer = await TableWriter.create(storage, "some/where.table", options);
  const rows = Object.values(columns)[0].length;
  for (let begin = 0; begin < rows; begin += 1234) {
    const part = Object.entries(columns).map(([name, all]) => [
      name,
      all.slice(begin, begin + 1234),
    ]);
    writer.write(Object.fromEntries(part));
  }
  return writer.close({ made_by: "a test" });
}

const folder_storage = async (t) => new NodeStorage(await temporary_folder(t));

for (const [kind, make] of Object.entries({
  "in memory": async () => memory_table(COLUMNS),
  "in a memory storage": () => written(new MemoryStorage()),
  "in a folder": async (t) => written(await folder_storage(t)),
}))
  test(`${kind}: every type comes back, row by row in any order and in runs across chunks`, async (t) => {
    const table = await make(t);
    assert.equal(table.num_rows, ROWS);
    for (const [name, values] of Object.entries(COLUMNS)) {
      const column = table.column(name);
      for (const row of [9999, 5, 5, 6, 4096, 0, 4095, 7777, 9, 7])
        assert.deepEqual(column.at(row), values[row], `${name}, row ${row}`);
      assert.deepEqual(column.slice(4000, 9000), values.slice(4000, 9000), name);
      assert.deepEqual(column.slice(0, ROWS), values, name);
    }
  });

test("types are found, widened to floats where needed, and lists of a tokenizer narrow as in Python", () => {
  const table = memory_table({
    n: [1, null, 2],
    f: [1, 2, 0.5],
    input_ids: [[1], [2], []],
    scores: [new Float32Array([0.5]), null, new Float32Array(0)],
    day: [new Date(0), null, null],
    big: [1n, 2n, 3n],
  });
  const types = Object.entries(table.features).map(([name, feature]) => `${name}: ${feature}`);
  assert.deepEqual(types, [
    "n: Value('int64')",
    "f: Value('float64')",
    "input_ids: List(Value('int32'))",
    "scores: List(Value('float32'))",
    "day: Value('timestamp[ms]')",
    "big: Value('int64')",
  ]);
  assert.deepEqual(table.column("big").slice(0, 3), [1, 2, 3]);
});

test("declared types: labels by name, numbers as text, ranges; a value that does not fit names its row", () => {
  const label = new ClassLabel({ names: ["no", "yes"] });
  const table = memory_table(
    { label: ["yes", 0, null], code: [7, "x", true], half: ["0.5", 1, 2] },
    { label, code: new Value("string"), half: new Value("float32") },
  );
  assert.deepEqual(table.column("label").slice(0, 3), [1, 0, null]);
  assert.deepEqual(table.column("code").slice(0, 3), ["7", "x", "true"]);
  assert.deepEqual(table.column("half").slice(0, 3), [0.5, 1, 2]);
  assert.equal(table.features.label, label);
  const refused = (columns, features, message) =>
    assert.throws(() => memory_table(columns, features), { status: "TL_ERR_FORMAT", message });
  refused({ n: [1, 300] }, { n: new Value("int8") }, /column n holds numbers beyond int8/);
  refused({ n: [1, 0.5] }, { n: new Value("int64") }, /column n is declared .* row 1 holds 0.5/);
  refused({ l: ["maybe"] }, { l: label }, /column l, row 0: Invalid string class label maybe/);
  refused({ n: [[1], ["a"]] }, {}, /column n mixes int64 and string \(row 1: \["a"\]\)/);
  assert.throws(() => memory_table({ t: [] }, { t: new List(new Value("time32[s]")) }), {
    status: "TL_ERR_UNSUPPORTED",
    message: /column t is of type time32\[s\], which this library does not hold/,
  });
});

test("a column that begins later, or lacks in some rows, has no values there", async () => {
  const writer = await TableWriter.create(new MemoryStorage(), "t");
  writer.write({ a: row_numbers.slice(0, 5000) });
  writer.write({ b: ["x"] });
  const table = await writer.close();
  assert.deepEqual(table.column("b").slice(4998, 5001), [null, null, "x"]);
  assert.deepEqual([table.column("a").at(4999), table.column("a").at(5000)], [4999, null]);
});

test("features and metadata are kept; a reopened file is the same table", async (t) => {
  const storage = await folder_storage(t);
  const label = new ClassLabel({ names: ["no", "yes"] });
  const made = await written(storage, { label: [0, 1, 1] }, { features: { label } });
  const again = await open_table(storage, "some/where.table");
  for (const table of [made, again]) {
    assert.equal(String(table.features.label), "ClassLabel(names=['no', 'yes'])");
    assert.deepEqual(table.metadata, { made_by: "a test" });
    assert.deepEqual(table.column("label").slice(0, 3), [0, 1, 1]);
  }
});

test("a file appears when it is whole: nothing is there before, nor after giving up", async (t) => {
  const storage = await folder_storage(t);
  const writer = await TableWriter.create(storage, "a.table");
  writer.write({ n: row_numbers });
  assert.deepEqual(await storage.list(), []);
  await writer.abort();
  const [first, second] = [
    await TableWriter.create(storage, "a.table"),
    await TableWriter.create(storage, "a.table"),
  ];
  first.write({ n: [1] });
  second.write({ n: [2] });
  await first.close();
  assert.equal((await second.close()).column("n").at(0), 2);
  assert.deepEqual(await storage.list(), ["a.table"]);
});

for (const [what, damage, message] of [
  [
    "cut off",
    (bytes) => bytes.subarray(0, bytes.length - 100),
    /where\.table was cut off; remove it/,
  ],
  ["cut to a few bytes", (bytes) => bytes.subarray(0, 10), /is too short for a table/],
  [
    "something else",
    () => Buffer.from("not a table at all, but long enough"),
    /is no table of this version/,
  ],
  [
    "with another index",
    (bytes) => bytes.fill(48, bytes.length - 90, bytes.length - 80),
    /its index changed/,
  ],
])
  test(`a table file that is ${what} is refused when it is opened`, async (t) => {
    const storage = await folder_storage(t);
    await written(storage);
    const path = join(storage.location, "some/where.table");
    await writeFile(path, damage(await readFile(path)));
    await assert.rejects(open_table(storage, "some/where.table"), {
      status: "TL_ERR_FORMAT",
      message,
    });
  });

test("a chunk with a changed byte is refused when it is read", async (t) => {
  const storage = await folder_storage(t);
  await written(storage, { n: row_numbers });
  const path = join(storage.location, "some/where.table");
  const bytes = await readFile(path);
  bytes[100] ^= 1;
  await writeFile(path, bytes);
  const column = (await open_table(storage, "some/where.table")).column("n");
  assert.throws(() => column.slice(0, 10), { status: "TL_ERR_FORMAT", message: /a chunk changed/ });
  assert.deepEqual(column.slice(5000, 5003), [5000, 5001, 5002], "other chunks are whole");
});

test("a process that is killed while it writes leaves no table, and its rest is cleared by the next", async (t) => {
  const storage = await folder_storage(t);
  const from = (path) => JSON.stringify(repository(`web/lib/datasets/${path}`));
  const program = `
    import { NodeStorage } from ${from("storage/node_storage.js")};
    import { TableWriter } from ${from("table/table_writer.js")};
    const storage = new NodeStorage(${JSON.stringify(storage.location)});
    const writer = await TableWriter.create(storage, "a.table");
    writer.write({ n: Array.from({ length: 500_000 }, (_, row) => row) });
    process.kill(process.pid, "SIGKILL");`;
  await run(process.execPath, ["--input-type=module", "--eval", program]);
  assert.deepEqual(await storage.list(), []);
  assert.equal((await readdir(storage.location)).length, 1, "what was half written");
  const writer = await TableWriter.create(storage, "a.table");
  writer.write({ n: [1] });
  assert.equal((await writer.close()).column("n").at(0), 1);
  assert.deepEqual(await readdir(storage.location), ["a.table"]);
});
