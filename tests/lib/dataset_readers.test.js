// CSV, TSV, JSON and Parquet as they occur in the wild: quotes, byte order marks, line ends, empty
// cells, ragged lines.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { parquetWriteBuffer } from "hyparquet-writer";
import { ClassLabel, load_dataset, Value } from "../../web/lib/index.js";
import { temporary_folder } from "./support.js";

async function load(t, name, content, options = {}) {
  const path = join(await temporary_folder(t), name);
  await writeFile(path, content);
  return load_dataset(path, { split: "train", ...options });
}

const rows_of = (dataset) => [...dataset];

test("CSV: quoted cells hold commas, doubled quotes and line breaks", async (t) => {
  const csv = 'text,label\n"one, two",0\n"she said ""hi""",1\n"two\nlines",0\n';
  assert.deepEqual(rows_of(await load(t, "a.csv", csv)), [
    { text: "one, two", label: 0 },
    { text: 'she said "hi"', label: 1 },
    { text: "two\nlines", label: 0 },
  ]);
});

test("CSV: a byte order mark, CRLF line ends, and no line end at the end", async (t) => {
  const dataset = await load(t, "a.csv", "\uFEFFtext,label\r\nfirst,0\r\nlast,1");
  assert.deepEqual(dataset.column_names, ["text", "label"]);
  assert.deepEqual(rows_of(dataset), [
    { text: "first", label: 0 },
    { text: "last", label: 1 },
  ]);
});

test("CSV: any script survives", async (t) => {
  const texts = ["naïve café", "日本語", "مرحبا", "👩‍🚀🚀", "z̸a̸l̸g̸o̸"];
  const dataset = await load(t, "a.csv", `text\n${texts.join("\n")}\n`);
  assert.deepEqual([...dataset["text"]], texts);
});

test("CSV: column types are those of all cells, and empty cells are null", async (t) => {
  const dataset = await load(
    t,
    "a.csv",
    "i,f,b,s,mixed,none\n1,0.5,true,x,1,\n-2,1e3,FALSE,,b,\n,2,true,z,3,\n",
  );
  const types = Object.fromEntries(
    Object.entries(dataset.features).map(([name, feature]) => [name, String(feature)]),
  );
  assert.deepEqual(types, {
    i: "Value('int64')",
    f: "Value('float64')",
    b: "Value('bool')",
    s: "Value('string')",
    mixed: "Value('string')",
    none: "Value('null')",
  });
  assert.deepEqual([...dataset["i"]], [1, -2, null]);
  assert.deepEqual([...dataset["b"]], [true, false, true]);
  assert.deepEqual([...dataset["s"]], ["x", null, "z"]);
  assert.deepEqual([...dataset["mixed"]], ["1", "b", "3"]);
});

test("CSV: a ragged line is refused, with its row and both numbers of cells", async (t) => {
  await assert.rejects(load(t, "a.csv", "text,label\ngood,0\nbad, very bad,1\n"), {
    status: "TL_ERR_FORMAT",
    message: /row 1 has 3 cells where the header has 2 .*"bad"/,
  });
});

test("CSV: an unclosed quote and no content are refused", async (t) => {
  await assert.rejects(load(t, "a.csv", 'text,label\n"never closed,0\n'), {
    status: "TL_ERR_FORMAT",
  });
  await assert.rejects(load(t, "a.csv", ""), /is empty; expected a header line/);
});

test("TSV: a single quote mark is text; quoting can be turned on", async (t) => {
  const tsv = 'text\tlabel\n"Not closed\t0\nsay "hi"\t1\n';
  assert.deepEqual([...(await load(t, "a.tsv", tsv))["text"]], ['"Not closed', 'say "hi"']);
  const quoted = await load(t, "a.tsv", 'text\tlabel\n"a\tb"\t0\n', { quoting: 0 });
  assert.deepEqual([...quoted["text"]], ["a\tb"]);
});

test("CSV: another delimiter, and names for a file without a header", async (t) => {
  const dataset = await load(t, "a.csv", "a;0\nb;1\n", {
    delimiter: ";",
    column_names: ["text", "label"],
  });
  assert.deepEqual(rows_of(dataset)[1], { text: "b", label: 1 });
});

test("JSON Lines: missing keys are null, blank lines are skipped", async (t) => {
  const dataset = await load(
    t,
    "a.jsonl",
    '{"text": "a", "label": 1}\n\n{"label": 0, "extra": [1, 2]}\n',
  );
  assert.deepEqual(rows_of(dataset), [
    { text: "a", label: 1, extra: null },
    { text: null, label: 0, extra: [1, 2] },
  ]);
  assert.equal(String(dataset.features.extra), "List(Value('int64'))");
});

test("JSON: a list of objects, or one in a field", async (t) => {
  assert.equal((await load(t, "a.json", '[{"x": 1}, {"x": 2}]')).num_rows, 2);
  assert.equal((await load(t, "a.json", '{"data": [{"x": 1}]}', { field: "data" })).num_rows, 1);
});

test("JSON: a broken line is named; rows must be objects; a column holds one type", async (t) => {
  await assert.rejects(load(t, "a.jsonl", '{"x": 1}\n{"x": \n'), /line 2, is not JSON/);
  await assert.rejects(load(t, "a.jsonl", '{"x": 1}\n7\n'), /row 1 is 7; expected an object/);
  await assert.rejects(
    load(t, "a.jsonl", '{"x": 1}\n{"x": "one"}\n'),
    /column x mixes int64 and string \(row 1: "one"\)/,
  );
});

const parquet = (columns, features) =>
  Buffer.from(
    parquetWriteBuffer({
      columnData: columns,
      kvMetadata: features && [
        { key: "huggingface", value: JSON.stringify({ info: { features } }) },
      ],
    }),
  );

test("Parquet: 64-bit integers become numbers, and stored features come along", async (t) => {
  const bytes = parquet(
    [
      { name: "text", data: ["a", "b"], type: "STRING" },
      { name: "label", data: [1n, 0n], type: "INT64" },
    ],
    {
      text: { dtype: "string", _type: "Value" },
      label: { names: ["no", "yes"], _type: "ClassLabel" },
    },
  );
  const dataset = await load(t, "a.parquet", bytes);
  assert.deepEqual([...dataset["label"]], [1, 0]);
  assert.ok(dataset.features.label instanceof ClassLabel);
  assert.equal(dataset.features.label.int2str(1), "yes");
  assert.ok(dataset.features.text instanceof Value);
});

test("Parquet: bytes that are no Parquet file are refused", async (t) => {
  await assert.rejects(load(t, "a.parquet", "not parquet at all"), {
    status: "TL_ERR_FORMAT",
    message: /is not a Parquet file/,
  });
});

test("CSV: declared types are met, labels by name or by number", async (t) => {
  const folder = await temporary_folder(t);
  const read = async (text, features) => {
    await writeFile(join(folder, "a.csv"), text);
    return load_dataset(join(folder, "a.csv"), { split: "train", features });
  };
  const label = new ClassLabel({ names: ["no", "yes"] });
  const named = await read("n,label\n007,no\n8,yes\n", { label, n: new Value("string") });
  assert.deepEqual(named.to_dict(), { n: ["007", "8"], label: [0, 1] });
  const numbered = await read("n,label\n7,1\n,0\n", { label, n: new Value("int8") });
  assert.deepEqual(numbered.to_dict(), { n: [7, null], label: [1, 0] });
  await assert.rejects(
    read("n\n7\nx\n", { n: new Value("int8") }),
    /column n is declared Value\('int8'\), but row 1 holds "x"/,
  );
  await assert.rejects(
    read("label\nmaybe\n", { label }),
    /column label, row 0: Invalid string class label maybe; the classes are no, yes/,
  );
});
