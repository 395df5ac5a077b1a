// The terminal program with a model's name on the Hub.
import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { download_display } from "../../web/cli/download_display.js";
import { Terminal } from "../../web/cli/terminal.js";
import { hub_for, MODEL } from "./hub_support.js";
import { assert_one_line, repository, run } from "./support.js";

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
