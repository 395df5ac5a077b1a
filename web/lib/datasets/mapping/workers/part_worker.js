// A worker's program: takes one part of a map or filter, works through it, and tells how far it is.
import { error_text, TunelabError } from "../../../core/errors.js";
import { Dataset } from "../../dataset.js";
import { feature_from_json, feature_to_json } from "../../features/feature_json.js";
import { open_portable_storage } from "../../storage/portable_storage.js";
import { chunk_cache } from "../../table/chunk_cache.js";
import { restored_table } from "../../table/portable_table.js";
import { memory_table } from "../../table/table_writer.js";
import { make_part, writer_of } from "../make_part.js";
import { ResultCache } from "../result_cache.js";
import { ResultMaker } from "../result_maker.js";
import { serve } from "./ports.js";
import { restored_arguments } from "./portable_function.js";

/** @typedef {import("./part_task.js").PartTask} PartTask */
/** @typedef {import("./part_task.js").PlainTable} PlainTable */
/** @typedef {import("../../table/table.js").Table} Table */

/** Bytes of chunks that a worker keeps: it reads its part once, from front to back. */
chunk_cache.capacity = 4 << 20;

/** Milliseconds between two messages about progress. */
const TELLING = 100;

const aborting = new AbortController();
const post = await serve((message) => {
  if (message === "abort") aborting.abort();
  else void run(message);
});

/**
 * @param {Record<string, any>} features as JSON
 * @returns {import("../../features.js").Features}
 */
const restored_features = (features) =>
  /** @type {any} */ (
    Object.fromEntries(
      Object.entries(features).map(([name, each]) => [name, feature_from_json(each)]),
    )
  );

/** @param {Table} table @returns {PlainTable} */
function plain_table(table) {
  const of_column = (/** @type {(name: string) => any} */ make) =>
    Object.fromEntries(table.column_names.map((name) => [name, make(name)]));
  return {
    columns: of_column((name) => table.column(name).slice(0, table.num_rows)),
    features: of_column((name) => feature_to_json(table.features[name])),
  };
}

/**
 * @param {PartTask["dataset"]} given
 * @param {any} transform the format's function, if it has one
 */
async function restored_dataset({ stored, plain, indices, format }, transform = null) {
  const table = stored
    ? await restored_table(stored)
    : memory_table(
        /** @type {PlainTable} */ (plain).columns,
        restored_features(/** @type {PlainTable} */ (plain).features),
      );
  return new Dataset(table, { indices, format: { ...format, transform } });
}

/** @param {PartTask} task */
async function result_of(task) {
  const { work, transform } = await restored_arguments(task.functions);
  const fn_kwargs = task.fn_kwargs && (await restored_arguments(task.fn_kwargs));
  const dataset = await restored_dataset(task.dataset, transform);
  const settings = { ...task.settings, fn_kwargs };
  const cache =
    task.cache && new ResultCache(await open_portable_storage(task.cache.storage), task.cache.name);
  const features = task.features && restored_features(task.features);
  const writer = writer_of(cache, task.rank, task.parts);
  const maker = new ResultMaker(dataset, { ...settings, features }, writer);
  let told = 0;
  const part = {
    ...task,
    work,
    settings,
    signal: aborting.signal,
    on_rows: (/** @type {number} */ rows) => {
      if (performance.now() - told < TELLING) return;
      told = performance.now();
      post({ rows });
    },
  };
  const made = await make_part(dataset, part, maker);
  return made && { shape: made.shape, plain: cache ? undefined : plain_table(made.table) };
}

/** @param {PartTask} task */
async function run(task) {
  try {
    post({ made: await result_of(task) });
  } catch (error) {
    const status = error instanceof TunelabError ? error.status : undefined;
    post({ failed: { message: error_text(error), status } });
  }
}
