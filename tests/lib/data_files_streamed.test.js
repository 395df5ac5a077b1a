// Text files as they stream: types found over blocks, rows over the ends of pieces, compression and its
// traps, and the table on disk that the next load finds.
import assert from "node:assert/strict";
import { readdir, readFile, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { load_dataset } from "../../web/lib/index.js";
import { logged, repository, run, temporary_folder } from "./support.js";

/** Longer than the pieces that readers take. */
const ROWS = 60_000;
const row_numbers = Array.from({ length: ROWS }, (_, row) => row);

async function file_of(t, name, content) {
  const path = join(await temporary_folder(t), name);
  await writeFile(path, content);
  return path;
}

const load = async (t, name, content, options = {}) =>
  load_dataset(await file_of(t, name, content), { split: "train", ...options });

test("CSV: a late cell decides a column's type, and the cells before keep their text", async (t) => {
  const lines = row_numbers.map((row) => `00${row},${row},${row},true,${10n ** 17n + BigInt(row)}`);
  lines.push("x1,0.5,1.0,yes,7");
  const dataset = await load(t, "a.csv", `code,half,one,flag,id\n${lines.join("\n")}\n`);
  assert.equal(
    String(dataset.features),
    "{'code': Value('string'), 'half': Value('float64'), 'one': Value('float64'), 'flag': Value('string'), 'id': Value('int64')}",
  );
  assert.deepEqual(dataset[5], { code: "005", half: 5, one: 5, flag: "true", id: 10n ** 17n + 5n });
  assert.deepEqual(dataset.at(-1), { code: "x1", half: 0.5, one: 1, flag: "yes", id: 7 });
});

test("CSV: quoted cells with line ends and delimiters go over the ends of pieces", async (t) => {
  const cell = (row) => `"line ${row}\nwith, ""more"" ${"x".repeat(row % 50)}"`;
  const csv = `text,n\n${row_numbers.map((row) => `${cell(row)},${row}`).join("\n")}`;
  const dataset = await load(t, "a.csv", csv);
  assert.equal(dataset.num_rows, ROWS);
  for (const row of [0, 9_999, 31_007, ROWS - 1])
    assert.deepEqual(dataset[row], {
      text: `line ${row}\nwith, "more" ${"x".repeat(row % 50)}`,
      n: row,
    });
});

test("CSV: a ragged row far into the file is named with its line", async (t) => {
  const lines = row_numbers.map((row) => `"two\nlines",${row}`);
  lines[50_000] = "one,two,three";
  await assert.rejects(load(t, "a.csv", `text,n\n${lines.join("\n")}\n`), {
    status: "TL_ERR_FORMAT",
    message: /row 50000 has 3 cells where the header has 2 \(line 100002; it begins "one"\)/,
  });
});

test("JSON Lines and a JSON list give the same rows, wherever their pieces end", async (t) => {
  const rows = row_numbers.map((row) => ({
    text: `a "quoted" {brace} [list], \\ and ${row}`,
    n: row === ROWS - 1 ? 0.5 : row,
    nested: { ids: [row], name: row % 2 ? null : "x" },
  }));
  const by_line = await load(t, "a.jsonl", rows.map((row) => JSON.stringify(row)).join("\n"));
  const by_list = await load(t, "a.json", JSON.stringify(rows, null, 1));
  for (const dataset of [by_line, by_list]) {
    assert.equal(dataset.num_rows, ROWS);
    assert.equal(String(dataset.features.n), "Value('float64')");
    for (const row of [0, 1, 31_007, ROWS - 1]) assert.deepEqual(dataset[row], rows[row]);
  }
});

test("JSON: a list that does not end, or goes on after its end, is refused", async (t) => {
  await assert.rejects(load(t, "a.json", '[{"x": 1}, {"x": "]'), /its list does not end/);
  await assert.rejects(load(t, "a.json", '[{"x": 1}] {"x": 2}'), /after its list it goes on with/);
});

test("text: a row a line, a paragraph or a document", async (t) => {
  const text = "one\ntwo\r\n\nthree\n";
  const rows = async (options) => [...(await load(t, "a.txt", text, options))["text"]];
  assert.deepEqual(await rows(), ["one", "two", "", "three"]);
  assert.deepEqual(await rows({ sample_by: "document" }), [text.replace("\r\n", "\n")]);
  assert.deepEqual(
    [...(await load(t, "b.txt", "a\nb\n\nc\n\n\n", { sample_by: "paragraph" }))["text"]],
    ["a\nb", "c", "\n"],
  );
  await assert.rejects(rows({ sample_by: "word" }), /expected line, paragraph or document/);
});

const CSV = `text,n\n${row_numbers.map((row) => `row ${row},${row}`).join("\n")}\n`;

for (const [ending, pack] of [
  ["gz", gzipSync],
  ["zst", zstdCompressSync],
])
  test(`.${ending} files are unpacked as they stream, and refused where they are cut off`, async (t) => {
    const packed = pack(CSV);
    const dataset = await load(t, `a.csv.${ending}`, packed);
    assert.deepEqual([dataset.num_rows, dataset.at(-1).n], [ROWS, ROWS - 1]);
    await assert.rejects(load(t, `a.csv.${ending}`, packed.subarray(0, packed.length >> 1)), {
      status: "TL_ERR_FORMAT",
      message: /a\.csv\.\w+ cannot be unpacked/,
    });
  });

test("a file made to fill the disk is given up, and other compressions are refused by name", async (t) => {
  const bomb = gzipSync(Buffer.alloc(80 << 20, "x"));
  assert.ok(bomb.length < 400_000);
  await assert.rejects(load(t, "a.csv.gz", bomb), {
    status: "TL_ERR_FORMAT",
    message: /it grows to more than 200 times its size/,
  });
  await assert.rejects(load(t, "a.csv.xz", "x"), {
    status: "TL_ERR_UNSUPPORTED",
    message: /files that end in \.xz are not unpacked; \.gz and \.zst are/,
  });
});

test("a Zstandard file of which four bytes stand for 128 KB does not fill the memory", async (t) => {
  const header = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38]); // a window of 128 KB
  const block = Buffer.alloc(4, "x");
  block.writeUIntLE((131_072 << 3) | (1 << 1), 0, 3); // one byte, repeated
  const eight_gigabytes = Buffer.concat([header, ...Array(1 << 16).fill(block)]);
  await assert.rejects(load(t, "a.csv.zst", eight_gigabytes), {
    status: "TL_ERR_FORMAT",
    message: /it grows to more than 200 times its size/,
  });
});

/** The table's file of a dataset on disk. */
function table_path(dataset) {
  const [{ storage, path }] = dataset._table.files;
  return join(storage.location, path);
}

test("a second load reads the table, not the file; a file that changed is read again", async (t) => {
  const path = await file_of(t, "a.csv", "text\nold\n");
  const when = new Date(2020, 1, 1);
  await utimes(path, when, when);
  const first = await load_dataset(path, { split: "train" });
  assert.deepEqual([...first["text"]], ["old"]);
  // Same size and time: nothing tells that the content is another.
  await writeFile(path, "text\nnew\n");
  await utimes(path, when, when);
  const second = await load_dataset(path, { split: "train" });
  assert.deepEqual([...second["text"]], ["old"]);
  assert.equal(second._fingerprint, first._fingerprint);
  const again = { split: "train", download_mode: "force_redownload" };
  assert.deepEqual([...(await load_dataset(path, again))["text"]], ["new"]);
  await writeFile(path, "text\nlonger\n");
  const third = await load_dataset(path, { split: "train" });
  assert.deepEqual([...third["text"]], ["longer"]);
  assert.notEqual(third._fingerprint, first._fingerprint);
  const other = await load_dataset(path, { split: "train", delimiter: ";" });
  assert.notEqual(other._fingerprint, third._fingerprint, "options count");
});

test("a table that was damaged is told and made anew; a load that fails leaves none", async (t) => {
  const path = await file_of(t, "a.csv", CSV);
  const table = table_path(await load_dataset(path, { split: "train" }));
  await writeFile(table, (await readFile(table)).subarray(0, 1000));
  const lines = await logged(async () => {
    const dataset = await load_dataset(path, { split: "train" });
    assert.equal(dataset.at(-1).n, ROWS - 1);
  });
  assert.match(lines.join("\n"), /rows\.table was cut off; remove it; it is made anew/);
  const before = (await readdir(dirname(dirname(table)))).length;
  await assert.rejects(load(t, "b.csv", `${CSV}one,two,three\n`), /3 cells/);
  const after = await readdir(dirname(dirname(table)), { recursive: true });
  assert.deepEqual(
    after.filter((name) => name.endsWith(".part")),
    [],
  );
  assert.ok(after.filter((name) => name.endsWith(".table")).length <= before);
});

test("keep_in_memory writes nothing", async (t) => {
  const dataset = await load(t, "a.csv", "text\nkept in memory\n", { keep_in_memory: true });
  assert.deepEqual(dataset._table.files, []);
  assert.deepEqual([...dataset["text"]], ["kept in memory"]);
});

test("a file larger than the memory it may have is loaded, and read at random", async (t) => {
  const line = (row) => JSON.stringify({ text: `row ${row} ${"and so on ".repeat(20)}`, n: row });
  const lines = Array.from({ length: 300_000 }, (_, row) => line(row));
  const path = await file_of(t, "large.jsonl", lines.join("\n"));
  const program = `
    import { load_dataset } from ${JSON.stringify(repository("web/lib/index.js"))};
    const dataset = await load_dataset(${JSON.stringify(path)}, { split: "train" });
    let sum = 0;
    for (const row of dataset.shuffle({ seed: 1 }).select([1, 2, 3, 299_999])) sum += row.text.length;
    console.log(dataset.num_rows, sum > 0);`;
  const limit = ["--max-old-space-size=40", "--input-type=module", "--eval", program];
  const { code, stdout, stderr } = await run(process.execPath, limit);
  assert.equal(code, 0, stderr);
  assert.equal(stdout.trim(), "300000 true");
});
