// Dataset's methods as the datasets library defines them.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { ClassLabel, Dataset, torch } from "../../web/lib/index.js";
import { start_core } from "./support.js";

before(() => start_core());

const colours = () => Dataset.from_dict({ name: ["red", "green", "blue"], value: [1, 2, 3] });

test("rows by number, columns by name, slices, iteration, negative rows", () => {
  const dataset = colours();
  assert.deepEqual(dataset[1], { name: "green", value: 2 });
  assert.deepEqual([...dataset["value"]], [1, 2, 3]);
  assert.deepEqual(dataset.slice(1), { name: ["green", "blue"], value: [2, 3] });
  assert.deepEqual(dataset.at(-1), { name: "blue", value: 3 });
  assert.equal([...dataset].length, 3);
  assert.equal(dataset.length, 3);
  assert.throws(() => dataset.at(3), /3 is out of bounds for size 3/);
  assert.throws(() => dataset.column("hue"), /there is no column hue; the columns are name, value/);
});

test("map by rows adds and replaces columns; by batches it is given at most batch_size rows", async () => {
  const doubled = await colours().map((row) => ({ value: row.value * 2, length: row.name.length }));
  assert.deepEqual(doubled[2], { name: "blue", value: 6, length: 4 });
  const sizes = [];
  await colours().map(
    (batch, rows) => {
      sizes.push([batch.name.length, rows]);
      return {};
    },
    { batched: true, batch_size: 2, with_indices: true },
  );
  assert.deepEqual(sizes, [
    [2, [0, 1]],
    [1, [2]],
  ]);
});

test("map by batches may change the number of rows if the old columns go", async () => {
  const split = (batch) => ({ letter: batch.name.flatMap((name) => [...name]) });
  const letters = await colours().map(split, { batched: true, remove_columns: ["name", "value"] });
  assert.equal(letters.num_rows, 12);
  await assert.rejects(colours().map(split, { batched: true }), /another number of rows/);
});

test("map refuses what is no object", async () => {
  await assert.rejects(
    colours().map(() => 7),
    /must return an object of columns, not 7/,
  );
});

test("a label stays a ClassLabel through map, select, filter, rename", async () => {
  const dataset = Dataset.from_dict(
    { text: ["a", "b"], label: [1, 0] },
    { label: new ClassLabel({ names: ["no", "yes"] }) },
  );
  const mapped = await dataset.map((row) => ({
    text: row.text.toUpperCase(),
    label: row.label,
  }));
  const kept = await mapped.select([1, 0]).filter((row) => row.text !== "C");
  const made = kept.rename_column("label", "labels");
  assert.deepEqual(
    [...made],
    [
      { text: "B", labels: 0 },
      { text: "A", labels: 1 },
    ],
  );
  assert.equal(String(made.features.labels), "ClassLabel(names=['no', 'yes'])");
});

test("class_encode_column sorts the names; cast_column turns names into given integers", () => {
  const animals = Dataset.from_dict({ kind: ["dog", "cat", "dog"] });
  const encoded = animals.class_encode_column("kind");
  assert.deepEqual([...encoded["kind"]], [1, 0, 1]);
  const cast = animals.cast_column("kind", new ClassLabel({ names: ["dog", "cat"] }));
  assert.deepEqual([...cast["kind"]], [0, 1, 0]);
  assert.throws(
    () => animals.cast_column("kind", new ClassLabel({ names: ["dog"] })),
    /Invalid string class label cat; the classes are dog/,
  );
});

test("set_format('torch') gives tensors of numbers and leaves text", () => {
  const dataset = Dataset.from_dict({ ids: [[1, 2], [3]], label: [0, 1], text: ["a", "b"] });
  dataset.set_format("torch");
  const row = dataset[0];
  assert.ok(row.ids instanceof torch.Tensor);
  assert.deepEqual(row.ids.tolist(), [1, 2]);
  assert.equal(row.label.item(), 0);
  assert.equal(row.text, "a");
  assert.throws(() => dataset.set_format("jax"), /there is no format jax/);
});

test("shuffle and train_test_split keep every row once, and follow the seed", () => {
  const dataset = Dataset.from_dict({ n: Array.from({ length: 50 }, (_, i) => i) });
  const shuffled = dataset.shuffle({ seed: 1 });
  assert.notDeepEqual([...shuffled["n"]], [...dataset["n"]]);
  assert.deepEqual(
    [...shuffled["n"]].sort((a, b) => a - b),
    [...dataset["n"]],
  );
  assert.deepEqual([...dataset.shuffle({ seed: 1 })["n"]], [...shuffled["n"]]);
  const { train, test: held_out } = dataset.train_test_split({ test_size: 0.2 });
  assert.deepEqual([train.num_rows, held_out.num_rows], [40, 10]);
  assert.deepEqual(
    [...train["n"], ...held_out["n"]].sort((a, b) => a - b),
    [...dataset["n"]],
  );
});

test("columns of different lengths, of mixed types, and doubled names are refused", () => {
  assert.throws(
    () => Dataset.from_dict({ a: [1], b: [1, 2] }),
    /column b has 2 rows where a has 1/,
  );
  assert.throws(() => Dataset.from_dict({ a: [1, "x"] }), /column a mixes int64 and string/);
  assert.throws(() => colours().add_column("name", [1, 2, 3]), /duplicated column.* name are dupl/);
  assert.throws(() => colours().rename_column("value", "name"), /name already in the dataset/);
});
