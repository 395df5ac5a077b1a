// One part of a result: its rows through the function, and what that makes into a table.
import { TunelabError } from "../../core/errors.js";
import { MemoryTableWriter, TableWriter } from "../table/table_writer.js";
import { work_through } from "./part_work.js";
import { COLUMNS_OF } from "./row_work.js";

/** @typedef {import("../dataset.js").Dataset} Dataset */
/** @typedef {import("../table/table.js").Table} Table */
/** @typedef {import("./part_work.js").Part} Part */
/** @typedef {import("./result_cache.js").ResultCache} ResultCache */
/** @typedef {import("./result_maker.js").ResultMaker} ResultMaker */
/** @typedef {import("./result_maker.js").Shape} Shape */

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
 * @param {ResultMaker} maker
 * @returns {Promise<{table: Table, shape: Shape} | undefined>} undefined: the function returned nothing,
 *   for no row
 */
export async function make_part(dataset, part, maker) {
  let nothing = 0;
  let something = 0;
  try {
    await work_through(dataset, part, async ({ turn, made }) => {
      const columns = COLUMNS_OF[part.method](made, turn, part.settings);
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
