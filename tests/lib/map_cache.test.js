// What map and filter keep beside a dataset on disk: found again when nothing changed, made anew when
// anything did, or when the files are damaged.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { AutoTokenizer, Dataset, Value } from "../../web/lib/index.js";
import { FINGERPRINT } from "../../web/lib/datasets/fingerprint.js";
import { NodeStorage } from "../../web/lib/datasets/storage/node_storage.js";
import { TableWriter } from "../../web/lib/datasets/table/table_writer.js";
import { logged, PAIR_MODEL, repository, start_core, temporary_folder } from "./support.js";

await start_core();

const WORDS = Array.from({ length: 25 }, (_, row) => `word ${row}`);

const lengths = WORDS.map((word) => word.length);

/** A dataset on disk. */
async function stored(folder, words = WORDS, fingerprint = "a") {
  const writer = await TableWriter.create(new NodeStorage(folder), "data.table");
  writer.write({ word: words });
  return new Dataset(await writer.close(), { fingerprint });
}

const files = async (folder) => (await readdir(folder)).filter((name) => name !== "data.table");

/** Counts the calls of functions that it is passed to; whatever the count, it is the same argument. */
const counter = { calls: 0, [FINGERPRINT]: () => "counter" };

/** How often `work` calls functions that count. */
async function calls_in(work) {
  counter.calls = 0;
  await work();
  return counter.calls;
}

const measure = (row, { counter: count }) => {
  ++count.calls;
  return { n: row.word.length };
};

test("a second map of the same function, data and options is found, not run", async (t) => {
  const dataset = await stored(await temporary_folder(t));
  const first = await dataset.map(measure, { fn_kwargs: { counter } });
  assert.deepEqual(first["n"].tolist(), lengths);
  let second;
  const calls = await calls_in(async () => {
    second = await dataset.map(measure, { fn_kwargs: { counter } });
  });
  assert.equal(calls, 0);
  assert.equal(second._fingerprint, first._fingerprint);
  assert.deepEqual(second["n"].tolist(), lengths);
  assert.deepEqual(second["word"].tolist(), WORDS);
  assert.deepEqual(String(second.features.n), "Value('int64')");
});

test("another process finds it too", async (t) => {
  const folder = await temporary_folder(t);
  const dataset = await stored(folder);
  await dataset.map((row) => ({ n: row.word.length }));
  const before = await files(folder);
  const lib = (path) => JSON.stringify(repository(`web/lib/${path}`));
  const program = `
    import { Dataset } from ${lib("index.js")};
    import { NodeStorage } from ${lib("datasets/storage/node_storage.js")};
    import { open_table } from ${lib("datasets/table/table_file.js")};
    const table = await open_table(new NodeStorage(${JSON.stringify(folder)}), "data.table");
    const made = await new Dataset(table, { fingerprint: "a" }).map((row) => ({ n: row.word.length }));
    console.log(made._fingerprint, made["n"].length);`;
  const there = execFileSync(process.execPath, ["--input-type=module", "-e", program], {
    encoding: "utf8",
  });
  const here = await dataset.map((row) => ({ n: row.word.length }));
  assert.equal(there.trim(), `${here._fingerprint} 25`);
  assert.deepEqual(await files(folder), before);
});

test("anything else makes it anew: the text, an argument, an option, the data, its order", async (t) => {
  const folder = await temporary_folder(t);
  const dataset = await stored(folder);
  const fn_kwargs = { counter };
  await dataset.map(measure, { fn_kwargs });
  const other = await stored(folder, WORDS, "b");
  const edited = (row, { counter: count }) => {
    ++count.calls;
    return { n: row.word.length + 1 };
  };
  const cases = [
    [() => dataset.map(edited, { fn_kwargs }), 25],
    [() => dataset.map(measure, { fn_kwargs: { counter, more: 1 } }), 25],
    [() => dataset.map(measure, { fn_kwargs: { counter, more: 2 } }), 25],
    [() => dataset.map(measure, { fn_kwargs: { counter, more: () => 2 } }), 25],
    [() => dataset.map(measure, { fn_kwargs, remove_columns: "word" }), 25],
    [() => dataset.map(measure, { fn_kwargs, features: { n: new Value("int8") } }), 25],
    [() => dataset.shuffle({ seed: 1 }).map(measure, { fn_kwargs }), 25],
    [() => dataset.select([0, 1]).map(measure, { fn_kwargs }), 2],
    [() => other.map(measure, { fn_kwargs }), 25],
    [() => dataset.map(measure, { fn_kwargs, new_fingerprint: "mine" }), 25],
    [() => dataset.map(measure, { fn_kwargs, load_from_cache_file: false }), 25],
  ];
  for (const [index, [work, calls]] of cases.entries()) {
    assert.equal(await calls_in(work), calls, `case ${index} runs`);
    const again = index === cases.length - 1 ? calls : 0;
    assert.equal(await calls_in(work), again, `case ${index}, again`);
  }
});

/** Functions alike but for what they capture. */
const tokenize_with = (encode, max_length) => (batch) =>
  encode(batch.word, { truncation: true, max_length });

test("a captured tokenizer counts: its vocabulary, its settings, the options it is called with", async (t) => {
  const folder = await temporary_folder(t);
  const dataset = await stored(folder);
  const results = async () => (await files(folder)).filter((name) => name.endsWith(".json")).length;
  const map = async (fields, max_length) => {
    const tokenizer = await AutoTokenizer.from_pretrained(PAIR_MODEL, fields);
    return dataset.map(tokenize_with(tokenizer, max_length), { batched: true, batch_size: 10 });
  };
  const first = await map({}, 8);
  assert.deepEqual((await map({}, 8))["input_ids"].tolist(), first["input_ids"].tolist());
  assert.equal(await results(), 1);
  await map({}, 3);
  assert.equal(await results(), 2);
  await map({ do_lower_case: false }, 8);
  assert.equal(await results(), 3);
});

test("a function whose captured names nothing accounts for is not found again, and told once", async (t) => {
  const folder = await temporary_folder(t);
  const dataset = await stored(folder);
  const suffixes = ["!", "?"];
  const made = [];
  const told = await logged(async () => {
    for (const suffix of suffixes)
      made.push(await dataset.map((row) => ({ word: row.word + suffix })));
  });
  assert.deepEqual(
    made.map((each) => each[0].word),
    ["word 0!", "word 0?"],
  );
  assert.deepEqual(told, [
    "map: the result is not kept for later, since the function depends on suffix, whose content cannot be told; pass " +
      "what it needs in fn_kwargs",
  ]);
  const random = await logged(async () => {
    const [a, b] = [
      await dataset.map(() => ({ r: Math.random() })),
      await dataset.map(() => ({ r: Math.random() })),
    ];
    assert.notDeepEqual(a["r"].tolist(), b["r"].tolist());
  });
  assert.match(random[0], /depends on Math.random, whose content cannot be told/);
});

test("a result whose first rows are no longer what the function makes is made anew", async (t) => {
  const dataset = await stored(await temporary_folder(t));
  const tokenizer = await AutoTokenizer.from_pretrained(PAIR_MODEL);
  // By its text and by what it calls, one function; only its answers tell that the helper differs.
  const work = (encode) => (batch) => encode(batch.word);
  const plain = await dataset.map(
    work((words) => tokenizer(words)),
    { batched: true },
  );
  const twice = await dataset.map(
    work((words) => tokenizer(words.map((word) => `${word} ${word}`))),
    { batched: true },
  );
  assert.equal(twice._fingerprint, plain._fingerprint);
  const ids = tokenizer("word 3 word 3").input_ids;
  assert.deepEqual(twice[3].input_ids, ids);
});

test("a damaged or cut result is made anew, with a warning", async (t) => {
  const folder = await temporary_folder(t);
  const dataset = await stored(folder);
  const map = () => dataset.map(measure, { fn_kwargs: { counter } });
  await map();
  const [names] = (await files(folder)).filter((name) => name.endsWith(".json"));
  const [table] = (await files(folder)).filter((name) => name.endsWith(".table"));
  const damages = {
    "cut table": () => truncate(join(folder, table), 40),
    "cut names": () => truncate(join(folder, names), 20),
    "missing table": () => rm(join(folder, table)),
    "changed index": async () => {
      const bytes = await readFile(join(folder, table));
      bytes[bytes.length - 30] ^= 1;
      await writeFile(join(folder, table), bytes);
    },
  };
  for (const [what, damage] of Object.entries(damages)) {
    await damage();
    const told = await logged(async () => assert.equal(await calls_in(map), 25, what));
    assert.match(told[0], /cache-[0-9a-f]{32} is made anew, since it cannot be read: /, what);
    assert.equal(await calls_in(map), 0, `${what}, then whole again`);
  }
});

test("a function that fails or an abort leaves no file", async (t) => {
  const folder = await temporary_folder(t);
  const dataset = await stored(folder);
  const fails = (row, { counter: count }) => {
    if (row.word === "word 20") throw new Error("no more");
    return measure(row, { counter: count });
  };
  await assert.rejects(dataset.map(fails, { fn_kwargs: { counter } }), /failed on row 20: no more/);
  const aborting = new AbortController();
  const progress_callback = () => aborting.abort();
  const options = { fn_kwargs: { counter }, signal: aborting.signal, progress_callback };
  await assert.rejects(dataset.map(measure, options), /ended by its signal/);
  assert.deepEqual(await files(folder), []);
});

test("filter keeps its rows' numbers; cleanup_cache_files removes what the dataset does not need", async (t) => {
  const folder = await temporary_folder(t);
  const dataset = await stored(folder);
  const even = (row, { counter: count }) => ++count.calls && Number(row.word.slice(5)) % 2 === 0;
  const kept = await dataset.filter(even, { fn_kwargs: { counter } });
  assert.equal(kept.num_rows, 13);
  const again = () => dataset.filter(even, { fn_kwargs: { counter } });
  assert.equal(await calls_in(again), 0);
  assert.deepEqual((await again())["word"].tolist(), kept["word"].tolist());
  const mapped = await kept.map((row) => ({ n: row.word.length }));
  assert.equal((await files(folder)).length, 4);
  assert.equal(await mapped.cleanup_cache_files(), 2);
  assert.equal(mapped[1].n, 6);
  assert.equal(await dataset.cleanup_cache_files(), 2);
  assert.deepEqual(await files(folder), []);
});

test("keep_in_memory writes nothing; cache_file_name says where", async (t) => {
  const folder = await temporary_folder(t);
  const dataset = await stored(folder);
  const options = { fn_kwargs: { counter } };
  await dataset.map(measure, { ...options, keep_in_memory: true });
  assert.deepEqual(await files(folder), []);
  const cache_file_name = join(folder, "mine");
  await dataset.map(measure, { ...options, cache_file_name });
  assert.deepEqual(await files(folder), ["mine-00000-of-00001.table", "mine.json"]);
  await assert.rejects(
    dataset.map(measure, { keep_in_memory: true, cache_file_name }),
    /either `keep_in_memory` or `cache_file_name`/,
  );
});
