// The terminal program with datasets' names on the Hub that lead nowhere, or to rows it cannot train on: one line each.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import assert from "node:assert/strict";
import { test } from "node:test";
import { folder_with, hub_for } from "./hub_support.js";
import { assert_one_line, PAIR_MODEL, repository, run_tunelab } from "./support.js";

const ROWS = "text,label\na boat,1\na farmer,0\n";

/** `tunelab train` on "org/data" of a stand-in, with empty caches. */
async function train_on(t, files, { dataset = "org/data", options = [], fault } = {}) {
  const at = Object.entries(files).map(([name, content]) => [`datasets/org/data/${name}`, content]);
  const { hub, cache_dir } = await hub_for(t, {
    root: await folder_with(t, Object.fromEntries(at)),
  });
  if (fault) hub.fault(fault);
  const { HF_DATASETS_CACHE: _, ...others } = process.env;
  const env = { ...others, HF_ENDPOINT: hub.endpoint, HF_HOME: cache_dir, HF_TOKEN: "hf_secret" };
  const output = join(cache_dir, "out");
  const args = ["--model", PAIR_MODEL, "--dataset", dataset, "--output", output, "--threads", "1"];
  const outcome = await run_tunelab(["train", ...args, "--max-steps", "1", ...options], { env });
  assert.ok(!outcome.stderr.includes("hf_secret"), "the token is not shown");
  return { outcome, cache_dir };
}

const REFUSED = [
  [
    "a dataset's name that nobody knows",
    { dataset: "org/date" },
    /no dataset "org\/date" .*did you mean "org\/data"\?$/,
  ],
  [
    "a configuration that is not there",
    { options: ["--dataset-config", "mrpc"] },
    /BuilderConfig 'mrpc' not found\. Available: \['default'\]$/,
  ],
  [
    "a revision that is not there",
    { options: ["--dataset-revision", "v9"] },
    /the dataset "org\/data" has no revision "v9"/,
  ],
  [
    "a column that is not there",
    { options: ["--label-column", "stars"] },
    /no column stars; the columns are text, label/,
  ],
  [
    "a dataset behind a gate",
    { fault: { kind: "gated", status: 403, path: "/resolve/" } },
    /is gated and this token's account has no access; ask for it at http/,
  ],
  [
    "a file that does not arrive as listed",
    { fault: { kind: "wrong_bytes", path: "train.csv" } },
    /train\.csv of the dataset "org\/data" did not arrive as the Hub lists it/,
  ],
];

for (const [what, given, message] of REFUSED)
  test(`refused: ${what}`, async (t) => {
    const { outcome, cache_dir } = await train_on(t, { "train.csv": ROWS }, given);
    assert_one_line(outcome, 1, message);
    const names = await readdir(cache_dir, { recursive: true });
    assert.ok(!names.some((name) => name.includes("incomplete")), names.join(" "));
    assert.ok(!names.includes("out"), "no output folder is made for nothing");
  });

test("refused: a text that is null, by its row", async (t) => {
  const rows = '{"text":"a","label":0}\n{"text":null,"label":1}\n';
  const { outcome } = await train_on(t, { "train.jsonl": rows });
  assert_one_line(outcome, 1, /column text must hold text, but row 1 is empty/);
});

test("refused: a Parquet file that was cut off", async (t) => {
  const emotion = "assets/hub/datasets/tunelab/emotion/data/test-00000-of-00001.parquet";
  const whole = await readFile(repository(emotion));
  const { outcome } = await train_on(t, { "train.parquet": whole.subarray(0, 5000) });
  assert_one_line(outcome, 1, /train\.parquet is not a Parquet file .*was the .*cut off\?/);
});
