// What map and filter share: an earlier result is looked for, else the function runs over all rows and
// the result is kept.
import { cache_for } from "./cache_place.js";
import { identify } from "./identity.js";
import { joined_parts } from "./joined_parts.js";
import { make_part, writer_of } from "./make_part.js";
import { answer_turn } from "./part_work.js";
import { begins_with, ResultMaker } from "./result_maker.js";
import { COLUMNS_OF } from "./row_work.js";
import { rows_taken, turn_bounds } from "./turns.js";
import { Progress } from "./work_progress.js";
import { run_in_workers } from "./workers/part_pool.js";
import { portable_arguments } from "./workers/portable_function.js";

/** @typedef {import("../dataset.js").Dataset} Dataset */
/** @typedef {import("../table/table.js").Table} Table */
/** @typedef {import("./map_options.js").MapOptions} MapOptions */
/** @typedef {import("./map_options.js").Settings} Settings */
/** @typedef {import("./part_work.js").Part} Part */
/** @typedef {import("./result_cache.js").ResultCache} ResultCache */
/** @typedef {import("./result_maker.js").Shape} Shape */

/**
 * @typedef {object} Result
 * @property {string} fingerprint
 * @property {Table[]} parts one after the other
 * @property {Shape} shape
 */

/**
 * @param {Dataset} dataset with at least one row
 * @param {"map" | "filter"} method
 * @param {Function} work the user's
 * @param {MapOptions} options
 * @param {Settings} settings
 * @returns {Promise<Result | undefined>} undefined: the function returned nothing
 */
export async function run_work(dataset, method, work, options, settings) {
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
  if (options.num_proc) await portable_arguments({ ...settings.fn_kwargs, "the function": work });
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
  const fresh = first ? COLUMNS_OF[method](first.made, first.turn, settings) : {};
  if (found && fresh && begins_with(found.parts[0], fresh)) {
    progress.finish();
    const { parts } = joined_parts(found.parts.map((table) => ({ table, shape: found.facts })));
    return { fingerprint, parts, shape: found.facts };
  }
  const made = options.num_proc
    ? await run_in_workers(dataset, part, options, cache, progress)
    : await run_here(dataset, { ...part, first }, options, cache);
  progress.finish();
  if (!made) return undefined;
  if (lasting) await cache?.keep(made.parts, made.shape);
  return { fingerprint, ...made };
}

/**
 * @param {Dataset} dataset
 * @param {Part} part all rows
 * @param {MapOptions} options
 * @param {ResultCache | undefined} cache
 */
async function run_here(dataset, part, { features }, cache) {
  const maker = new ResultMaker(dataset, { ...part.settings, features }, writer_of(cache, 0, 1));
  const made = await make_part(dataset, part, maker);
  return made && { parts: [made.table], shape: made.shape };
}
