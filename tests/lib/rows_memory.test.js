// Rows stream from Parquet files through a tokenizer to tables on disk: what is held does not grow with their number.
import assert from "node:assert/strict";
import { test } from "node:test";
import { rows_files } from "../bench/suites/rows_files.js";
import { repository, run, temporary_folder } from "./support.js";

const ROWS = 200_000;
const TIMES = 4;

/** The most that a process held of the files' rows, in megabytes. */
async function megabytes_of(t, files) {
  const folder = await temporary_folder(t);
  const { code, stdout, stderr } = await run(
    process.execPath,
    [
      "--max-semi-space-size=4", // V8's own choice would grow to some 60 MB, the sooner the busier the machine
      repository("tests/lib/load_and_map_rows.js"),
      repository("assets/hub/tunelab/bert-tiny-random"),
      ...files,
    ],
    { env: { ...process.env, HF_DATASETS_CACHE: folder } },
  );
  assert.equal(code, 0, stderr);
  const { rows, bytes } = JSON.parse(stdout);
  t.diagnostic(`${rows} rows: at most ${(bytes / 2 ** 20).toFixed(0)} MB`);
  return { rows, megabytes: bytes / 2 ** 20 };
}

// Twenty to thirty-five megabytes either way. Where buffers, or arrays that V8 takes for long-lived, are left to its
// garbage collector, either is beyond its bound.
test("four times the rows are loaded and tokenized in the same memory", async (t) => {
  const files = await rows_files(await temporary_folder(t), ROWS);
  const once = await megabytes_of(t, files);
  const more = await megabytes_of(t, Array(TIMES).fill(files).flat());
  assert.equal(once.rows, ROWS);
  assert.equal(more.rows, TIMES * ROWS);
  assert.ok(more.megabytes < 60, `${more.megabytes} MB`);
  assert.ok(more.megabytes - once.megabytes < 20, `from ${once.megabytes} to ${more.megabytes} MB`);
});
