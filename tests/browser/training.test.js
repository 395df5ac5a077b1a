// The library trains in a page's worker, as it does in Node.js: with threads where the page is cross-origin isolated, on
// one thread where it is not.
import assert from "node:assert/strict";
import { test } from "node:test";
import { in_browsers, tab_for } from "./in_browsers.js";
import { run } from "./programs/train_a_little.js";

const PROGRAM = "tests/browser/programs/train_a_little.js";
const MODEL = "assets/hub/tunelab/bert-tiny-random";
const DATA = "assets/hub/datasets/tunelab/emotion/data/train-00000-of-00001.parquet";
const STEPS = 5;
const THREADS = 2;

/** What Node.js learns from the same steps. */
const expected = await run({ model: MODEL, train_file: DATA, steps: STEPS, threads: THREADS });

test("Node.js takes the steps that browsers are compared to", () => {
  assert.equal(expected.losses.length, STEPS);
  assert.ok(expected.losses.every((loss) => loss > 0.5 && loss < 3));
});

for (const isolated of [true, false])
  in_browsers(
    `five steps give Node.js's losses on ${isolated ? "two threads" : "one thread, where memory cannot be shared"}`,
    ["chromium", "firefox"],
    async (browser, t) => {
      const { session, tab } = await tab_for(browser, t, { isolated });
      const at = (/** @type {string} */ path) => `${session.origin}/${path}`;
      const given = { model: at(MODEL), train_file: at(DATA), steps: STEPS, threads: THREADS };
      const trained = await tab.run(PROGRAM, given);
      assert.equal(trained.threads, isolated ? THREADS : 1);
      assert.match(trained.build, isolated ? /-threads$/ : /^(relaxed|simd)$/);
      // One build's results are the same anywhere; browsers may be without relaxed SIMD.
      if (trained.build.startsWith("relaxed") === expected.build.startsWith("relaxed"))
        assert.deepEqual(trained.losses, expected.losses);
      assert.equal(trained.losses.length, STEPS);
    },
  );
