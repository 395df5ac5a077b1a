// Streamed datasets: Python's order of rows, and nothing read before it is asked for.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { before, test } from "node:test";
import {
  ClassLabel,
  concatenate_datasets,
  Dataset,
  interleave_datasets,
  IterableDataset,
  load_dataset,
  torch,
  Value,
} from "../../web/lib/index.js";
import { folder_with, hub_for } from "./hub_support.js";
import { golden, start_core, temporary_folder } from "./support.js";

before(() => start_core());

const goldens = await golden("iterable.json");

const numbered = (rows, start = 0) =>
  Dataset.from_dict({ i: Array.from({ length: rows }, (_, i) => i + start) });

/** @param {AsyncIterable<any>} stream */
async function rows_of(stream) {
  const rows = [];
  for await (const row of stream) rows.push(row);
  return rows;
}
const order = async (stream) => (await rows_of(stream)).map(({ i }) => i);

test("shards, shuffles, parts and epochs come in Python's order, as often as one likes", async () => {
  for (const { num_shards, calls, epoch, order: expected } of goldens.streams) {
    let stream = numbered(goldens.rows).to_iterable_dataset({ num_shards });
    for (const [name, { n, ...options }] of calls)
      stream = n === undefined ? stream[name](options) : stream[name](n);
    stream.set_epoch(epoch);
    for (let time = 0; time < 2; ++time)
      assert.deepEqual(await order(stream), expected, JSON.stringify([num_shards, calls, epoch]));
  }
});

test("joined streams are shuffled across", async () => {
  const stream = concatenate_datasets([
    numbered(10).to_iterable_dataset({ num_shards: 2 }),
    numbered(10, 10).to_iterable_dataset({ num_shards: 3 }),
  ]).shuffle({ seed: 5, buffer_size: 4 });
  assert.deepEqual(await order(stream), goldens.joined[0]);
  stream.set_epoch(1);
  assert.deepEqual(await order(stream), goldens.joined[1]);
});

test("streams and datasets do not mix, and streams are not interleaved", () => {
  const stream = numbered(2).to_iterable_dataset();
  assert.throws(
    () => concatenate_datasets([numbered(2), stream]),
    /datasets and streams \(IterableDataset\) cannot be one; .*to_iterable_dataset/,
  );
  assert.throws(
    () => interleave_datasets([stream, stream]),
    /interleave_datasets takes datasets, not streams/,
  );
});

test("a shuffle of what a function made is Python's too", async () => {
  const stream = numbered(goldens.rows)
    .to_iterable_dataset({ num_shards: 3 })
    .map(({ i }) => ({ i }));
  assert.deepEqual(await order(stream.shuffle({ seed: 9, buffer_size: 30 })), goldens.mapped);
});

test("files stream in Python's order", async (t) => {
  const folder = await temporary_folder(t);
  const paths = Array.from({ length: 5 }, (_, file) => join(folder, `${file}.parquet`));
  for (const [file, path] of paths.entries()) await numbered(9, 9 * file).to_parquet(path);
  const options = { data_files: paths, split: "train", streaming: true };
  const stream = await load_dataset("parquet", options);
  assert.deepEqual(await order(stream), goldens.files.plain);
  assert.deepEqual(
    await order(stream.shuffle({ seed: 3, buffer_size: 25 })),
    goldens.files.shuffled,
  );
  assert.equal(String(stream.features.i), "Value('int64')");
  assert.equal(String(stream), "IterableDataset({\n    features: ['i'],\n    num_shards: 5\n})");
});

test("a look at a Hub dataset's first rows fetches its first file alone, and keeps nothing", async (t) => {
  const folder = await temporary_folder(t);
  const paths = ["train-0", "train-1", "test-0"].map((name) => join(folder, `${name}.parquet`));
  for (const [file, path] of paths.entries()) await numbered(9, 9 * file).to_parquet(path);
  const [first, second, third] = await Promise.all(paths.map((path) => readFile(path)));
  const root = await folder_with(t, {
    "datasets/org/large/train-0.parquet": first,
    "datasets/org/large/train-1.parquet": second,
    "datasets/org/large/test-0.parquet": third,
  });
  const { options, asked } = await hub_for(t, { root });
  const train = await load_dataset("org/large", { ...options, split: "train", streaming: true });
  assert.deepEqual(await order(train.take(3)), [0, 1, 2]);
  const files = asked().filter((line) => line.includes("/resolve/"));
  assert.ok(files.length > 0 && files.every((line) => line.includes("train-0")), files.join("\n"));
  assert.deepEqual(await order(train.skip(9)), [9, 10, 11, 12, 13, 14, 15, 16, 17]);
  assert.ok(asked().some((line) => line.includes("train-0") && line.includes("bytes=")));
});

test("CSV and JSON stream with types, and labels by name become integers", async (t) => {
  const root = await folder_with(t, {
    "a.csv": "text,label,n\nx,no,1\ny,yes,\n",
    "b.jsonl": '{"text": "z", "n": 1.5}\n{"text": null, "n": 2}\n',
  });
  const features = { label: new ClassLabel({ names: ["no", "yes"] }) };
  const csv = await load_dataset(join(root, "a.csv"), {
    split: "train",
    streaming: true,
    features,
  });
  assert.deepEqual(await rows_of(csv), [
    { text: "x", label: 0, n: 1 },
    { text: "y", label: 1, n: null },
  ]);
  assert.deepEqual(csv.column_names.sort(), ["label", "n", "text"]);
  const json = await load_dataset(join(root, "b.jsonl"), { split: "train", streaming: true });
  assert.deepEqual(await rows_of(json), [
    { text: "z", n: 1.5 },
    { text: null, n: 2 },
  ]);
});

test("functions are applied as rows pass, by rows and by batches", async () => {
  const stream = numbered(7).to_iterable_dataset();
  const doubled = stream.map(async ({ i }, row) => ({ twice: 2 * i + row }), {
    with_indices: true,
  });
  assert.deepEqual((await rows_of(doubled))[2], { i: 2, twice: 6 });
  const sizes = [];
  const batched = stream.map(
    ({ i }, { plus }) => {
      sizes.push(i.length);
      return { j: i.flatMap((each) => [each, each + plus]) };
    },
    { batched: true, batch_size: 3, remove_columns: "i", fn_kwargs: { plus: 10 } },
  );
  const made = await rows_of(batched);
  assert.deepEqual(sizes, [3, 3, 1]);
  assert.deepEqual(
    made.slice(0, 3).map(({ j }) => j),
    [0, 10, 1],
  );
  assert.deepEqual(await order(stream.filter(({ i }) => i % 3 === 0)), [0, 3, 6]);
  const even = stream.filter(({ i }) => i.map((each) => each % 2 === 0), { batched: true });
  assert.deepEqual(await order(even), [0, 2, 4, 6]);
  assert.deepEqual(await rows_of(stream.batch(3, { drop_last_batch: true })), [
    { i: [0, 1, 2] },
    { i: [3, 4, 5] },
  ]);
  await assert.rejects(rows_of(stream.map(() => 3)), /must return an object of columns, not 3/);
});

test("columns are chosen, renamed, cast, and shown as tensors", async () => {
  const stream = Dataset.from_dict({ a: [1, 2], b: ["x", "y"] }).to_iterable_dataset();
  assert.deepEqual(await rows_of(stream.select_columns("a").take(1)), [{ a: 1 }]);
  assert.deepEqual(await rows_of(stream.remove_columns(["a"]).skip(1)), [{ b: "y" }]);
  const renamed = stream.rename_column("b", "text").cast_column("a", new Value("string"));
  assert.deepEqual(await rows_of(renamed.take(1)), [{ a: "1", text: "x" }]);
  assert.equal(String(renamed.features.a), "Value('string')");
  const [row] = await rows_of(stream.with_format("torch"));
  assert.ok(row.a instanceof torch.Tensor);
  assert.equal(row.b, "x");
  assert.equal((await rows_of(stream.repeat(3))).length, 6);
  assert.throws(() => stream.remove_columns("c"), /Column name c not in the dataset.*: a, b/);
  assert.throws(() => stream.shuffle({ buffer: 3 }), /shuffle has no option buffer; it has seed/);
});

test("a DataLoader makes batches of a stream", async () => {
  const { DataLoader } = torch.utils.data;
  const stream = numbered(7).to_iterable_dataset();
  const batches = [];
  for await (const { i } of new DataLoader(stream, { batch_size: 3 })) batches.push(i.tolist());
  assert.deepEqual(batches, [[0, 1, 2], [3, 4, 5], [6]]);
  const whole = new DataLoader(stream, { batch_size: 3, drop_last: true });
  assert.equal((await rows_of(whole)).length, 2);
  assert.deepEqual(
    (await rows_of(new DataLoader(numbered(2), { batch_size: 2 }))).map(({ i }) => i.tolist()),
    [[0, 1]],
    "rows that do not stream come the same way",
  );
  assert.throws(() => [...whole], /has no length, and comes with for await/);
  assert.throws(() => whole.length, /has no length/);
  assert.throws(
    () => new DataLoader(stream, { shuffle: true }),
    /expected no shuffle option .* got shuffle=true; shuffle the dataset itself/,
  );
});

test("a generator's rows stream, and splits have no slices", async (t) => {
  const made = IterableDataset.from_generator(
    function* ({ n }) {
      for (let i = 0; i < n; ++i) yield { i };
    },
    { gen_kwargs: { n: 3 } },
  );
  assert.deepEqual(await order(made), [0, 1, 2]);
  const root = await folder_with(t, { "a.csv": "i\n1\n" });
  await assert.rejects(
    load_dataset(join(root, "a.csv"), { split: "train[:1]", streaming: true }),
    /Bad split: train\[:1\]\. Available splits: train; .* take and skip/,
  );
});
