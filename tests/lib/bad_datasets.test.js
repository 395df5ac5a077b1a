// Datasets of the Hub that cannot be used, through load_dataset: one clear line each, and no table left behind;
// and odd ones that can.
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { configure_hub, load_dataset, TunelabError } from "../../web/lib/index.js";
import { folder_with, hub_for } from "./hub_support.js";
import { repository, start_core } from "./support.js";

/** A file of the stand-in Hub's, whole. */
let parquet;

before(async () => {
  await start_core();
  const emotion = "assets/hub/datasets/tunelab/emotion/data/test-00000-of-00001.parquet";
  parquet = await readFile(repository(emotion));
});

const PAGE = "<!DOCTYPE html>\n<html>\n<head><title>Sign in, please</title></head>\n</html>\n";
const ROWS = "text,label\na,0\nb,1\n";
const card = (yaml) => `---\n${yaml}\n---\n`;
const LABELS = card(
  "dataset_info: {features: [{name: label, dtype: {class_label: {names: {'0': no, '1': yes}}}}]}",
);

/**
 * A dataset "org/data" of these files on a stand-in, with empty caches for it.
 * @param {Record<string, string | Uint8Array>} files
 */
async function data_of(t, files) {
  const at = Object.entries(files).map(([name, content]) => [`datasets/org/data/${name}`, content]);
  const made = await hub_for(t, { root: await folder_with(t, Object.fromEntries(at)) });
  const datasets_cache = await folder_with(t, {});
  configure_hub({ datasets_cache, max_retries: 1 });
  t.after(() => configure_hub({ datasets_cache: undefined, max_retries: undefined }));
  const load = (name, options) => load_dataset("org/data", name, { ...made.options, ...options });
  return { ...made, datasets_cache, load };
}

/** Names of the files below a folder. */
async function files_in(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}

/** Fails unless the work is refused with one line of this kind. */
async function assert_refused(work, message) {
  const error = await work.then(
    () => assert.fail("it was not refused"),
    (reason) => reason,
  );
  assert.ok(error instanceof TunelabError, error.stack);
  assert.match(error.message, message);
  assert.ok(!error.message.includes("\n"), `one line: ${error.message}`);
}

const REFUSED = [
  [
    "a Parquet file that was cut in half",
    { "train.parquet": () => parquet.subarray(0, parquet.length / 2) },
    /train\.parquet is not a Parquet file that can be read: it does not end as one; was the .*cut off/,
  ],
  ["an empty Parquet file", { "train.parquet": "" }, /train\.parquet .* it has 0 bytes only/],
  ["a page of HTML for Parquet", { "train.parquet": PAGE }, /is not a Parquet file/],
  ["a page of HTML for CSV", { "train.csv": PAGE }, /train\.csv is an HTML page, not data/],
  ["a page of HTML for JSON", { "train.jsonl": PAGE }, /train\.jsonl is an HTML page, not data/],
  ["an empty CSV file", { "train.csv": "" }, /train\.csv is empty; expected a header line/],
  [
    "a CSV file with a row too long",
    { "train.csv": "text,label\na,0\nb,c,1\n" },
    /row 1 has 3 cells where the header has 2 \(line 3; it begins "b"\)/,
  ],
  [
    "a TSV file with a first row too long",
    { "train.tsv": "text\tlabel\na\tb\t0\nb\t1\n" },
    /row 0 has 3 cells where the header has 2/,
  ],
  ["a quote that is never closed", { "train.csv": 'text,label\n"a,0\nb,1\n' }, /line 2/],
  [
    "text in UTF-16",
    { "train.csv": () => Buffer.from(`\ufeff${ROWS}`, "utf16le") },
    /train\.csv is not UTF-8 text/,
  ],
  [
    "a compressed file that was cut",
    { "train.csv.gz": () => gzipSync(ROWS.repeat(99)).subarray(0, 30) },
    /train\.csv\.gz cannot be unpacked/,
  ],
  [
    "text among a column's numbers",
    { "train.jsonl": '{"a":1}\n{"a":"b"}\n' },
    /column a mixes int64 and string \(row 1: "b"\)/,
  ],
  ["rows that are no objects", { "train.jsonl": "1\n2\n" }, /row 0 is 1; expected an object/],
  [
    "a line that is no JSON",
    { "train.jsonl": '{"a":1}\n{"a":\n' },
    /train\.jsonl, line 2, is not JSON/,
  ],
  [
    "a column that every object has",
    { "train.jsonl": '{"__proto__":{"x":1},"a":1}\n' },
    /a column cannot be named __proto__/,
  ],
  [
    "files of different columns",
    { "train-0.csv": ROWS, "train-1.csv": "text,stars\na,1\n" },
    /train-1\.csv has the columns text, stars; the files before it have text, label/,
  ],
  [
    "a label that its classes do not have",
    { "README.md": LABELS, "train.csv": "text,label\na,0\nb,7\n" },
    /column label, row 1: Class label 7 greater than configured num_classes 2/,
  ],
  [
    "a card that is no YAML",
    { "README.md": card("configs: ["), "train.csv": ROWS },
    /README\.md: its YAML header cannot be read: .* at line 1/,
  ],
  [
    "a card whose files are none",
    { "README.md": card("configs: [{config_name: x, data_files: 7}]"), "train.csv": ROWS },
    /README\.md: \{"config_name":"x","data_files":7\} is no configuration/,
  ],
  [
    "a card that leads out of the repository",
    { "README.md": card("configs: [{config_name: x, data_files: ../../x}]"), "train.csv": ROWS },
    /holds no file that matches \.\.\/\.\.\/x/,
  ],
  [
    "no data at all",
    { "train.zip": "PK" },
    /holds no data files; expected csv, .*\(there are train\.zip\)/,
  ],
];

for (const [what, files, message] of REFUSED)
  test(`refused: ${what}`, async (t) => {
    const contents = Object.entries(files).map(([name, content]) => [
      name,
      typeof content === "function" ? content() : content,
    ]);
    const { load, datasets_cache } = await data_of(t, Object.fromEntries(contents));
    await assert_refused(load(), message);
    assert.deepEqual(await files_in(datasets_cache), [], "no table is left");
  });

test("splits of different types are refused, each alone is read", async (t) => {
  const files = { "train.csv": ROWS, "test.csv": "text,label\na,good\n" };
  const { load } = await data_of(t, files);
  const message =
    /the split test does not go with the splits before it: column label, row 0: "good" cannot become int64/;
  await assert_refused(load(), message);
  assert.deepEqual([...(await load({ split: "test" }))["label"]], ["good"]);
});

const ANSWERS = [
  ["gzip_bomb", /train\.csv of the dataset "org\/data" has more bytes where the Hub lists 19/],
  ["endless", /has more bytes where the Hub lists 19; nothing was kept/],
  ["captive_portal", /^a web page came in the place of train\.csv of the dataset "org\/data"/],
  ["wrong_bytes", /did not arrive as the Hub lists it \(its hash differs\); nothing was kept/],
  ["gated", /"org\/data" is gated and this token's account has no access; ask for it at http/],
  ["redirect_loop", /cannot be reached for train\.csv of the dataset "org\/data"/],
  ["status", /train\.csv of the dataset "org\/data"/],
];

for (const [kind, message] of ANSWERS)
  test(`an answer that is none leaves neither a file nor a table: ${kind}`, async (t) => {
    const { hub, load, cache_dir, datasets_cache } = await data_of(t, { "train.csv": ROWS });
    hub.fault({ kind, path: "train.csv" });
    await assert_refused(load(), message);
    assert.deepEqual(await files_in(datasets_cache), []);
    const kept = (await readdir(cache_dir, { recursive: true })).filter((name) =>
      /snapshots\/.*train|blobs\/./.test(name),
    );
    assert.deepEqual(kept, []);
    hub.clear_faults();
    assert.deepEqual((await load()).num_rows, { train: 2 }, "and the next load has it");
  });

test("names that are none are answered with those that are, or are near", async (t) => {
  const { load, options } = await data_of(t, { "train.csv": ROWS });
  const near = load_dataset("org/date", { ...options });
  await assert_refused(near, /there is no dataset "org\/date" .*did you mean "org\/data"\?$/);
  await assert_refused(load("x"), /BuilderConfig 'x' not found\. Available: \['default'\]/);
  await assert_refused(
    load({ split: "trian" }),
    /Unknown split "trian"\. Should be one of train; did you mean train\?$/,
  );
  await assert_refused(load({ revision: "v9" }), /"org\/data" has no revision "v9"/);
  for (const nothing of [undefined, "", " ", 7])
    await assert_refused(load_dataset(nothing), /^load_dataset needs a dataset's name, /);
});

test("byte order marks, CRLF, NUL and lone surrogates are read", async (t) => {
  const { load } = await data_of(t, {
    "train.csv": "\ufefftext,label\r\na\0b,0\r\n\r\nb,1",
    "test.jsonl": '\ufeff{"text":"a\\ud800b","label":0}\r\n{"text":null,"label":1}\r\n',
  });
  const { train, test: other } = await load();
  assert.deepEqual(train.slice(0, 2), { text: ["a\0b", "b"], label: [0, 1] });
  assert.deepEqual(other.slice(0, 2), { text: ["a\ufffdb", null], label: [0, 1] });
});

test("a cell of 10 MB is read, and a quoted one of 1 MB", async (t) => {
  const word = "word ";
  const long = word.repeat(2 * 2 ** 20);
  const quoted = `${word},`.repeat(2 ** 20 / 6);
  const { load } = await data_of(t, {
    "train.csv": `text,label\n${long},0\nb,1\n`,
    "test.csv": `text,label\n"${quoted}",0\nb,1\n`,
  });
  const { train, test: other } = await load();
  assert.ok(train[0].text === long && other[0].text === quoted, "every character is there");
  assert.deepEqual([train[1], other[1]], Array(2).fill({ text: "b", label: 1 }));
});

test("files without rows are datasets without rows", async (t) => {
  const { load } = await data_of(t, { "train.csv": "text,label\n", "test.csv": ROWS });
  assert.deepEqual((await load()).num_rows, { train: 0, test: 2 });
});
