// Parquet as pyarrow writes it: every type, codec and page version that is read, and what is refused.
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { parquetWriteBuffer } from "hyparquet-writer";
import { open_parquet } from "../../web/lib/datasets/readers/parquet_reader.js";
import { load_dataset } from "../../web/lib/index.js";
import { golden, repository, temporary_folder } from "./support.js";

const FOLDER = repository("tests/reference/goldens/parquet");
const expected = await golden("parquet/rows.json");

/** A row as the golden's JSON has it. */
const as_json = (row) =>
  JSON.parse(
    JSON.stringify(row, (_, value) => {
      if (typeof value === "bigint") return String(value);
      return value instanceof Uint8Array ? [...value] : value;
    }),
  );

for (const name of [
  "snappy_one_page",
  "zstd_second_version",
  "gzip_no_dictionary",
  "plain_row_groups",
  "delta_encodings",
  "lz4_brotli",
])
  test(`${name}: types as the datasets library tells them, and every row`, async () => {
    const dataset = await load_dataset(`${FOLDER}/${name}.parquet`, { split: "train" });
    const types = Object.entries(dataset.features).map(([column, type]) => [column, String(type)]);
    assert.deepEqual(Object.fromEntries(types), expected.features);
    assert.deepEqual([...dataset].map(as_json), expected.rows);
  });

test("columns names those to read, in that order", async () => {
  const options = { split: "train", columns: ["ids", "text"] };
  const dataset = await load_dataset(`${FOLDER}/plain_row_groups.parquet`, options);
  assert.deepEqual(dataset.column_names, ["ids", "text"]);
  assert.deepEqual(dataset[150], {
    ids: expected.rows[150].ids,
    text: expected.rows[150].text,
  });
  await assert.rejects(
    load_dataset(`${FOLDER}/plain_row_groups.parquet`, { columns: ["txet"] }),
    /plain_row_groups\.parquet: there is no column txet; the columns are text, category, i8/,
  );
});

async function refused(t, bytes, expectation, options = {}) {
  const path = join(await temporary_folder(t), "a.parquet");
  await writeFile(path, bytes);
  await assert.rejects(load_dataset(path, options), expectation);
}

test("a file that was cut off says so; one whose pages were spoilt names the column", async (t) => {
  const whole = await readFile(`${FOLDER}/gzip_no_dictionary.parquet`);
  const cut_off = {
    status: "TL_ERR_FORMAT",
    message: /a\.parquet is not .*was the download or copy cut off/,
  };
  await refused(t, whole.subarray(0, whole.length - 1000), cut_off);
  await refused(t, whole.subarray(0, 7), {
    status: "TL_ERR_FORMAT",
    message: /it has 7 bytes only/,
  });
  await refused(t, Buffer.alloc(0), { status: "TL_ERR_FORMAT", message: /it has 0 bytes only/ });
  const spoilt = Buffer.from(whole);
  spoilt.fill(0xff, 4, 400);
  await refused(t, spoilt, { status: "TL_ERR_FORMAT", message: /a\.parquet, column text, is not/ });
});

test("a type that is not read is refused with its column and the way to the others", async (t) => {
  const file = parquetWriteBuffer({
    schema: [
      { name: "root", num_children: 2 },
      { name: "n", type: "INT32", repetition_type: "REQUIRED" },
      { name: "at", type: "INT32", repetition_type: "REQUIRED", converted_type: "TIME_MILLIS" },
    ],
    columnData: [
      { name: "n", data: [1, 2] },
      { name: "at", data: [1, 2] },
    ],
  });
  const expectation = {
    status: "TL_ERR_UNSUPPORTED",
    message:
      /column at is of Parquet's type TIME_MILLIS, which is not read; name the others with columns/,
  };
  await refused(t, Buffer.from(file), expectation);
  const path = join(await temporary_folder(t), "a.parquet");
  await writeFile(path, Buffer.from(file));
  const others = await load_dataset(path, { split: "train", columns: ["n"] });
  assert.deepEqual([...others["n"]], [1, 2]);
});

test("where reads are requests, a small file's rows are one read", async () => {
  const bytes = await readFile(`${FOLDER}/plain_row_groups.parquet`);
  const reads = [];
  const far = {
    size: bytes.length,
    async *stream(begin, end) {
      reads.push([begin, end]);
      yield bytes.subarray(begin, end);
    },
    close: async () => {},
  };
  const opened = await open_parquet(far, {}, "far.parquet");
  const before = reads.length;
  let rows = 0;
  for await (const batch of opened.batches()) rows += batch.text.length;
  assert.equal(rows, expected.rows.length);
  assert.deepEqual(reads.slice(before), [[0, bytes.length]]);
});
