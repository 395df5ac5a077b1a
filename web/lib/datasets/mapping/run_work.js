// What map and filter share: an earlier result is looked for, else the function runs over all rows and
// the result is kept.
import { TunelabError } from "../../core/errors.js";
import { MemoryTableWriter, TableWriter } from "../table/table_writer.js";
import { cache_for } from "./cache_place.js";
import { identify } from "./identity.js";
import { answer_turn, work_through } from "./part_work.js";
import { Progress } from "./work_progress.js";
import { begins_with, ResultMaker } from "./result_maker.js";
import { rows_taken, turn_bounds } from "./turns.js";

/** @typedef {import("../dataset.js").Dataset} Dataset */
/** @typedef {import("../table/table.js").Table} Table */
/** @typedef {import("./map_options.js").MapOptions} MapOptions */
/** @typedef {import("./map_options.js").Settings} Settings */
/** @typedef {import("./part_work.js").Answered} Answered */
/** @typedef {import("./part_work.js").Part} Part */
/** @typedef {import("./result_cache.js").ResultCache} ResultCache */
/** @typedef {import("./result_maker.js").Shape} Shape */
/** @typedef {import("./row_work.js").Columns} Columns */

/**
 * How a method turns the function's answers into columns.
 * @callback ColumnsOf
 * @param {any[]} made
 * @param {import("./row_work.js").Turn} turn
 * @param {Settings} settings
 * @returns {Columns | undefined} undefined: the function returned nothing
 */

/**
 * @typedef {object} Result
 * @property {string} fingerprint
 * @property {Table[]} parts one after the other
 * @property {Shape} shape
 */

/**
 * The writer of a part of the result: of a file, or of memory where nothing is to be kept.
 * @param {ResultCache | undefined} cache
 * @param {number} part
 * @param {number} parts
 */
export function writer_of(cache, part, parts) {
  return async (/** @type {import("../features.js").Features} */ features) =>
    cache
      ? TableWriter.create(cache.storage, cache.part_path(part, parts), { features })
      : new MemoryTableWriter(features);
}

/**
 * Runs one part and writes what it makes.
 * @param {Dataset} dataset
 * @param {Part} part
 * @param {ColumnsOf} columns_of
 * @param {ResultMaker} maker
 * @returns {Promise<{table: Table, shape: Shape} | undefined>} undefined: the function returned nothing,
 *   for no row
 */
export async function make_part(dataset, part, columns_of, maker) {
  let nothing = 0;
  let something = 0;
  try {
    await work_through(dataset, part, async ({ turn, made }) => {
      const columns = columns_of(made, turn, part.settings);
      if (columns) await maker.add(turn, columns);
      if (columns) ++something;
      else ++nothing;
      if (nothing > 0 && something > 0)
        throw new TunelabError(
          `${part.method}: the function returned nothing for some rows but columns for others (rows ${turn.begin} to ` +
            `${turn.end - 1})`,
        );
    });
    return something > 0 ? await maker.finish() : undefined;
  } catch (error) {
    await maker.abort();
    throw error;
  }
}

/**
 * @param {Dataset} dataset with at least one row
 * @param {"map" | "filter"} method
 * @param {Function} work the user's
 * @param {MapOptions} options
 * @param {Settings} settings
 * @param {ColumnsOf} columns_of
 * @returns {Promise<Result | undefined>} undefined: the function returned nothing
 */
export async function run_work(dataset, method, work, options, settings, columns_of) {
  const end = rows_taken(dataset.num_rows, settings);
  const progress = new Progress(options, method === "map" ? "Map" : "Filter", end);
  /** @type {Part} */
  const part = {
    method,
    work,
    settings,
    begin: 0,
    end,
    rank: 0,
    signal: options.signal,
    on_rows: (rows) => progress.set(0, rows),
  };
  const run_first = () => {
    const [bounds] = turn_bounds(0, end, settings);
    return answer_turn(dataset, part, bounds);
  };
  const { fingerprint, lasting, first } = await identify(
    dataset,
    method,
    work,
    options,
    settings,
    run_first,
  );
  const cache = await cache_for(dataset, options, fingerprint);
  const wanted = lasting && options.load_from_cache_file !== false;
  const found = wanted ? await cache?.find() : undefined;
  const fresh = first ? columns_of(first.made, first.turn, settings) : {};
  if (found && fresh && begins_with(found.parts[0], fresh)) {
    progress.finish();
    return { fingerprint, parts: found.parts, shape: found.facts };
  }
  const maker = new ResultMaker(
    dataset,
    { ...settings, features: options.features },
    writer_of(cache, 0, 1),
  );
  const made = await make_part(dataset, { ...part, first }, columns_of, maker);
  progress.finish();
  if (!made) return undefined;
  if (lasting) await cache?.keep([made.table], made.shape);
  return { fingerprint, parts: [made.table], shape: made.shape };
}
