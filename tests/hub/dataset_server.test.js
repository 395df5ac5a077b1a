// The stand-in's dataset server: splits, features, sizes, Parquet files and rows, of Parquet as it is and of other files
// converted.
import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../../tools/command.js";
import { start_hub } from "./start_hub.js";

const EMOTION = "tunelab/emotion";

/**
 * A stand-in over a folder with these files, or over the project's own.
 * @param {import("node:test").TestContext} t
 * @param {Record<string, string>} [files] texts by path
 * @param {Partial<import("./settings.js").Settings>} [settings]
 */
async function hub_with(t, files, settings) {
  let folder = join(root, "assets/hub");
  if (files) {
    folder = await mkdtemp(join(tmpdir(), "hub-"));
    t.after(() => rm(folder, { recursive: true, force: true }));
    for (const [path, text] of Object.entries(files)) {
      await mkdir(join(folder, path, ".."), { recursive: true });
      await writeFile(join(folder, path), text);
    }
  }
  const hub = await start_hub({ root: folder, settings });
  t.after(() => hub.close());
  /** @type {(path: string) => Promise<any>} */
  const get = async (path) => {
    const response = await fetch(hub.endpoint + path);
    const body = await response.json();
    return response.ok
      ? body
      : { ...body, status: response.status, code: response.headers.get("x-error-code") };
  };
  return { hub, get };
}

test("splits, features and sizes of Parquet files", async (t) => {
  const { get } = await hub_with(t);
  const { splits } = await get(`/splits?dataset=${EMOTION}`);
  assert.deepEqual(
    splits,
    ["train", "validation", "test"].map((split) => ({
      dataset: EMOTION,
      config: "default",
      split,
    })),
  );
  const { dataset_info, partial } = await get(`/info?dataset=${EMOTION}&config=default`);
  assert.equal(partial, false);
  assert.deepEqual(dataset_info.features.text, { dtype: "string", _type: "Value" });
  assert.equal(dataset_info.features.label._type, "ClassLabel");
  assert.equal(dataset_info.splits.train.num_examples, 1260);
  const { size } = await get(`/size?dataset=${EMOTION}`);
  assert.equal(size.dataset.num_rows, 1800);
  assert.deepEqual(
    size.splits.map((/** @type {any} */ each) => each.num_rows),
    [1260, 270, 270],
  );
});

test("the Parquet files that are listed are on refs/convert/parquet, by that name and by its commit", async (t) => {
  const { hub, get } = await hub_with(t);
  const { parquet_files } = await get(`/parquet?dataset=${EMOTION}`);
  const [{ url, size, filename, split }] = parquet_files;
  assert.deepEqual([split, filename], ["train", "0000.parquet"]);
  const bytes = await (await fetch(url)).arrayBuffer();
  assert.equal(bytes.byteLength, size);
  const tree = await get(`/api/datasets/${EMOTION}/tree/refs%2Fconvert%2Fparquet?recursive=true`);
  const paths = tree.map((/** @type {any} */ { path }) => path);
  assert.ok(paths.includes("default/validation/0000.parquet"), paths);
  const { converts } = await get(`/api/datasets/${EMOTION}/refs`);
  const by_commit = url.replace("refs%2Fconvert%2Fparquet", converts[0].targetCommit);
  assert.equal((await fetch(by_commit, { method: "HEAD" })).status, 200);
  assert.ok(url.startsWith(hub.endpoint));
});

test("rows come by offset and length, also across files, at most a hundred", async (t) => {
  const lines = (/** @type {number} */ from) =>
    Array.from({ length: 3 }, (_, i) =>
      JSON.stringify({ text: `row ${from + i}`, n: from + i }),
    ).join("\n");
  const { get } = await hub_with(t, {
    "datasets/org/set/train-0.jsonl": lines(0),
    "datasets/org/set/train-1.jsonl": lines(3),
  });
  const asked = "dataset=org/set&config=default&split=train";
  const { rows, num_rows_total, features } = await get(`/rows?${asked}&offset=2&length=3`);
  assert.deepEqual(
    rows.map((/** @type {any} */ each) => [each.row_idx, each.row.text, each.row.n]),
    [
      [2, "row 2", 2],
      [3, "row 3", 3],
      [4, "row 4", 4],
    ],
  );
  assert.equal(num_rows_total, 6);
  assert.deepEqual(features[1], {
    feature_idx: 1,
    name: "n",
    type: { dtype: "int64", _type: "Value" },
  });
  assert.equal((await get(`/rows?${asked}&length=101`)).status, 422);
  const found = await get(`/search?${asked}&query=ROW%204`);
  assert.deepEqual(
    found.rows.map((/** @type {any} */ each) => each.row_idx),
    [4],
  );
  assert.equal((await get(`/first-rows?${asked}`)).rows.length, 6);
});

test("CSV is converted, and configurations are the card's", async (t) => {
  const { get } = await hub_with(t, {
    "datasets/set/README.md": `---
configs:
- config_name: one
  data_files: "a/*.csv"
- config_name: two
  data_files:
  - split: dev
    path: b/dev.csv
---
`,
    "datasets/set/a/x.csv": 'text,label\n"a, b",1\n,2\n',
    "datasets/set/b/dev.csv": "text,score\nc,0.5\n",
  });
  const { splits } = await get("/splits?dataset=set");
  assert.deepEqual(
    splits.map((/** @type {any} */ each) => [each.config, each.split]),
    [
      ["one", "train"],
      ["two", "dev"],
    ],
  );
  const { rows } = await get("/rows?dataset=set&config=one&split=train");
  assert.deepEqual(
    rows.map((/** @type {any} */ { row }) => row),
    [
      { text: "a, b", label: 1 },
      { text: null, label: 2 },
    ],
  );
  const { dataset_info } = await get("/info?dataset=set&config=two");
  assert.deepEqual(dataset_info.features.score, { dtype: "float64", _type: "Value" });
});

test("of a large dataset only the first rows are converted, in folders named partial-…", async (t) => {
  const { get } = await hub_with(t, undefined, { partial: [`datasets/${EMOTION}`] });
  const { parquet_files, partial } = await get(`/parquet?dataset=${EMOTION}`);
  assert.equal(partial, true);
  assert.equal(parquet_files[0].split, "train");
  assert.match(parquet_files[0].url, /default\/partial-train\/0000\.parquet$/);
  const { size } = await get(`/size?dataset=${EMOTION}`);
  assert.equal(size.splits[0].num_rows, 630);
  const { dataset_info } = await get(`/info?dataset=${EMOTION}&config=default`);
  assert.equal(dataset_info.features.label._type, "ClassLabel");
});

test("what is not there is refused as the dataset server does", async (t) => {
  const { get } = await hub_with(t, undefined, {
    renamed: { "datasets/emotion": `datasets/${EMOTION}` },
  });
  const refusal = async (/** @type {string} */ path) => {
    const { status, code } = await get(path);
    return [status, code];
  };
  assert.deepEqual(await refusal("/splits?dataset=none"), [401, "ExternalUnauthenticatedError"]);
  assert.deepEqual(await refusal("/splits?dataset=emotion"), [404, "RenamedDatasetError"]);
  assert.deepEqual(await refusal("/splits"), [422, "MissingRequiredParameter"]);
  assert.deepEqual(await refusal(`/info?dataset=${EMOTION}&config=x`), [404, "ResponseNotFound"]);
  const split = `/rows?dataset=${EMOTION}&config=default&split=x`;
  assert.deepEqual(await refusal(split), [404, "ResponseNotFound"]);
});
