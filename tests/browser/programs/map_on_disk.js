// Maps a dataset that lies in the storage of the page's worker, in workers of its own; tells what came out, where it
// is kept, and whether it was there already.
import { Dataset } from "../../../web/lib/index.js";
import { dataset_storage } from "../../../web/lib/datasets/storage/dataset_storage.js";
import { open_table } from "../../../web/lib/datasets/table/table_file.js";
import { TableWriter } from "../../../web/lib/datasets/table/table_writer.js";

const PATH = "words/rows.table";

async function stored() {
  const storage = await dataset_storage();
  if (await storage.exists(PATH)) return open_table(storage, PATH);
  const writer = await TableWriter.create(storage, PATH);
  writer.write({ word: Array.from({ length: 30 }, (_, row) => `word ${row}`) });
  return writer.close();
}

export async function run() {
  const dataset = new Dataset(await stored(), { fingerprint: "a" });
  let rows_run = 0;
  const made = await dataset.map((row, rank) => ({ length: row.word.length, rank }), {
    num_proc: 2,
    with_rank: true,
    progress_callback: ({ status, loaded }) => {
      if (status === "progress") rows_run = loaded;
    },
  });
  return {
    rows: [made.at(0), made.at(-1)],
    storages: made._table.files.map(({ storage }) => storage.constructor.name),
    paths: made._table.files.map(({ path }) => path.replace(/[0-9a-f]{32}/, "…")),
    rows_run,
  };
}
