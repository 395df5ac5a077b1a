// Orders, splits, sorts, casts and combinations are the datasets library's, row by row.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { before, test } from "node:test";
import {
  ClassLabel,
  concatenate_datasets,
  Dataset,
  Features,
  interleave_datasets,
} from "../../web/lib/index.js";
import { golden, start_core } from "./support.js";

before(() => start_core());

const goldens = await golden("dataset_methods.json");

const numbered = (rows, start = 0) =>
  Dataset.from_dict({ i: Array.from({ length: rows }, (_, i) => i + start) });
const labelled = () =>
  numbered(goldens.rows)
    .add_column("label", goldens.labels)
    .cast_column("label", new ClassLabel({ num_classes: 3 }));
const order = (dataset) => dataset["i"].tolist();

test("shuffle(seed) gives Python's order, of a shuffled dataset too", () => {
  for (const [seed, expected] of Object.entries(goldens.shuffles)) {
    assert.deepEqual(order(numbered(goldens.rows).shuffle({ seed: Number(seed) })), expected);
    assert.deepEqual(order(numbered(goldens.rows).shuffle(Number(seed))), expected);
  }
  const twice = numbered(goldens.rows).shuffle({ seed: 1 }).shuffle({ seed: 1 });
  assert.deepEqual(order(twice), goldens.shuffled_twice);
});

test("a million rows are shuffled into Python's order", () => {
  const dataset = Dataset.from_dict({ i: Int32Array.from({ length: 1_000_000 }, (_, i) => i) });
  const shuffled = Int32Array.from(dataset.shuffle({ seed: 42 })["i"].tolist());
  assert.equal(createHash("sha256").update(shuffled).digest("hex"), goldens.large_shuffle);
});

test("train_test_split gives Python's rows: shares, numbers, stratified, unshuffled", () => {
  for (const { arguments: given, train, test: held_out } of goldens.splits) {
    const parts = labelled().train_test_split(given);
    assert.deepEqual(order(parts.train), train, JSON.stringify(given));
    assert.deepEqual(order(parts.test), held_out, JSON.stringify(given));
  }
  const [{ test: quarter }] = goldens.splits;
  assert.deepEqual(order(labelled().train_test_split(0.25, { seed: 42 }).test), quarter);
});

test("splits that Python refuses are refused with its words", () => {
  for (const { arguments: given, error } of goldens.refused_splits) {
    // Numbers print otherwise: 40.0 for 40.
    const words = (text) => text.replaceAll(/(\d)\.0\b/g, "$1");
    assert.throws(
      () => labelled().train_test_split(given),
      (thrown) => words(thrown.message) === words(error),
      error,
    );
  }
});

test("rows sort as Arrow sorts them: stable, by bytes of text, NaN and null last or first", () => {
  const special = { nan: NaN, inf: Infinity };
  const columns = Object.entries(goldens.sorted).map(([name, values]) => [
    name,
    name === "x" ? values.map((value) => special[value] ?? value) : values,
  ]);
  const dataset = Dataset.from_dict({
    ...Object.fromEntries(columns),
    i: goldens.sorted.n.map((_, i) => i),
  });
  for (const { columns: by, options, order: expected } of goldens.sorts)
    assert.deepEqual(order(dataset.sort(by, options)), expected, JSON.stringify([by, options]));
});

test("columns become ClassLabels with Python's names, nulls as told", () => {
  for (const { name, include_nulls, feature, values } of goldens.encoded) {
    const dataset = Dataset.from_dict({ [name]: goldens.unencoded[name] });
    const encoded = dataset.class_encode_column(name, { include_nulls });
    assert.equal(String(encoded.features[name]), feature);
    assert.deepEqual(encoded[name].tolist(), values, `${name} ${include_nulls}`);
  }
});

test("casts keep values as Arrow does, or are refused with the row", () => {
  for (const { values, from, to, cast } of goldens.casts) {
    const dataset = Dataset.from_dict({ a: values }, Features.from_dict(from));
    const { a: feature } = Features.from_dict(to);
    if (cast === null) {
      assert.throws(() => dataset.cast_column("a", feature), /column a/, JSON.stringify(values));
      continue;
    }
    const made = dataset.cast_column("a", feature);
    assert.deepEqual(made["a"].tolist(), cast);
    assert.equal(String(made.features.a), String(feature));
  }
});

test("datasets below each other and side by side", () => {
  const first = Dataset.from_dict({ a: [1, 2], b: ["x", "y"] });
  const second = Dataset.from_dict({ c: [0.5], a: [null] });
  const { below, beside } = goldens.several;
  const made = concatenate_datasets([first, second]);
  assert.deepEqual(made.slice(), below.rows);
  assert.equal(String(made.features), below.features);
  const wide = concatenate_datasets([first, numbered(2)], { axis: 1 });
  assert.deepEqual(wide.slice(), beside.rows);
  assert.equal(String(wide.features), beside.features);
});

test("interleaved datasets take turns as in Python, or are drawn in its order", () => {
  const starts = [0, goldens.lengths[0], goldens.lengths[0] + goldens.lengths[1]];
  const parts = goldens.lengths.map((length, i) => numbered(length, starts[i]));
  for (const { arguments: given, order: expected } of goldens.interleaved)
    assert.deepEqual(order(interleave_datasets(parts, given)), expected, JSON.stringify(given));
});

test("shards are the same parts", () => {
  for (const { rows, num_shards, contiguous, parts } of goldens.shards)
    for (const [index, part] of parts.entries())
      assert.deepEqual(order(numbered(rows).shard(num_shards, index, { contiguous })), part);
});
