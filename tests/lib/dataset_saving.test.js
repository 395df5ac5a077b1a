// Datasets as files, and back again.
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, test } from "node:test";
import {
  ClassLabel,
  Dataset,
  DatasetDict,
  List,
  load_dataset,
  load_from_disk,
  Value,
} from "../../web/lib/index.js";
import { start_core, temporary_folder } from "./support.js";

before(() => start_core());

const FEATURES = {
  text: new Value("string"),
  label: new ClassLabel({ names: ["no", "yes"] }),
  n: new Value("int8"),
  big: new Value("int64"),
  x: new Value("float64"),
  ok: new Value("bool"),
  ids: new List(new Value("int32")),
  nested: { at: new Value("int64"), tags: new List(new Value("string")) },
};
const COLUMNS = {
  text: ['a "b", c', "two\nlines", null, "ünï 😀"],
  label: [1, 0, -1, null],
  n: [-128, 127, null, 0],
  big: [2 ** 40, -1, 0, null],
  x: [1, 0.5, null, 1e-7],
  ok: [true, false, null, true],
  ids: [[1, 2], [], null, [3]],
  nested: [{ at: 1, tags: ["p", null] }, null, { at: null, tags: [] }, { at: 2, tags: null }],
};
const everything = () => Dataset.from_dict(COLUMNS, FEATURES);

test("Parquet keeps every value and type, null and all", async (t) => {
  const path = join(await temporary_folder(t), "rows.parquet");
  const bytes = await everything().select([3, 1, 0, 2]).to_parquet(path, { batch_size: 3 });
  assert.equal(bytes, (await readFile(path)).length);
  const read = await Dataset.from_parquet(path);
  assert.deepEqual(read.to_list(), everything().select([3, 1, 0, 2]).to_list());
  assert.equal(String(read.features), String(everything().features));
});

test("JSON Lines keep every value; a list of rows does too", async (t) => {
  const folder = await temporary_folder(t);
  const path = join(folder, "rows.jsonl");
  await everything().to_json(path, { batch_size: 3 });
  const read = await Dataset.from_json(path, { features: FEATURES });
  assert.deepEqual(read.to_list(), everything().to_list());
  await everything().to_json(join(folder, "rows.json"), { lines: false, batch_size: 3 });
  const rows = JSON.parse(await readFile(join(folder, "rows.json"), "utf8"));
  assert.deepEqual(rows, everything().to_list());
});

test("CSV quotes what must be, shows floats as such, and leaves null empty", async (t) => {
  const path = join(await temporary_folder(t), "rows.csv");
  const flat = everything().select_columns(["text", "label", "x", "ok"]);
  await flat.to_csv(path);
  assert.equal(
    await readFile(path, "utf8"),
    'text,label,x,ok\n"a ""b"", c",1,1.0,True\n"two\nlines",0,0.5,False\n,-1,,\nünï 😀,,1e-7,True\n',
  );
  const { text, label, x, ok } = FEATURES;
  const read = await Dataset.from_csv(path, { features: { text, label, x, ok } });
  assert.deepEqual(read.to_list(), flat.to_list());
});

/** What a writer's bytes say. */
async function written(write) {
  const pieces = [];
  await write({ write: async (bytes) => pieces.push(bytes) });
  return String(Buffer.concat(pieces));
}

test("dates are in CSV as pandas writes them, and in JSON as milliseconds", async () => {
  const [day, second, fraction] = [
    "2020-01-02",
    "2020-01-02T03:04:05Z",
    "2020-01-02T03:04:05.678Z",
  ].map((text) => new Date(text));
  const times = Dataset.from_dict(
    {
      days: [day, null],
      seconds: [second, day],
      fractions: [fraction, second],
      zoned: [day, day],
      dates: [day, null],
    },
    {
      days: new Value("timestamp[ms]"),
      seconds: new Value("timestamp[s]"),
      fractions: new Value("timestamp[us]"),
      zoned: new Value("timestamp[ms, tz=UTC]"),
      dates: new Value("date32"),
    },
  );
  assert.equal(
    await written((target) => times.to_csv(target, { header: false })),
    "2020-01-02,2020-01-02 03:04:05,2020-01-02 03:04:05.678,2020-01-02 00:00:00+00:00,2020-01-02\n" +
      ",2020-01-02 00:00:00,2020-01-02 03:04:05.000,2020-01-02 00:00:00+00:00,\n",
  );
  assert.equal(
    await written((target) => times.select_columns(["days", "fractions"]).to_json(target)),
    '{"days":1577923200000,"fractions":1577934245678}\n{"days":null,"fractions":1577934245000}\n',
  );
});

test("numbers in JSON tell their types: whole floats and long integers are read as they were", async (t) => {
  const path = join(await temporary_folder(t), "rows.jsonl");
  const numbers = Dataset.from_dict(
    {
      x: [1, 1e20, 1e22],
      big: [2n ** 53n + 1n, -(2n ** 63n), 7],
      in: [{ x: [2] }, { x: [] }, null],
    },
    {
      x: new Value("float64"),
      big: new Value("int64"),
      in: { x: new List(new Value("float64")) },
    },
  );
  await numbers.to_json(path);
  assert.equal(
    (await readFile(path, "utf8")).split("\n")[0],
    '{"x":1.0,"big":9007199254740993,"in":{"x":[2.0]}}',
  );
  const read = await Dataset.from_json(path);
  assert.equal(String(read.features), String(numbers.features));
  assert.deepEqual(read.to_list(), numbers.to_list());
});

test("rows go to anything that takes bytes", async () => {
  const pieces = [];
  const sink = { write: async (bytes) => pieces.push(bytes) };
  const bytes = await Dataset.from_dict({ a: [1, 2] }).to_json(sink, { batch_size: 1 });
  assert.equal(String(Buffer.concat(pieces)), '{"a":1}\n{"a":2}\n');
  assert.equal(bytes, 16);
});

test("a file that cannot be written whole leaves the old one as it was", async (t) => {
  const path = join(await temporary_folder(t), "rows.jsonl");
  await writeFile(path, "old");
  const failing = Dataset.from_dict({ a: [1, 2, 3] }).with_format(null);
  failing.with_format = () => {
    throw new Error("the disk is full");
  };
  await assert.rejects(failing.to_json(path), /the disk is full.*untouched/);
  assert.equal(await readFile(path, "utf8"), "old");
});

test("save_to_disk and load_from_disk keep rows, types and the dataset's name for caches", async (t) => {
  const folder = await temporary_folder(t);
  const picked = everything().select([2, 0]);
  await picked.save_to_disk(join(folder, "one"));
  const one = await load_from_disk(join(folder, "one"));
  assert.deepEqual(one.to_dict(), picked.to_dict());
  assert.equal(String(one.features), String(picked.features));
  assert.equal(one._fingerprint, picked._fingerprint);
  const splits = new DatasetDict({ train: picked, test: everything() });
  await splits.save_to_disk(join(folder, "many"));
  const many = await load_from_disk(join(folder, "many"));
  assert.deepEqual(many.num_rows, { train: 2, test: 4 });
  assert.deepEqual(many.test.to_list(), everything().to_list());
  await assert.rejects(load_from_disk(folder), /holds no dataset that save_to_disk .* to_parquet/);
});

test("a DatasetDict saves each split to its file", async (t) => {
  const folder = await temporary_folder(t);
  const splits = new DatasetDict({ train: everything(), test: everything().take(1) });
  const paths = { train: join(folder, "train.parquet"), test: join(folder, "test.parquet") };
  await splits.to_parquet(paths);
  const read = await load_dataset("parquet", { data_files: paths });
  assert.deepEqual(read.num_rows, splits.num_rows);
  await assert.rejects(splits.to_csv({ train: paths.train }), /no path for the split test/);
});

test("rows come from a generator, and rows in disorder are written out in order", async () => {
  const made = await Dataset.from_generator(
    async function* ({ count }) {
      for (let i = 0; i < count; ++i) yield { i, text: `row ${i}` };
    },
    { gen_kwargs: { count: 3 } },
  );
  assert.deepEqual(made[2], { i: 2, text: "row 2" });
  const flat = await made.select([2, 0]).flatten_indices();
  assert.deepEqual(flat["i"].tolist(), [2, 0]);
  assert.equal(flat._indices, null);
});
