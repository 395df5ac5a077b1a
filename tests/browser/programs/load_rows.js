// Loads a dataset by its name on the Hub and tells some of its rows, and where they are kept.
import { configure_hub, load_dataset, set_verbosity } from "../../../web/lib/index.js";

/** @param {{endpoint: string, name: string}} given */
export async function run({ endpoint, name }) {
  set_verbosity("silent");
  configure_hub({ endpoint, base_wait_time: 0.01 });
  const dataset = await load_dataset(name, { split: "train" });
  const { files } = dataset._table;
  return {
    rows: [dataset[0], dataset.at(-1)],
    features: String(dataset.features),
    kept_in: files.map((/** @type {any} */ { storage }) => storage.constructor.name),
  };
}
