// What map and filter make of a dataset: which arguments a function is given, what its answers become,
// and how wrong ones are told.
import assert from "node:assert/strict";
import { test } from "node:test";
import { AutoTokenizer, ClassLabel, Dataset, Value } from "../../web/lib/index.js";
import { PAIR_MODEL, start_core } from "./support.js";

await start_core();

const words = (count = 5) =>
  Dataset.from_dict(
    {
      word: Array.from({ length: count }, (_, row) => `w${row}`),
      label: Array.from({ length: count }, (_, row) => row % 2),
    },
    { label: new ClassLabel({ names: ["even", "odd"] }) },
  );

test("a function is given rows, columns, numbers, rank and arguments as asked", async () => {
  const seen = [];
  const note = (...args) => void seen.push(structuredClone(args));
  await words(2).map(note);
  await words(2).map(note, { with_indices: true, with_rank: true, fn_kwargs: { a: 1 } });
  await words(2).map(note, { input_columns: ["label", "word"], with_indices: true });
  await words(3).map(note, {
    batched: true,
    batch_size: 2,
    input_columns: "word",
    with_indices: true,
  });
  await words(3).map(note, { batched: true, batch_size: null });
  assert.deepEqual(seen, [
    [{ word: "w0", label: 0 }],
    [{ word: "w1", label: 1 }],
    [{ word: "w0", label: 0 }, 0, 0, { a: 1 }],
    [{ word: "w1", label: 1 }, 1, 0, { a: 1 }],
    [0, "w0", 0],
    [1, "w1", 1],
    [
      ["w0", "w1"],
      [0, 1],
    ],
    [["w2"], [2]],
    [{ word: ["w0", "w1", "w2"], label: [0, 1, 0] }],
  ]);
});

test("a function that returns nothing leaves the dataset as it is", async () => {
  const dataset = words();
  assert.equal(await dataset.map(() => {}), dataset);
  await assert.rejects(
    dataset.map((row) => (row.word === "w3" ? { n: 1 } : null)),
    /returned nothing for row 0, but columns for others/,
  );
});

test("the row that was given, changed and returned, is the result; removed columns go", async () => {
  const longer = (row) => {
    row.length = row.word.length;
    return row;
  };
  const made = await words(2).map(longer, { remove_columns: "word" });
  assert.deepEqual(made.column_names, ["label", "length"]);
  assert.deepEqual(made[1], { label: 1, length: 2 });
  const kept = await words(2).map((row) => ({ word: row.word }), { remove_columns: ["word"] });
  assert.deepEqual(
    kept.column_names,
    ["word", "label"],
    "a column that is made anew keeps its place",
  );
  const anew = () => ({ more: 1, label: 0, word: "w" });
  const all = await words(2).map(anew, { remove_columns: ["word", "label"] });
  assert.deepEqual(all.column_names, ["word", "label", "more"]);
});

test("batch makes rows of lists, whose types are lists of the columns' own", async () => {
  const dataset = words();
  dataset.set_format("torch", { columns: ["label"] });
  const made = await dataset.batch(2);
  assert.equal(made.format.type, "torch");
  made.reset_format();
  assert.deepEqual(
    [...made],
    [
      { word: ["w0", "w1"], label: [0, 1] },
      { word: ["w2", "w3"], label: [0, 1] },
      { word: ["w4"], label: [0] },
    ],
  );
  assert.equal(
    String(made.features),
    "{'word': List(Value('string')), 'label': List(ClassLabel(names=['even', 'odd']))}",
  );
  assert.equal((await dataset.batch({ batch_size: 2, drop_last_batch: true })).num_rows, 2);
  await assert.rejects(dataset.batch(0), /batch_size must be a number from 1 on, not 0/);
});

test("async functions of rows run together, and their answers keep the rows' order", async () => {
  let running = 0;
  let most = 0;
  const slow = async (row) => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setTimeout(resolve, 5 - 5 * row.label));
    --running;
    return { copy: row.word };
  };
  const made = await words(6).map(slow);
  assert.deepEqual(made["copy"].tolist(), words(6)["word"].tolist());
  assert.equal(most, 6);
});

test("drop_last_batch leaves the short last batch out, old columns included", async () => {
  const options = { batched: true, batch_size: 2, drop_last_batch: true };
  const made = await words(5).map(({ word }) => ({ n: word.map(() => 1) }), options);
  assert.deepEqual(made["word"].tolist(), ["w0", "w1", "w2", "w3"]);
  assert.equal(made.num_rows, 4);
});

test("types: an old one that still fits stays, a new one is found, a declared one is kept to", async () => {
  const label = async (work, options) => String((await words().map(work, options)).features.label);
  assert.equal(
    await label(({ label: old }) => ({ label: 1 - old })),
    "ClassLabel(names=['even', 'odd'])",
  );
  assert.equal(await label(({ label: old }) => ({ label: old / 2 })), "Value('float64')");
  assert.equal(await label(() => ({ label: "x" })), "Value('string')");
  const features = { label: new Value("int8") };
  assert.equal(await label(() => ({ label: 3 }), { features }), "Value('int8')");
  await assert.rejects(
    label(() => ({ label: "x" }), { features }),
    /label is declared Value\('int8'\)/,
  );
  const narrow = Dataset.from_dict({ n: [1, 2] }, { n: new Value("int32") });
  const made = await narrow.map(({ n }) => ({ n: n + 1 }));
  assert.equal(String(made.features.n), "Value('int32')");
});

test("a tokenizer's columns are stored as the datasets library does", async () => {
  const tokenizer = await AutoTokenizer.from_pretrained(PAIR_MODEL);
  const made = await words().map((batch) => tokenizer(batch.word), { batched: true });
  assert.deepEqual(
    Object.fromEntries(Object.entries(made.features).map(([name, each]) => [name, String(each)])),
    {
      word: "Value('string')",
      label: "ClassLabel(names=['even', 'odd'])",
      input_ids: "List(Value('int32'))",
      token_type_ids: "List(Value('int8'))",
      attention_mask: "List(Value('int8'))",
    },
  );
  assert.deepEqual(made[1].input_ids, tokenizer("w1").input_ids);
});

test("map works on picked, ordered and formatted rows", async () => {
  const picked = words().select([4, 0, 2]).with_format("torch");
  const made = await picked.map((row) => ({ twice: row.label.item() * 2, shown: row.word }));
  assert.deepEqual(made.with_format(null)["shown"].tolist(), ["w4", "w0", "w2"]);
  assert.deepEqual(made.with_format(null)["word"].tolist(), ["w4", "w0", "w2"]);
  assert.equal(made[0].twice.item(), 0);
});

test("what is wrong with a function's answer is told with its rows", async () => {
  const refused = (work, message, options) => assert.rejects(words().map(work, options), message);
  const batched = { batched: true, batch_size: 2 };
  const fails = ({ word }) => ({ n: word.oops.length });
  await refused(fails, /map: the function failed on row 0: Cannot read properties of undefined/);
  await refused(fails, /failed on rows 0 to 1: /, batched);
  await refused(() => [1], /must return an object of columns, not \[1\] \(row 0\)/);
  await refused(() => ({ n: "abc" }), /must return lists; n is "abc"/, batched);
  await refused(() => ({ a: [1, 2], b: [1] }), /1 rows of b, but 2 of a \(rows 0 to 1\)/, batched);
  await refused(
    () => ({ a: [1] }),
    /another number of rows .* all old columns \(word, label\)/,
    batched,
  );
  await refused(({ label }) => (label[0] ? { a: [1, "x"] } : { a: [1, 2] }), /column a mixes/, {
    ...batched,
    batch_size: 1,
    remove_columns: ["word", "label"],
  });
  await refused(() => ({}), /map has no option batch; it has batched, /, { batch: true });
  await refused(
    () => ({}),
    /Input column words not in the dataset. Current columns .* word, label/,
    {
      input_columns: "words",
    },
  );
  await refused(() => ({}), /batch_size must be a whole number, not -1/, { batch_size: -1 });
});

test("progress tells the rows done; an abort ends the work", async () => {
  const events = [];
  const options = { batched: true, batch_size: 2, desc: "Count" };
  await words().map(() => ({}), { ...options, progress_callback: (event) => events.push(event) });
  assert.deepEqual(
    events.map(({ status, name, loaded, total, progress }) => [
      status,
      name,
      loaded,
      total,
      progress,
    ]),
    [
      ["progress", "Count", 2, 5, 40],
      ["progress", "Count", 4, 5, 80],
      ["progress", "Count", 5, 5, 100],
      ["done", "Count", 5, 5, 100],
    ],
  );
  const aborting = new AbortController();
  const stop = () => aborting.abort();
  await assert.rejects(
    words().map(stop, { ...options, signal: aborting.signal }),
    /map was ended by its signal; nothing is kept/,
  );
});

test("filter keeps the rows for which the function is true", async () => {
  const odd = await words().filter((row) => row.label === 1);
  assert.deepEqual(odd["word"].tolist(), ["w1", "w3"]);
  const batched = await words().filter((batch) => batch.label.map((label) => label === 0), {
    batched: true,
    batch_size: 2,
  });
  assert.deepEqual(batched["word"].tolist(), ["w0", "w2", "w4"]);
  const numbered = await odd.filter((_, row) => row === 1, { with_indices: true });
  assert.deepEqual(numbered["word"].tolist(), ["w3"]);
  assert.equal((await words().filter(() => false)).num_rows, 0);
  const by_column = await words().filter((label, { wanted }) => label === wanted, {
    input_columns: "label",
    fn_kwargs: { wanted: 1 },
  });
  assert.equal(by_column.num_rows, 2);
  await assert.rejects(
    words().filter(() => true, { batched: true }),
    /must return a list of 5 booleans for rows 0 to 4, not true/,
  );
});
