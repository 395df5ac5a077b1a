// load_from_disk: what save_to_disk saved, opened; rows are read when they are asked for.
import { dataset_dict } from "./dataset_dict.js";
import { Dataset } from "./dataset.js";
import { open_folder } from "./saving/table_folder.js";
import { Table } from "./table/table.js";

/** @param {Table} table */
const opened = (table) => new Dataset(table, { fingerprint: table.metadata?.fingerprint });

/**
 * @param {string} dataset_path the folder
 * @returns {Promise<any>} a Dataset or a DatasetDict, as it was saved
 * @throws {TunelabError} for a folder that save_to_disk did not write, or that is damaged
 */
export async function load_from_disk(dataset_path) {
  const found = await open_folder(dataset_path);
  if (found instanceof Table) return opened(found);
  const splits = Object.entries(found).map(([name, table]) => [name, opened(table)]);
  return dataset_dict(Object.fromEntries(splits));
}
