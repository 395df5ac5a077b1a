// map and filter with num_proc: workers give what one process gives, and what they cannot have is told
// before they start.
import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { test } from "node:test";
import { AutoTokenizer, Dataset } from "../../web/lib/index.js";
import { NodeStorage } from "../../web/lib/datasets/storage/node_storage.js";
import { TableWriter } from "../../web/lib/datasets/table/table_writer.js";
import { PAIR_MODEL, start_core, temporary_folder } from "./support.js";

await start_core();
const tokenizer = await AutoTokenizer.from_pretrained(PAIR_MODEL);

const WORDS = Array.from({ length: 25 }, (_, row) => `word ${row}`);

/** The same rows on disk and in memory. */
async function both_datasets(folder) {
  const writer = await TableWriter.create(new NodeStorage(folder), "data.table");
  writer.write({ word: WORDS });
  const on_disk = new Dataset(await writer.close(), { fingerprint: "a" });
  return { on_disk, in_memory: Dataset.from_dict({ word: WORDS }) };
}

const encode = (batch, { tokenizer: given, max_length }) =>
  given(batch.word, { truncation: true, max_length });

test("a tokenizer passed in fn_kwargs works in workers; results are those of one process", async (t) => {
  const folder = await temporary_folder(t);
  const options = { batched: true, batch_size: 4, fn_kwargs: { tokenizer, max_length: 5 } };
  const datasets = await both_datasets(folder);
  for (const [where, dataset] of Object.entries(datasets)) {
    const alone = await dataset.map(encode, { ...options, keep_in_memory: true });
    const loaded = [];
    const together = await dataset.map(encode, {
      ...options,
      num_proc: 2,
      load_from_cache_file: false,
      progress_callback: (event) => loaded.push(event.loaded),
    });
    assert.deepEqual([...together], [...alone], where);
    assert.deepEqual(String(together.features), String(alone.features), where);
    assert.equal(loaded.at(-1), 25);
  }
  const files = await readdir(folder);
  assert.equal(files.filter((name) => /cache-\w+-0000[01]-of-00002\.table$/.test(name)).length, 2);
  const found = await datasets.on_disk.map(encode, options);
  assert.equal(found._table.files.length, 3, "found again without workers");
});

test("rows keep their numbers, order and batches; ranks tell the workers apart", async (t) => {
  const { on_disk, in_memory } = await both_datasets(await temporary_folder(t));
  const note = (batch, rows, rank) => ({
    row: rows,
    rank: rows.map(() => rank),
    size: rows.map(() => rows.length),
  });
  const shuffled = on_disk.select([...WORDS.keys()].reverse());
  for (const dataset of [on_disk, in_memory, shuffled]) {
    const options = { batched: true, batch_size: 10, with_indices: true, with_rank: true };
    const made = await dataset.map(note, { ...options, num_proc: 2 });
    assert.deepEqual(made["row"].tolist(), [...WORDS.keys()]);
    assert.deepEqual(made["word"].tolist(), dataset["word"].tolist());
    assert.deepEqual(made["rank"].tolist(), Array(25).fill(0, 0, 10).fill(1, 10));
    assert.deepEqual(made["size"].tolist(), Array(25).fill(10, 0, 20).fill(5, 20));
    const kept = await dataset.filter((row, number) => number % 7 === 3, {
      with_indices: true,
      num_proc: 3,
    });
    assert.deepEqual(
      kept["word"].tolist(),
      [3, 10, 17, 24].map((row) => dataset[row].word),
    );
  }
});

test("columns whose types the parts find differently get the type that holds all", async (t) => {
  const { on_disk } = await both_datasets(await temporary_folder(t));
  const work = (row, number) => ({
    mixed: number < 20 ? number : number + 0.5,
    late: number < 20 ? null : "x",
    list: number < 20 ? [] : [number],
  });
  const options = { with_indices: true, remove_columns: "word" };
  const alone = await on_disk.map(work, { ...options, keep_in_memory: true });
  const together = await on_disk.map(work, { ...options, num_proc: 2 });
  const again = await on_disk.map(work, options);
  for (const made of [together, again]) {
    assert.deepEqual([...made], [...alone]);
    assert.equal(String(made.features), String(alone.features));
  }
  assert.equal(String(alone.features.mixed), "Value('float64')");
});

test("what a worker does not have is named before anything runs", async (t) => {
  const { on_disk } = await both_datasets(await temporary_folder(t));
  await assert.rejects(
    on_disk.map((batch) => tokenizer(batch.word), { batched: true, num_proc: 2 }),
    /with num_proc the function runs in workers, which do not have tokenizer .*pass it in fn_kwargs/,
  );
  const fn_kwargs = { clean: (text) => text + WORDS.length };
  await assert.rejects(
    on_disk.map((row, { clean }) => ({ word: clean(row.word) }), { fn_kwargs, num_proc: 2 }),
    /clean runs in workers, which do not have WORDS/,
  );
  const bound = ((row) => ({ n: row.word.length })).bind(null);
  await assert.rejects(on_disk.map(bound, { num_proc: 2 }), /the function is bound or built in/);
});

test("a failure in one worker ends all and leaves no file; so does an abort", async (t) => {
  const folder = await temporary_folder(t);
  const { on_disk } = await both_datasets(folder);
  const fails = (row) => {
    if (row.word === "word 20") throw new Error("no more");
    return { n: row.word.length };
  };
  await assert.rejects(on_disk.map(fails, { num_proc: 2 }), /failed on row 20: no more/);
  const aborting = new AbortController();
  const slow = async (row) => {
    await new Promise((resolve) => setTimeout(resolve, 200));
    return { n: row.word.length };
  };
  const work = on_disk.map(slow, { num_proc: 2, batch_size: 1, signal: aborting.signal });
  setTimeout(() => aborting.abort(), 500);
  await assert.rejects(work, /was ended by its signal/);
  assert.deepEqual(await readdir(folder), ["data.table"]);
});

test("functions among the arguments are rebuilt in workers", async (t) => {
  const { on_disk } = await both_datasets(await temporary_folder(t));
  const fn_kwargs = { shout: (text) => text.toUpperCase(), mark: "!" };
  const made = await on_disk.map((row, { shout, mark }) => ({ word: shout(row.word) + mark }), {
    fn_kwargs,
    num_proc: 2,
  });
  assert.equal(made[24].word, "WORD 24!");
});

test("two maps of the same that run at once in workers both give the result", async (t) => {
  const { on_disk } = await both_datasets(await temporary_folder(t));
  const length = (row) => ({ length: row.word.length });
  const [one, other] = await Promise.all([
    on_disk.map(length, { num_proc: 2 }),
    on_disk.map(length, { num_proc: 2 }),
  ]);
  assert.equal(one.num_rows, WORDS.length);
  assert.deepEqual([...one], [...other]);
});
