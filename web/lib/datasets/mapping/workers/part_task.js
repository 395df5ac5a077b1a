// What a worker is told: one part of a map or filter as plain data.
import { feature_to_json } from "../../features/feature_json.js";
import { portable_table } from "../../table/portable_table.js";
import { portable_arguments } from "./portable_function.js";

/** @typedef {import("../../dataset.js").Dataset} Dataset */
/** @typedef {import("../map_options.js").MapOptions} MapOptions */
/** @typedef {import("../map_options.js").Settings} Settings */
/** @typedef {import("../result_cache.js").ResultCache} ResultCache */
/** @typedef {Record<string, import("./portable_function.js").PortableValue>} PortableValues */
/** @typedef {{columns: Record<string, any[]>, features: Record<string, any>}} PlainTable features as JSON */

/**
 * @typedef {object} PartTask
 * @property {"map" | "filter"} method
 * @property {number} begin
 * @property {number} end
 * @property {number} offset
 * @property {number} rank
 * @property {number} parts how many there are
 * @property {Omit<Settings, "fn_kwargs">} settings
 * @property {PortableValues} functions `work`, and the format's `transform` if there is one
 * @property {PortableValues} [fn_kwargs]
 * @property {Record<string, any>} [features] declared ones, as JSON
 * @property {{storage: any, name: string}} [cache] where the result goes; without it, it comes back
 *   as plain values
 * @property {{stored?: import("../../table/portable_table.js").PortableTable, plain?: PlainTable,
 *   indices: Int32Array | null, format: any}} dataset the whole one in files, or the part's rows
 */

/**
 * Contiguous parts of rows, of as many whole batches as possible, so that a function of batches is given
 * the same ones as without workers.
 * @param {number} rows
 * @param {number} parts at most
 * @param {Settings} settings
 * @returns {[begin: number, end: number][]}
 */
export function part_bounds(rows, parts, { batched, batch_size }) {
  const unit = batched ? batch_size : 1;
  const units = Math.ceil(rows / unit);
  const count = Math.min(parts, units);
  return Array.from({ length: count }, (_, i) => [
    Math.floor((i * units) / count) * unit,
    Math.min(rows, Math.floor(((i + 1) * units) / count) * unit),
  ]);
}

/** @param {Record<string, any>} features */
const features_as_json = (features) =>
  Object.fromEntries(Object.entries(features).map(([name, each]) => [name, feature_to_json(each)]));

/**
 * @param {Dataset} dataset
 * @param {number} begin
 * @param {number} end
 */
function plain_rows(dataset, begin, end) {
  const rows = dataset._rows();
  const columns = rows.column_names.map((name) => [name, rows.column(name).slice(begin, end)]);
  return { columns: Object.fromEntries(columns), features: features_as_json(rows.features) };
}

/**
 * @param {Dataset} dataset
 * @param {import("../part_work.js").Part} part all rows
 * @param {MapOptions} options
 * @param {ResultCache | undefined} cache
 * @param {[begin: number, end: number][]} bounds
 * @returns {Promise<(rank: number) => PartTask>} the tasks; each is made when it is posted
 * @throws {import("../../../core/errors.js").TunelabError} for a function that no worker can have
 */
export async function part_tasks(dataset, { method, work, settings }, options, cache, bounds) {
  const { fn_kwargs: given, ...plain_settings } = settings;
  const { transform, ...format } = dataset._format;
  const functions = await portable_arguments({ work, ...(transform && { transform }) });
  const fn_kwargs = given && (await portable_arguments(given));
  const stored = portable_table(dataset._table);
  const storage = stored && cache?.storage.portable;
  const { features } = options;
  return (rank) => {
    const [begin, end] = bounds[rank];
    return {
      method,
      ...(stored ? { begin, end, offset: 0 } : { begin: 0, end: end - begin, offset: begin }),
      rank,
      parts: bounds.length,
      settings: plain_settings,
      functions,
      fn_kwargs,
      features: features && features_as_json(features),
      cache: storage && cache && { storage, name: cache.name },
      dataset: {
        ...(stored
          ? { stored, indices: dataset._indices }
          : { plain: plain_rows(dataset, begin, end), indices: null }),
        format,
      },
    };
  };
}
