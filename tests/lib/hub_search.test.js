// Searching the Hub for models and datasets: filters, order, pages.
import assert from "node:assert/strict";
import { test } from "node:test";
import { list_datasets, list_models, search_datasets, search_models } from "../../web/lib/index.js";
import { folder_with, hub_for } from "./hub_support.js";

/** @param {string} license @param {string[]} [lines] */
const card = (license, lines = []) => `---\n${[`license: ${license}`, ...lines].join("\n")}\n---\n`;

const FILES = {
  "a/bert-mini/config.json": '{"model_type": "bert"}',
  "a/bert-mini/README.md": card("mit", ["language: en", "pipeline_tag: fill-mask"]),
  "b/bert-large/config.json": '{"model_type": "bert"}',
  "b/bert-large/README.md": card("apache-2.0", ["tags: [qa, bertlike]"]),
  "c/roberta/config.json": '{"model_type": "roberta"}',
  "datasets/a/moods/README.md": card("mit", [
    "language: [en, ar]",
    "task_categories: [text-classification]",
    "size_categories: [1K<n<10K]",
  ]),
  "datasets/b/news/README.md": card("other"),
};
const POPULARITY = {
  "a/bert-mini": { downloads: 5, likes: 9 },
  "b/bert-large": { downloads: 7, likes: 1 },
};

/** @param {import("node:test").TestContext} t */
async function searched(t) {
  const root = await folder_with(t, FILES);
  return hub_for(t, { root, settings: { popularity: POPULARITY } });
}

test("models are found by words, task, licence, kind and tags, the most downloaded first", async (t) => {
  const { options } = await searched(t);
  const ids = async (query) =>
    (await search_models({ ...options, ...query })).items.map(({ id }) => id);
  assert.deepEqual(await ids({ search: "bert" }), ["b/bert-large", "a/bert-mini", "c/roberta"]);
  assert.deepEqual((await ids({ search: "bert-", sort: "likes" }))[0], "a/bert-mini");
  assert.deepEqual(await ids({ pipeline_tag: "fill-mask" }), ["a/bert-mini"]);
  assert.deepEqual(await ids({ license: "apache-2.0" }), ["b/bert-large"]);
  assert.deepEqual(await ids({ model_type: "roberta", library: "transformers" }), ["c/roberta"]);
  assert.deepEqual(await ids({ language: "en" }), ["a/bert-mini"]);
  assert.deepEqual(await ids({ filter: ["bert", "bertlike"] }), ["b/bert-large"]);
  assert.deepEqual(await ids({ author: "c" }), ["c/roberta"]);
  assert.deepEqual(await ids({ gated: true }), []);
});

test("a result tells what a picker shows: size, licence, languages, kind", async (t) => {
  const { options } = await hub_for(t);
  const { items } = await search_models({ ...options, num_parameters: "max:1M" });
  const [{ id, num_parameters, license, languages, model_type, last_modified }] = items;
  assert.deepEqual(
    { id, num_parameters, license, languages, model_type },
    {
      id: "tunelab/bert-tiny-random",
      num_parameters: 786304,
      license: "apache-2.0",
      languages: ["en"],
      model_type: "bert",
    },
  );
  assert.ok(last_modified instanceof Date && last_modified.getTime() > 0);
});

test("datasets are found by task, size and language", async (t) => {
  const { options } = await searched(t);
  const query = { task_categories: "text-classification", size_categories: "1K<n<10K" };
  const { items } = await search_datasets({ ...options, ...query, language: "ar" });
  assert.equal(items.length, 1);
  const { id, license, languages, task_categories, size_category } = items[0];
  assert.deepEqual([id, license, languages], ["a/moods", "mit", ["en", "ar"]]);
  assert.deepEqual([task_categories, size_category], [["text-classification"], "1K<n<10K"]);
});

test("results come a page at a time, one request each, and all of them on demand", async (t) => {
  const { asked, options } = await searched(t);
  const first = await search_models({ ...options, limit: 2 });
  assert.equal(first.items.length, 2);
  assert.deepEqual(asked(), ["hub GET /api/models 200"]);
  const second = await first.next?.();
  assert.deepEqual([second?.items.length, second?.next], [1, undefined]);
  asked();
  const some = await Array.fromAsync(list_models({ ...options, limit: 2 }));
  assert.equal(some.length, 2);
  assert.equal(asked().length, 1, "no page more than is needed");
  assert.equal((await Array.fromAsync(list_datasets(options))).length, 2);
});

test("a search that was overtaken ends, and an unknown order is refused", async (t) => {
  const { hub, options } = await searched(t);
  hub.fault({ kind: "hang" });
  const overtaken = new AbortController();
  const search = search_models({ ...options, signal: overtaken.signal });
  overtaken.abort(new Error("overtaken"));
  await assert.rejects(search, /overtaken/);
  await assert.rejects(
    search_models({ ...options, sort: "size" }),
    /sort must be one of downloads/,
  );
  await assert.rejects(search_models({ ...options, limit: 0 }), /limit must be at least 1/);
});
