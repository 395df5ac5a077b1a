// Datasets as folders of this library's own form: a table file, or a folder for each split.
import { in_node } from "../../core/builds.js";
import { TunelabError } from "../../core/errors.js";
import { open_table } from "../table/table_file.js";
import { TableWriter } from "../table/table_writer.js";
import { batches } from "./text_rows.js";

/** @typedef {import("../dataset_view.js").DatasetView} DatasetView */
/** @typedef {import("../table/table.js").Table} Table */

const TABLE = "dataset.tltable";
const SPLITS = "dataset_dict.json";

/** Rows written at a time. */
const BATCH = 1000;

/** @param {string} folder */
async function storage_of(folder) {
  if (!in_node)
    throw new TunelabError("datasets are saved to disk in Node.js only", "TL_ERR_UNSUPPORTED");
  const { NodeStorage } = await import("../storage/node_storage.js");
  return new NodeStorage(folder);
}

/**
 * @param {string} folder made if need be
 * @param {DatasetView} dataset
 */
export async function save_table(folder, dataset) {
  const features = /** @type {any} */ (dataset.features);
  const writer = await TableWriter.create(await storage_of(folder), TABLE, { features });
  try {
    for (const { columns } of batches(dataset, BATCH)) writer.write(columns);
    await writer.close({ fingerprint: dataset._fingerprint });
  } catch (error) {
    await writer.abort();
    throw error;
  }
}

/**
 * @param {string} folder made if need be
 * @param {Record<string, DatasetView>} splits
 */
export async function save_splits(folder, splits) {
  for (const [name, split] of Object.entries(splits)) await save_table(`${folder}/${name}`, split);
  const file = await (await storage_of(folder)).create(SPLITS);
  file.write(new TextEncoder().encode(`${JSON.stringify({ splits: Object.keys(splits) })}\n`));
  await file.commit();
}

/** @param {import("../storage/storage.js").Storage} storage @returns {Promise<string[]>} */
async function saved_splits(storage) {
  if (!(await storage.exists(SPLITS))) return [];
  const file = await storage.open_read(SPLITS);
  const bytes = new Uint8Array(file.size);
  file.read_into(bytes, 0);
  file.close();
  return JSON.parse(new TextDecoder().decode(bytes)).splits;
}

/**
 * @param {string} folder as save_table or save_splits left it
 * @returns {Promise<Table | Record<string, Table>>} by split, if there are splits
 * @throws {TunelabError} for a folder that holds neither
 */
export async function open_folder(folder) {
  const storage = await storage_of(folder);
  if (await storage.exists(TABLE)) return open_table(storage, TABLE);
  /** @type {Record<string, Table>} */
  const tables = {};
  for (const split of await saved_splits(storage)) {
    const place = await storage_of(`${folder}/${split}`);
    if (await place.exists(TABLE)) tables[split] = await open_table(place, TABLE);
  }
  if (Object.keys(tables).length > 0) return tables;
  throw new TunelabError(
    `${folder} holds no dataset that save_to_disk of this library saved; what the datasets library saved so are Arrow files: there, to_parquet writes files that load_dataset reads`,
  );
}
