// Names and texts of a dataset that hold a terminal's control characters: shown, never obeyed.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { assert_one_line, PAIR_MODEL, run_tunelab, temporary_folder } from "./support.js";

/** Clears the screen, sets the window's title, turns the writing around; the last as one byte of older terminals. */
const HOSTILE = "\x1b[2J\x1b]0;title\x07\r\u202e\x9b31m";
const SHOWN = "\\u001b[2J\\u001b]0;title\\u0007\\u000d\\u202e\\u009b31m";
// eslint-disable-next-line no-control-regex -- those characters are what it is about
const CONTROLS = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]/;

/** @param {string} file @param {string[]} options */
const train = (file, folder, options) =>
  run_tunelab([
    ...["train", "--model", PAIR_MODEL, "--output", join(folder, "out"), "--threads", "1"],
    ...["--dataset", file, "--max-steps", "1", ...options],
  ]);

async function file_with(t, rows) {
  const folder = await temporary_folder(t);
  const file = join(folder, "rows.jsonl");
  await writeFile(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  return { folder, file };
}

test("columns, labels and broken JSON in an error are one line without control characters", async (t) => {
  const named = await file_with(t, [{ [`a\n${HOSTILE}`]: "x" }]);
  const no_column = await train(named.file, named.folder, []);
  assert_one_line(no_column, 1, /no column label/);
  assert.ok(no_column.stderr.includes(`a\\u000a${SHOWN}`), no_column.stderr);
  assert.doesNotMatch(no_column.stderr, CONTROLS);

  const labels = [`no${HOSTILE}`, `yes${HOSTILE}`];
  const { file, folder } = await file_with(t, [
    { text: "a", label: labels[0] },
    { text: "b", label: labels[1] },
  ]);
  const other = await file_with(t, [{ text: "a", label: `never${HOSTILE}` }]);
  const unknown = await train(file, folder, ["--validation-file", other.file]);
  assert_one_line(unknown, 1, /label out of range/);
  assert.doesNotMatch(unknown.stderr, CONTROLS);

  await writeFile(file, `{"text": ${HOSTILE}}\n`);
  const broken = await train(file, folder, []);
  assert_one_line(broken, 1, /is not JSON/);
  assert.doesNotMatch(broken.stderr, CONTROLS);
});

test("predict writes such texts as JSON that reads back the same", async () => {
  const text = `hello ${HOSTILE}`;
  const options = ["--model", PAIR_MODEL, "--text", text, "--text-pair", "b", "--threads", "1"];
  const { code, stdout, stderr } = await run_tunelab(["predict", ...options]);
  assert.equal(code, 0, stderr);
  assert.doesNotMatch(stdout, CONTROLS);
  assert.equal(JSON.parse(stdout).text, text);
});
