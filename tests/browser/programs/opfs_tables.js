// Tables in the origin's private file system: written, shared, replaced, damaged, left half written.
import { open_table } from "../../../web/lib/datasets/table/table_file.js";
import { TableWriter } from "../../../web/lib/datasets/table/table_writer.js";
import { dataset_storage } from "../../../web/lib/datasets/storage/dataset_storage.js";

const ROWS = 10_000;
const texts = Array.from({ length: ROWS }, (_, row) => `row ${row} naïve`);
const ids = texts.map((_, row) => [row, row + 1]);

/** @param {any} storage @param {string} path @param {(row: string) => string} [change] */
async function write(storage, path, change = (text) => text) {
  const writer = await TableWriter.create(storage, path);
  writer.write({ text: texts.map(change), ids });
  return writer.close();
}

/** @type {Record<string, (storage: any) => Promise<any>>} */
const ACTIONS = {
  async write_and_read(storage) {
    const table = await write(storage, "a/rows.table");
    const again = await open_table(storage, "a/rows.table");
    const rows = [0, 9999, 4096, 4097].map((row) => again.column("text").at(row));
    return {
      rows,
      slice: table.column("ids").slice(4095, 4098),
      same: JSON.stringify(table.column("text").slice(0, ROWS)) === JSON.stringify(texts),
      list: await storage.list(),
    };
  },
  async read(storage) {
    const table = await open_table(storage, "a/rows.table");
    return { rows: [table.column("text").at(7), table.num_rows] };
  },
  /** What an open table shows stays, what is opened anew is the new one or, where that is locked, the old. */
  async replace(storage) {
    const old = await open_table(storage, "a/rows.table");
    const made = await write(storage, "a/rows.table", (text) => text.toUpperCase());
    const first = [old.column("text").at(1), made.column("text").at(1)];
    return { first, list: await storage.list() };
  },
  async give_up(storage) {
    const writer = await TableWriter.create(storage, "b/rows.table");
    writer.write({ text: texts });
    await writer.abort();
    const paths = await storage.list();
    const message = await open_table(storage, "b/rows.table").catch((error) => error.message);
    return { paths, message };
  },
  async damage(storage) {
    const file = await storage.create("c/rows.table");
    file.write(new TextEncoder().encode("TLTABLE1 and then nothing that belongs there"));
    await file.commit();
    return { message: await open_table(storage, "c/rows.table").catch((error) => error.message) };
  },
  /** Writes until the tab is closed. */
  async never_end(storage) {
    const writer = await TableWriter.create(storage, "d/rows.table");
    for (;;) {
      writer.write({ text: texts });
      await new Promise((resolve) => setTimeout(resolve));
    }
  },
  /** All files' names, half written ones too. */
  async everything(storage) {
    const names = [];
    for await (const path of storage._walk(storage._root, "")) names.push(path);
    return { names };
  },
};

/** @param {{action: string}} given */
export async function run({ action }) {
  const storage = await dataset_storage();
  return { ...(await ACTIONS[action](storage)), kind: storage.constructor.name };
}
