// Models and tokenizers by their names on the Hub: the same as from a folder, with few requests, and without any Hub
// once they are in the cache.
import assert from "node:assert/strict";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { before, test } from "node:test";
import { open_source } from "../../web/lib/hub/file_source.js";
import {
  AutoConfig,
  AutoModelForSequenceClassification,
  AutoTokenizer,
  configure_hub,
} from "../../web/lib/index.js";
import { hub_for, logits_of, MODEL } from "./hub_support.js";
import { logged, repository, start_core } from "./support.js";

before(() => start_core());

test("a model by name is the model of the folder; the second start asks once, and none without a Hub", async (t) => {
  const { options, asked, hub } = await hub_for(t);
  configure_hub({ revision_check_interval: 60 });
  const expected = await logits_of(repository(`assets/hub/${MODEL}`));
  assert.deepEqual(await logits_of(MODEL, options), expected);
  const first = asked();
  assert.equal(first.filter((line) => line.includes("/revision/")).length, 1, "for all three");
  assert.equal(first.filter((line) => line.includes("/tree/")).length, 1);
  const files = first.filter((line) => line.includes("/resolve/"));
  assert.equal(files.length, new Set(files).size, "no file comes twice");
  configure_hub({ revision_check_interval: 0 });
  await AutoConfig.from_pretrained(MODEL, options);
  assert.deepEqual(asked(), [`hub GET /api/models/${MODEL}/revision/main 200`]);
  const { revision } = await source_of(options);
  asked();
  assert.deepEqual(await logits_of(MODEL, { ...options, revision }), expected);
  configure_hub({ offline: true });
  assert.deepEqual(await logits_of(MODEL, options), expected);
  configure_hub({ offline: undefined });
  assert.deepEqual(await logits_of(MODEL, { ...options, local_files_only: true }), expected);
  assert.deepEqual(asked(), []);
  await hub.close();
  const lines = await logged(async () => {
    assert.deepEqual(await logits_of(MODEL, options), expected);
  });
  assert.match(
    lines[0],
    /cannot be reached for the model .*; going on with what the cache has of it$/,
  );
});

/** @param {object} options */
const source_of = (options) => open_source(MODEL, options);

test("a cache that Python filled, without a listing, serves where the Hub cannot be reached", async (t) => {
  const { options, hub, cache_dir } = await hub_for(t);
  const expected = await logits_of(MODEL, options);
  await rm(join(cache_dir, "models--tunelab--bert-tiny-random/trees"), { recursive: true });
  await hub.close();
  const lines = await logged(async () => {
    assert.deepEqual(await logits_of(MODEL, options), expected);
  });
  assert.match(lines[0], /cannot be reached for the model/);
});

test("a name that is neither a folder here nor on the Hub is said with both", async (t) => {
  const { options } = await hub_for(t);
  await assert.rejects(
    AutoTokenizer.from_pretrained("tunelab/bert-tiny-randon", options),
    /^HubError: there is no folder tunelab\/bert-tiny-randon here, and there is no model "tunelab\/bert-tiny-randon" on http\S+, or it is private .* did you mean "tunelab\/bert-tiny-random"\?$/,
  );
  await assert.rejects(
    AutoTokenizer.from_pretrained("./bert", options),
    /^TunelabError: there is no folder \.\/bert/,
  );
});

test("progress is told as transformers.js tells it", async (t) => {
  const { options } = await hub_for(t);
  const events = [];
  const progress_callback = (event) => events.push(event);
  await AutoModelForSequenceClassification.from_pretrained(MODEL, {
    ...options,
    progress_callback,
  });
  const of_weights = events.filter(({ file }) => file === "model.safetensors");
  const statuses = of_weights.map(({ status }) => status);
  assert.deepEqual(statuses.slice(0, 3), ["initiate", "download", "progress"]);
  assert.equal(statuses.at(-1), "done");
  for (const { status, name, loaded, total, progress } of of_weights.slice(2, -1)) {
    assert.deepEqual([status, name, total], ["progress", MODEL, 1576744]);
    assert.equal(progress, (100 * loaded) / total);
  }
  assert.deepEqual(events.at(-1), { status: "ready", name: MODEL });
});

test("a remote file is read by ranges, in few requests, and is the file", async (t) => {
  const { options, asked } = await hub_for(t);
  const source = await source_of(options);
  const expected = await readFile(repository(`assets/hub/${MODEL}/model.safetensors`));
  const remote = await source.open_remote("model.safetensors");
  assert.equal(remote.size, expected.length);
  for (const [begin, end] of [
    [remote.size - 8, remote.size],
    [remote.size - 2000, remote.size - 8],
    [0, 8],
    [8, 3000],
    [100_000, 900_000],
    [262_000, 263_000],
  ])
    assert.deepEqual(await read(remote, begin, end), expected.subarray(begin, end), `${begin}`);
  const ranges = asked().filter((line) => line.startsWith("cdn"));
  assert.equal(ranges.length, 4, ranges.join("\n"));
  await (await source.open("model.safetensors")).close();
  asked();
  const kept = await source.open_remote("model.safetensors");
  assert.deepEqual(await read(kept, 8, 3000), expected.subarray(8, 3000));
  await kept.close();
  assert.deepEqual(asked(), [], "what the cache has is read there");
});

/** @param {import("../../web/lib/hub/file_source.js").OpenFile} file */
async function read(file, begin, end) {
  const pieces = [];
  for await (const piece of file.stream(begin, end)) pieces.push(piece);
  return Buffer.concat(pieces);
}
