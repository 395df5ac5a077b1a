// The terminal program with a model's name on the Hub.
import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { download_display } from "../../web/cli/download_display.js";
import { Terminal } from "../../web/cli/terminal.js";
import { with_named_config } from "../../web/cli/named_dataset.js";
import { folder_with, hub_for, MODEL } from "./hub_support.js";
import { assert_one_line, PAIR_MODEL, repository, run } from "./support.js";

/** Runs `tunelab predict` on a stand-in's model. */
function predict({ hub, cache_dir }, model, ...more) {
  const env = { ...process.env, HF_ENDPOINT: hub.endpoint, HF_HUB_CACHE: cache_dir };
  const args = ["predict", "--model", model, "--text", "A young farmer", ...more];
  return run(process.execPath, [repository("web/cli/tunelab.js"), ...args], { env });
}

test("a model is taken by its name, and without the Hub once it was", async (t) => {
  const made = await hub_for(t);
  const first = await predict(made, MODEL);
  assert.equal(first.code, 0, first.stderr);
  assert.match(JSON.parse(first.stdout).label, /^LABEL_/);
  await made.hub.close();
  const second = await predict(made, MODEL);
  assert.equal(second.stdout, first.stdout);
  assert.match(second.stderr, /going on with what the cache has of it/);
});

test("a name that nobody knows, and a revision that is not there, are one line", async (t) => {
  const made = await hub_for(t);
  const unknown = await predict(made, "tunelab/bert-tiny-randon");
  assert_one_line(unknown, 1, /did you mean "tunelab\/bert-tiny-random"\?$/);
  const revision = await predict(made, MODEL, "--model-revision", "v9");
  assert_one_line(revision, 1, /has no revision "v9"; expected a branch, a tag or a commit hash$/);
});

test("train takes model and dataset by their names", async (t) => {
  const made = await hub_for(t);
  const output = join(made.cache_dir, "model");
  const args = ["train", "--model", MODEL, "--dataset", "tunelab/emotion", "--output", output];
  const few = ["--max-steps", "3", "--max-train-samples", "24", "--eval-strategy", "no"];
  const env = {
    ...process.env,
    HF_ENDPOINT: made.hub.endpoint,
    HF_HOME: made.cache_dir,
  };
  const program = repository("web/cli/tunelab.js");
  const trained = await run(process.execPath, [program, ...args, ...few], { env });
  assert.equal(trained.code, 0, trained.stderr);
  assert.match(trained.stderr, /on 24 rows: text → 6 classes/);
  assert.ok((await readdir(output)).includes("model.safetensors"));
});

test("a configuration stands behind the dataset's name, and splits are chosen by parts", async (t) => {
  const lines = (from, count) =>
    Array.from({ length: count }, (_, i) => `words ${from + i},w,${i % 2}\n`).join("");
  const card = `---
configs:
- config_name: few
  data_files: few.csv
- config_name: many
  data_files:
  - split: rows
    path: many.csv
  - split: rest
    path: few.csv
---
`;
  const root = await folder_with(t, {
    "datasets/org/data/README.md": card,
    "datasets/org/data/few.csv": `said,other,mark\n${lines(0, 4)}`,
    "datasets/org/data/many.csv": `said,other,mark\n${lines(4, 40)}`,
  });
  const { hub, cache_dir } = await hub_for(t, { root });
  const env = { ...process.env, HF_ENDPOINT: hub.endpoint, HF_HOME: cache_dir };
  const tunelab = (...args) =>
    run(process.execPath, [repository("web/cli/tunelab.js"), ...args], { env });
  const output = join(cache_dir, "model");
  const rows = ["--dataset", "org/data/many", "--text-columns", "said", "--label-column", "mark"];
  const few = ["--model", PAIR_MODEL, "--output", output, "--max-steps", "1"];
  const parts = ["--train-split", "rows[:75%]", "--validation-split", "rows[75%:]+rest"];
  const trained = await tunelab("train", ...few, ...rows, ...parts);
  assert.equal(trained.code, 0, trained.stderr);
  assert.match(trained.stderr, /on 30 rows: said → 2 classes/);
  const measured = ["evaluate", "--model", output, ...rows, "--split"];
  assert.match(
    (await tunelab(...measured, "rows[10:20]+rest")).stdout,
    /^14 rows of rows\[10:20\]\+rest:/,
  );
  assert_one_line(await tunelab(...measured, "rwos[:3]"), 1, /rows, rest; did you mean rows\?$/);
  const unsaid = await tunelab("train", ...few, ...rows);
  assert_one_line(
    unsaid,
    1,
    /no training split; choose a --train-split: the splits are rows, rest$/,
  );
});

test("a configuration is told from a repository, and from what is here", () => {
  const named = (dataset, more) => {
    const { dataset: path, "dataset-config": name } = with_named_config({ dataset, ...more });
    return [path, name];
  };
  assert.deepEqual(named("glue/mrpc"), ["glue", "mrpc"]);
  assert.deepEqual(named("nyu-mll/glue/mrpc"), ["nyu-mll/glue", "mrpc"]);
  assert.deepEqual(named("glue/mprc"), ["glue/mprc", undefined]);
  assert.deepEqual(named("dair-ai/emotion"), ["dair-ai/emotion", undefined]);
  assert.deepEqual(named("./nyu-mll/glue/mrpc"), ["./nyu-mll/glue/mrpc", undefined]);
  assert.deepEqual(named("a/b/c", { "dataset-config": "d" }), ["a/b/c", "d"]);
  assert.deepEqual(named("web/cli/main.js"), ["web/cli/main.js", undefined], "a file");
});

/** What a terminal shows of a download of 20 MB at half of it. */
function shown(isTTY) {
  let text = "";
  const stream = { isTTY, columns: 100, write: (part) => (text += part) };
  const show = download_display(new Terminal({ stream }));
  const what = { name: "org/name", file: "model.safetensors" };
  show({ status: "initiate", ...what });
  show({ status: "progress", ...what, loaded: 10e6, total: 20e6, progress: 50 });
  show({ status: "done", ...what });
  return text;
}

test("a download shows as a bar on a screen and as a line elsewhere", () => {
  const bar = `downloading model.safetensors ${"━".repeat(12)}${"─".repeat(12)} 10.0/20.0 MB`;
  assert.equal(shown(true), `\r\x1b[K${bar}\r\x1b[K`);
  assert.equal(shown(false), "downloading model.safetensors of org/name, 20.0 MB\n");
});
