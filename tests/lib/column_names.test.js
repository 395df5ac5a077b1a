// Columns that bear the names of a type's own parts are columns like others, wherever they come by.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import {
  ClassLabel,
  concatenate_datasets,
  Dataset,
  load_dataset,
  load_from_disk,
  Value,
} from "../../web/lib/index.js";

const NAMES = [
  ..."dtype _type feature length names id num_classes str2int encode_example to_dict".split(" "),
  ..."features columns num_rows shape map".split(" "),
];
/** One column of each kind: texts, integers, lists, dicts with a key of the column's own name. */
const KINDS = {
  texts: () => ["a", "b"],
  integers: () => [1, 2],
  lists: () => [[1, 2], [3]],
  dicts: (/** @type {string} */ name) => [
    { [name]: 1, x: "a" },
    { [name]: 2, x: "b" },
  ],
};

const folder = mkdtempSync(join(tmpdir(), "tunelab-names-"));
after(() => rmSync(folder, { recursive: true }));

const values = (/** @type {any} */ dataset, /** @type {string} */ name) =>
  JSON.parse(JSON.stringify([...dataset.column(name)]));

for (const [kind, made] of Object.entries(KINDS))
  describe(`a column of ${kind} may be called`, () => {
    for (const name of NAMES)
      test(name, async () => {
        const cells = made(name);
        const dataset = Dataset.from_dict({ [name]: cells, other: [0, 1] });
        const type = String(dataset.features[name]);
        const check = (/** @type {any} */ other, /** @type {string} */ where) => {
          assert.deepEqual(values(other, name), cells, where);
          assert.equal(String(other.features[name]), type, where);
        };
        check(dataset, "from_dict");
        check(Dataset.from_dict({ [name]: cells }, { [name]: dataset.features[name] }), "declared");
        check(await dataset.map((row) => ({ [name]: row[name] })), "map sets it");
        const other = Dataset.from_dict({ other: [0, 1], cells });
        const added = (/** @type {any} */ row) => ({ [name]: row.cells });
        check(await other.map(added, { remove_columns: ["cells"] }), "map adds it");
        check(other.rename_column("cells", name), "rename_column");
        check(other.add_column(name, cells), "add_column");
        check(dataset.cast(dataset.features), "cast");
        check(concatenate_datasets([dataset, dataset]).select([0, 1]), "concatenate_datasets");
        check(dataset.select([0]).add_item({ other: 1, [name]: cells[1] }), "add_item");
        const at = join(folder, `${name}-${kind}`);
        await dataset.save_to_disk(at);
        check(await load_from_disk(at), "save_to_disk");
        for (const form of ["json", "parquet"]) {
          const file = `${at}.${form}`;
          if (form === "json") await dataset.to_json(file);
          else await dataset.to_parquet(file);
          const read = { data_files: file, split: "train", cache_dir: join(folder, "cache") };
          check(await load_dataset(form, read), form);
          const stream = await load_dataset(form, { ...read, streaming: true });
          const rows = [];
          for await (const row of stream) rows.push(JSON.parse(JSON.stringify(row[name])));
          assert.deepEqual(rows, cells, `${form}, streamed`);
        }
      });
  });

test("a column of such a name is cast, and read from CSV, with its declared type", async () => {
  const file = join(folder, "labels.csv");
  for (const name of NAMES) {
    writeFileSync(file, `${name},other\nno,1\nyes,2\n`);
    const read = { data_files: file, split: "train", cache_dir: join(folder, "cache") };
    const plain = await load_dataset("csv", read);
    assert.equal(String(plain.features[name]), "Value('string')");
    const labels = new ClassLabel({ names: ["no", "yes"] });
    assert.deepEqual(values(plain.cast_column(name, labels), name), [0, 1]);
    const features = { [name]: labels, other: new Value("int64") };
    assert.deepEqual(values(await load_dataset("csv", { ...read, features }), name), [0, 1]);
  }
});
