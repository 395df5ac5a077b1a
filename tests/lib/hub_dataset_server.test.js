// The dataset server's client: splits, features, sizes and rows of a dataset without downloading it, and what it says
// where there is none.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  viewer_info,
  viewer_parquet_files,
  viewer_rows,
  viewer_size,
  viewer_splits,
} from "../../web/lib/index.js";
import { folder_with, hub_for } from "./hub_support.js";

const EMOTION = "tunelab/emotion";
const LINES = ["one", "two", "three", "four"].map((text) => JSON.stringify({ text })).join("\n");

test("splits, features and numbers of rows are told without a download", async (t) => {
  const { hub, options } = await hub_for(t);
  const { splits, complete, partial } = await viewer_splits(EMOTION, options);
  assert.deepEqual(
    splits.map(({ config, split }) => `${config}/${split}`),
    ["default/train", "default/validation", "default/test"],
  );
  assert.deepEqual([complete, partial], [true, false]);
  const { configs } = await viewer_info(EMOTION, options);
  assert.equal(configs.default.features.label._type, "ClassLabel");
  const one = await viewer_info(EMOTION, { ...options, config_name: "default" });
  assert.deepEqual(one.configs, configs);
  assert.equal(configs.default.splits.validation.num_examples, 270);
  const sizes = await viewer_size(EMOTION, options);
  assert.deepEqual(
    sizes.splits.map(({ num_rows }) => num_rows),
    [1260, 270, 270],
  );
  assert.ok(hub.requests.every(({ server }) => server === "hub"));
});

test("the Parquet files of a dataset of which only a part was converted keep the split's name", async (t) => {
  const settings = { partial: [`datasets/${EMOTION}`] };
  const { hub, options } = await hub_for(t, { settings });
  const { files, partial } = await viewer_parquet_files(EMOTION, options);
  assert.equal(partial, true);
  assert.deepEqual(files.map(({ split, path }) => [split, path])[0], [
    "train",
    "default/partial-train/0000.parquet",
  ]);
  const branch = `${hub.endpoint}/datasets/${EMOTION}/resolve/refs%2Fconvert%2Fparquet`;
  for (const { path, size } of files) {
    const bytes = await (await fetch(`${branch}/${path}`)).arrayBuffer();
    assert.equal(bytes.byteLength, size);
  }
});

test("rows come by their numbers or by words in them", async (t) => {
  const root = await folder_with(t, { "datasets/org/lines/train.jsonl": LINES });
  const { options } = await hub_for(t, { root });
  const of = { ...options, config_name: "default", split: "train" };
  const some = await viewer_rows("org/lines", { ...of, offset: 1, length: 2 });
  assert.deepEqual(some.rows, [{ text: "two" }, { text: "three" }]);
  assert.deepEqual([some.row_indices, some.num_rows_total, some.truncated], [[1, 2], 4, false]);
  assert.deepEqual(Object.keys(some.features), ["text"]);
  const found = await viewer_rows("org/lines", { ...of, query: "our" });
  assert.deepEqual([found.rows, found.row_indices], [[{ text: "four" }], [3]]);
});

test("a former name is followed, which the dataset server itself does not do", async (t) => {
  const settings = { renamed: { "datasets/emotion": `datasets/${EMOTION}` } };
  const { asked, options } = await hub_for(t, { settings });
  const { repo_id, splits } = await viewer_splits("emotion", options);
  assert.deepEqual([repo_id, splits.length], [EMOTION, 3]);
  asked();
  await viewer_info("emotion", options);
  assert.deepEqual(asked(), ["hub GET /info 200"], "the present name is remembered");
});

test("a configuration or split that is not there is answered with those that are", async (t) => {
  const { options } = await hub_for(t);
  await assert.rejects(
    viewer_info(EMOTION, { ...options, config_name: "defualt" }),
    /there is no configuration "defualt" in the dataset "tunelab\/emotion"; there are default$/,
  );
  await assert.rejects(
    viewer_rows(EMOTION, { ...options, config_name: "default", split: "dev" }),
    /there is no split "dev" in default of .*; there are train, validation, test$/,
  );
});

test("missing and gated datasets are told apart, whatever the dataset server says", async (t) => {
  const settings = { gated: { [`datasets/${EMOTION}`]: "manual" } };
  const { options } = await hub_for(t, { settings });
  const without = { ...options, token: false };
  await assert.rejects(viewer_splits("no/such", without), { kind: "repo_not_found" });
  await assert.rejects(viewer_size(EMOTION, without), { kind: "gated" });
  assert.equal((await viewer_splits(EMOTION, options)).splits.length, 3, "a token opens it");
});

test("a dataset server that is not ready, cut off or unclear is asked again, or refused in one line", async (t) => {
  const { hub, options } = await hub_for(t);
  hub.fault({ kind: "not_ready", times: 2 });
  assert.equal((await viewer_splits(EMOTION, options)).splits.length, 3);
  hub.fault({ kind: "cut", after: 20, times: 1 });
  assert.equal((await viewer_size(EMOTION, options)).splits.length, 3);
  hub.clear_faults();
  hub.fault({ kind: "no_viewer", times: 1 });
  await assert.rejects(
    viewer_info(EMOTION, options),
    /does not tell the info of the dataset "tunelab\/emotion": The dataset viewer doesn't support/,
  );
  hub.fault({ kind: "wrong_length" });
  await assert.rejects(viewer_info(EMOTION, options), /broke .* \(the answer ended early\)$/);
});
