// Loads a dataset by its name on the Hub, maps it in two workers, and tells some of its rows, and where they are kept.
import { configure_hub, load_dataset, set_verbosity } from "../../../web/lib/index.js";

/** @param {{endpoint: string, name: string}} given */
export async function run({ endpoint, name }) {
  set_verbosity("silent");
  configure_hub({ endpoint, base_wait_time: 0.01 });
  const dataset = await load_dataset(name, { split: "train" });
  const mapped = await dataset.map((/** @type {any} */ row) => ({ length: row.text.length }), {
    num_proc: 2,
  });
  const kept_in = new Set(
    mapped._table.files.map((/** @type {any} */ { storage }) => storage.constructor.name),
  );
  return {
    rows: [mapped[0], mapped.at(-1)],
    features: String(mapped.features),
    kept_in: [...kept_in],
  };
}
