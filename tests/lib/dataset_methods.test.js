// Dataset's methods as the datasets library defines them.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { ClassLabel, Dataset, DatasetDict, numpy, torch, Value } from "../../web/lib/index.js";
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

test("a format holds for chosen columns, and goes with them through changes", () => {
  const dataset = Dataset.from_dict({
    ids: [
      [1, 2],
      [3, 4],
    ],
    label: [0, 1],
    text: ["a", "b"],
  });
  const shown = dataset.with_format("torch", { columns: ["ids", "label"] });
  assert.deepEqual(Object.keys(shown[0]), ["ids", "label"]);
  assert.deepEqual(shown.slice(0, 2).ids.shape, [2, 2], "rows of one shape are one tensor");
  assert.equal(shown["text"][0], "a");
  const all = dataset.with_format({ type: "torch", columns: ["ids"], output_all_columns: true });
  assert.deepEqual(Object.keys(all[0]), ["ids", "label", "text"]);
  assert.equal(all[0].label, 0);
  const renamed = shown.rename_column("label", "labels").remove_columns("ids").select([1]);
  assert.deepEqual(renamed.format, {
    type: "torch",
    columns: ["labels"],
    output_all_columns: false,
  });
  assert.equal(renamed[0].labels.item(), 1);
  renamed.reset_format();
  assert.deepEqual(renamed[0], { labels: 1, text: "b" });
  assert.ok(dataset.with_format("numpy")[1].ids instanceof Int32Array);
  assert.throws(() => dataset.set_format("torch", { columns: ["hue"] }), /Columns hue not in the/);
});

test("a transform makes rows as they are read", () => {
  const loud = colours().with_transform(({ name }) => ({
    name: name.map((each) => each.toUpperCase()),
  }));
  assert.deepEqual(loud[1], { name: "GREEN" });
  assert.deepEqual(loud.slice(0, 2), { name: ["RED", "GREEN"] });
  assert.deepEqual(colours()[1], { name: "green", value: 2 });
});

test("rows are taken, skipped, repeated, picked by a list; batches are iterated", () => {
  const names = (dataset) => dataset["name"].tolist();
  assert.deepEqual(names(colours().take(2)), ["red", "green"]);
  assert.deepEqual(names(colours().take(9)), ["red", "green", "blue"]);
  assert.deepEqual(names(colours().skip(2)), ["blue"]);
  assert.deepEqual(names(colours().skip(9)), []);
  assert.deepEqual(names(colours().skip(1).repeat(2)), ["green", "blue", "green", "blue"]);
  assert.deepEqual(names(colours().select([2, 0]).select([1])), ["red"]);
  assert.deepEqual(colours().at([2, -3]), { name: ["blue", "red"], value: [3, 1] });
  const batches = [...colours().iter(2)].map(({ value }) => value);
  assert.deepEqual(batches, [[1, 2], [3]]);
  assert.equal([...colours().iter({ batch_size: 2, drop_last_batch: true })].length, 1);
  assert.throws(() => colours().select([3]), /Index 3 out of range for dataset of size 3/);
  assert.throws(() => colours().select([-1]), /Index -1 out of range/);
});

test("columns are chosen, renamed and flattened; rows and columns added", () => {
  const dataset = colours();
  assert.deepEqual(dataset.select_columns("value")[0], { value: 1 });
  assert.deepEqual(dataset.rename_columns({ name: "value", value: "name" })[0], {
    value: "red",
    name: 1,
  });
  assert.deepEqual(dataset.add_item({ name: "pink" }).at(-1), { name: "pink", value: null });
  assert.deepEqual(dataset.add_column("odd", [true, false, true])[2].odd, true);
  const nested = Dataset.from_dict({ s: [{ x: 1, y: { z: "q" } }, null] }).flatten();
  assert.deepEqual(nested.slice(), { "s.x": [1, null], "s.y.z": ["q", null] });
  assert.deepEqual(dataset.remove_columns(["name", "value"]).shape, [3, 0]);
  assert.throws(() => dataset.remove_columns("hue"), /Column name hue not in .*: name, value/);
  assert.throws(() => dataset.select_columns(["hue"]), /Column name hue not in the dataset/);
  assert.throws(() => dataset.add_item({ value: "x" }), /"x" is no number/);
  assert.throws(() => dataset.add_item({ hue: 1 }), /hue not in the dataset/);
  assert.throws(() => dataset.add_column("odd", [true]), /has 1 values for 3 rows/);
  assert.throws(() => dataset.sort("hue"), /there is no column hue/);
});

test("equal work has equal fingerprints, other work others", () => {
  const dataset = colours();
  const ways = [
    (data) => data.shuffle({ seed: 1 }),
    (data) => data.shuffle({ seed: 2 }),
    (data) => data.select([1, 0]),
    (data) => data.take(2),
    (data) => data.sort("name"),
    (data) => data.sort("name", { reverse: true }),
    (data) => data.rename_column("name", "title"),
    (data) => data.cast_column("value", new Value("string")),
    (data) => data.train_test_split({ seed: 1 }).train,
    (data) => data.train_test_split({ seed: 1 }).test,
  ];
  const names = ways.map((way) => way(dataset)._fingerprint);
  assert.deepEqual(
    ways.map((way) => way(dataset)._fingerprint),
    names,
  );
  assert.equal(new Set([...names, dataset._fingerprint]).size, ways.length + 1);
  const many = dataset.repeat(20);
  assert.notEqual(many.shuffle()._fingerprint, many.shuffle()._fingerprint);
});

test("a DatasetDict does to each split what a Dataset does, and shares classes among them", () => {
  const splits = new DatasetDict({
    train: Dataset.from_dict({ kind: ["dog", "cat", "cow"] }),
    test: Dataset.from_dict({ kind: ["cow", "dog"] }),
  });
  const encoded = splits.class_encode_column("kind");
  assert.deepEqual([...encoded.test["kind"]], [1, 2]);
  assert.equal(String(encoded.test.features), String(encoded.train.features));
  assert.deepEqual(splits.unique("kind").test, ["cow", "dog"]);
  assert.deepEqual(splits.shape, { train: [3, 1], test: [2, 1] });
  assert.deepEqual(splits.sort("kind").train["kind"].tolist(), ["cat", "cow", "dog"]);
  assert.deepEqual(splits.keys(), ["train", "test"]);
  const shuffled = splits.shuffle({ seeds: { train: 1, test: 2 } });
  assert.deepEqual(
    shuffled.train["kind"].tolist(),
    splits.train.shuffle({ seed: 1 })["kind"].tolist(),
  );
  const read = splits.with_format("numpy");
  assert.equal(read.train.format.type, "numpy");
});

test("options that a method does not have are refused", () => {
  assert.throws(() => colours().shuffle({ sead: 1 }), /shuffle has no option sead; it has seed, /);
  assert.throws(
    () => colours().shuffle({ seed: 1, generator: numpy.random.default_rng(1) }),
    /Both `seed` and `generator` were provided/,
  );
  assert.throws(
    () =>
      Dataset.from_dict({ l: ["a", "b", "a", "b"] }).train_test_split({ stratify_by_column: "l" }),
    /only supported for ClassLabel column.*class_encode_column\("l"\) makes it one/,
  );
});

test("a name that every object has is refused for columns and keys, and changes no object", async () => {
  const rows = Dataset.from_dict({ i: [0, 1] });
  const refused =
    /a column cannot be named (__proto__|constructor), which every JavaScript object has/;
  const proto = (value) => JSON.parse(`{"__proto__": ${value}}`);
  await assert.rejects(
    rows.map(() => proto(1)),
    refused,
  );
  await assert.rejects(
    rows.map(() => proto("[1, 2]"), { batched: true }),
    refused,
  );
  await assert.rejects(
    rows.map(() => ({ constructor: 1 })),
    refused,
  );
  assert.throws(() => rows.rename_column("i", "__proto__"), refused);
  assert.throws(() => Dataset.from_dict({ a: [proto(1)] }), refused);
  assert.deepEqual([Object.keys(Object.prototype), Object.keys(Object)], [[], []]);
});
