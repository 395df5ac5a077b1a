// map and filter in a page's worker and in workers that it starts: the results are Node.js's.
import assert from "node:assert/strict";
import { test } from "node:test";
import { in_browsers, tab_for } from "./in_browsers.js";
import { run } from "./programs/map_words.js";

const MODEL = "assets/hub/tunelab/bert-tiny-random";
const expected = await run({ model: MODEL });

test("in Node.js, workers give what one process gives", () => {
  assert.deepEqual(expected.together, expected.alone);
  assert.deepEqual(expected.ranks, [0, 1]);
  assert.equal(expected.even.length, 25);
  assert.match(expected.refused, /workers, which do not have tokenizer from around it/);
});

in_browsers(
  "map and filter give Node.js's results",
  ["chromium", "firefox"],
  async (browser, t) => {
    const { session, tab } = await tab_for(browser, t);
    const made = await tab.run("tests/browser/programs/map_words.js", {
      model: `${session.origin}/${MODEL}`,
    });
    assert.deepEqual(made, expected);
  },
);

in_browsers(
  "workers read and write the origin's own file system; another tab finds the result",
  ["chromium", "firefox"],
  async (browser, t) => {
    const { session, tab } = await tab_for(browser, t);
    const program = "tests/browser/programs/map_on_disk.js";
    const first = await tab.run(program, {});
    assert.deepEqual(first.rows, [
      { word: "word 0", length: 6, rank: 0 },
      { word: "word 29", length: 7, rank: 1 },
    ]);
    assert.deepEqual(first.storages, Array(3).fill("OpfsStorage"));
    assert.deepEqual(first.paths, [
      "words/rows.table",
      "words/cache-…-00000-of-00002.table",
      "words/cache-…-00001-of-00002.table",
    ]);
    assert.equal(first.rows_run, 30);
    const second = await (await session.open_tab()).run(program, {});
    assert.deepEqual(second, { ...first, rows_run: 0 });
  },
);
