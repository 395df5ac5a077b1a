// What CSV, JSON and text files are read as: the datasets library's types and values.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { Features, load_dataset } from "../../web/lib/index.js";
import { golden, temporary_folder } from "./support.js";

const { cases, splits: several } = await golden("data_files.json");

const ENDINGS = { csv: "csv", json: "json", text: "txt" };

/** A golden's value as the library has it. */
function value_of(stored) {
  if (Array.isArray(stored)) return stored.map(value_of);
  if (stored === null || typeof stored !== "object") return stored;
  if ("integer" in stored) return BigInt(stored.integer);
  if ("float" in stored) return { nan: NaN, inf: Infinity, "-inf": -Infinity }[stored.float];
  return Object.fromEntries(Object.entries(stored).map(([key, each]) => [key, value_of(each)]));
}

const types_of = (features) =>
  Object.fromEntries(Object.entries(features).map(([name, type]) => [name, String(type)]));

/** pandas' newest texts are large_string, of which this library's are no other. */
const plain_types = (types) =>
  JSON.parse(JSON.stringify(types).replaceAll("large_string", "string"));

for (const { kind, name, text, options, features, rows } of cases) {
  const given = { ...options };
  if (options.features) given.features = Features.from_dict(options.features);

  test(`${kind}: ${name}`, async (t) => {
    const path = join(await temporary_folder(t), `rows.${ENDINGS[kind]}`);
    await writeFile(path, text);
    const dataset = await load_dataset(kind, { data_files: path, split: "train", ...given });
    assert.deepEqual([...dataset], rows.map(value_of));
    assert.deepEqual(types_of(dataset.features), plain_types(features));
    assert.deepEqual(dataset.column_names, Object.keys(features));
  });

  if (!options.features && options.sample_by === undefined)
    test(`${kind}, streamed: ${name}`, async (t) => {
      const path = join(await temporary_folder(t), `rows.${ENDINGS[kind]}`);
      await writeFile(path, text);
      const stream = await load_dataset(kind, {
        data_files: path,
        split: "train",
        streaming: true,
        ...given,
      });
      const streamed = [];
      for await (const row of stream) streamed.push(row);
      assert.deepEqual(streamed, rows.map(value_of));
    });
}

for (const { kind, name, texts, splits } of several)
  test(`${kind}, splits: ${name}`, async (t) => {
    const folder = await temporary_folder(t);
    const data_files = {};
    for (const [split, text] of Object.entries(texts)) {
      data_files[split] = join(folder, `${split}.${ENDINGS[kind]}`);
      await writeFile(data_files[split], text);
    }
    const loaded = await load_dataset(kind, { data_files });
    assert.deepEqual(Object.keys(loaded), Object.keys(splits));
    for (const [split, { features, rows }] of Object.entries(splits)) {
      assert.deepEqual([...loaded[split]], rows.map(value_of), split);
      assert.deepEqual(types_of(loaded[split].features), plain_types(features), split);
      assert.deepEqual(loaded[split].column_names, Object.keys(features), split);
    }
  });
