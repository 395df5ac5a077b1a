// Which files of a folder are which split: as the datasets library chooses them, by names, patterns and cards.
import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { load_dataset } from "../../web/lib/index.js";
import { golden, temporary_folder } from "./support.js";

const { cases } = await golden("dataset_layouts.json");

for (const { name, paths, card, options, splits } of cases)
  test(`files of splits: ${name}`, async (t) => {
    const folder = await temporary_folder(t);
    for (const path of paths) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), `{"path": "${path}"}\n`);
    }
    if (card) await writeFile(join(folder, "README.md"), `---\n${card}\n---\n`);
    const loaded = await load_dataset(folder, options);
    const read = Object.entries(loaded).map(([split, rows]) => [split, [...rows["path"]]]);
    assert.deepEqual(Object.fromEntries(read), splits);
    assert.deepEqual(Object.keys(loaded), Object.keys(splits), "in order");
  });
