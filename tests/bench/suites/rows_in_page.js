// The rows suite's work in a page's worker, on a dataset of a Hub; run by ../../browser's page. Beside the seconds it
// tells when it was idle and until when it loaded and mapped, for whoever watches the browser's memory from outside.
import { configure_hub, load_dataset, set_verbosity } from "../../../web/lib/index.js";
import { work_on_rows } from "./rows_work.js";

/** Milliseconds that the page stays idle before it begins, to be measured so. */
const IDLE_MS = 1000;

/**
 * @param {{endpoint: string, model: string, dataset: string, processes: number}} given names on the Hub
 * @returns {Promise<object>} moments are milliseconds since 1970
 */
export async function run({ endpoint, model, dataset, processes }) {
  set_verbosity("error");
  configure_hub({ endpoint });
  const moments = { idle: 0, begin: 0, end: 0 };
  const figure = await work_on_rows({
    model,
    load_rows: () => load_dataset(dataset, { split: "train" }),
    processes,
    on_idle: async () => {
      moments.idle = Date.now();
      await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
      moments.begin = Date.now();
    },
    on_mapped: () => void (moments.end = Date.now()),
  });
  return { ...figure, moments };
}
