// A class behind one address stays within what the Hub grants it.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import {
  AutoModelForSequenceClassification,
  AutoTokenizer,
  load_dataset,
} from "../../web/lib/index.js";
import { ANONYMOUS } from "../hub/rate_limits.js";
import { hub_for, MODEL } from "./hub_support.js";
import { start_core, temporary_folder } from "./support.js";

const STUDENTS = 30;

before(() => start_core());

test("thirty students who load model, tokenizer and dataset twice use half of the Hub's limits", async (t) => {
  const { hub, asked, options } = await hub_for(t, { limits: ANONYMOUS });
  const folders = [];
  for (let i = 0; i < STUDENTS; i++) folders.push(await temporary_folder(t));
  /** Everybody at once, each with a cache of their own; how many requests the Hub counts of its API and of files. */
  const start = async () => {
    await Promise.all(
      folders.map(async (cache_dir) => {
        const own = { ...options, cache_dir };
        await AutoTokenizer.from_pretrained(MODEL, own);
        (await AutoModelForSequenceClassification.from_pretrained(MODEL, own)).free();
        const { train } = await load_dataset("tunelab/emotion", { ...own, keep_in_memory: true });
        assert.equal(train.num_rows, 1260);
      }),
    );
    assert.ok(!hub.requests.some(({ status }) => status === 429));
    const lines = asked().filter((line) => line.startsWith("hub "));
    const files = lines.filter((line) => /\/resolve(-cache)?\//.test(line)).length;
    return { api: lines.length - files, files };
  };
  const first = await start();
  const second = await start();
  // In each start a revision for the tokenizer, the model and the dataset (within a minute one answer would do for
  // the first two); in the first, two listings besides.
  assert.deepEqual([first.api, second.api], [5 * STUDENTS, 3 * STUDENTS]);
  assert.equal(second.files, 0);
  assert.ok(first.api + second.api < ANONYMOUS.api / 2);
  assert.ok(first.files < ANONYMOUS.resolvers / 2, `${first.files} requests for files`);
});
