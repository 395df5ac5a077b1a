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
