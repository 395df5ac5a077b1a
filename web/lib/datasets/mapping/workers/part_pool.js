// A map or filter in several workers: each takes a contiguous part, and the parts are joined in order.
import { TunelabError } from "../../../core/errors.js";
import { feature_from_json } from "../../features/feature_json.js";
import { open_table } from "../../table/table_file.js";
import { joined_parts } from "../joined_parts.js";
import { writer_of } from "../make_part.js";
import { part_bounds, part_tasks } from "./part_task.js";
import { start_worker } from "./ports.js";

/** @typedef {import("../../dataset.js").Dataset} Dataset */
/** @typedef {import("../../table/table.js").Table} Table */
/** @typedef {import("../result_cache.js").ResultCache} ResultCache */
/** @typedef {import("../result_maker.js").Shape} Shape */
/** @typedef {import("./part_task.js").PartTask} PartTask */
/** @typedef {import("./part_task.js").PlainTable} PlainTable */
/** @typedef {{shape: Shape, plain?: PlainTable} | undefined} Made undefined: the function returned nothing */

const PROGRAM = new URL("part_worker.js", import.meta.url);

/**
 * One part in a worker of its own.
 * @param {PartTask} task
 * @param {(rows: number) => void} on_rows
 * @returns {Promise<{finished: Promise<Made>, abort: () => void}>}
 */
async function start_part(task, on_rows) {
  let end_well = (/** @type {Made} */ _made) => {};
  let end_badly = (/** @type {unknown} */ _error) => {};
  /** @type {Promise<Made>} */
  const finished = new Promise((resolve, reject) => {
    end_well = resolve;
    end_badly = reject;
  });
  const worker = await start_worker(
    PROGRAM,
    task,
    ({ rows, made, failed }) => {
      if (rows !== undefined) on_rows(rows);
      else if (failed) end_badly(new TunelabError(failed.message, failed.status));
      else end_well(made);
    },
    (error) =>
      end_badly(
        new TunelabError(
          `${task.method}: worker ${task.rank} of num_proc ended: ${error.message}`,
          undefined,
          error,
        ),
      ),
  );
  return { finished: finished.finally(() => worker.end()), abort: () => worker.post("abort") };
}

/**
 * What a worker posted as plain values, written here.
 * @param {PlainTable} plain
 * @param {ReturnType<typeof writer_of>} open_writer
 */
async function written({ columns, features }, open_writer) {
  const restored = Object.entries(features).map(([name, each]) => [name, feature_from_json(each)]);
  const writer = await open_writer(/** @type {any} */ (Object.fromEntries(restored)));
  try {
    writer.write(columns);
    return await writer.close();
  } catch (error) {
    await writer.abort();
    throw error;
  }
}

/**
 * @param {Dataset} dataset
 * @param {import("../part_work.js").Part} part all rows
 * @param {import("../map_options.js").MapOptions} options
 * @param {ResultCache | undefined} cache
 * @param {import("../work_progress.js").Progress} progress
 * @returns {Promise<{parts: Table[], shape: Shape} | undefined>} undefined: the function returned nothing
 * @throws {TunelabError} the first failure of any worker; the others are ended, and no file is left
 */
export async function run_in_workers(dataset, part, options, cache, progress) {
  const bounds = part_bounds(part.end, Number(options.num_proc), part.settings);
  const task_of = await part_tasks(dataset, part, options, cache, bounds);
  /** @type {Awaited<ReturnType<typeof start_part>>[]} */
  const running = [];
  const abort = () => running.forEach((each) => each.abort());
  options.signal?.addEventListener("abort", abort);
  try {
    for (let rank = 0; rank < bounds.length; ++rank)
      running.push(await start_part(task_of(rank), (done) => progress.set(rank, done)));
    if (options.signal?.aborted) abort();
    const made = await all_or_first_failure(
      running.map(async ({ finished }, rank) => {
        const ended = await finished;
        progress.set(rank, bounds[rank][1] - bounds[rank][0]);
        return ended;
      }),
      abort,
    );
    const parts = await Promise.all(
      made.map((each, rank) => opened(each, rank, made.length, cache)),
    );
    const something = parts.filter((each) => each !== undefined);
    if (something.length === 0) return undefined;
    if (something.length === parts.length) return joined_parts(something);
    throw new TunelabError(
      `${part.method}: the function returned nothing for some rows but columns for others`,
    );
  } catch (error) {
    for (let rank = 0; rank < bounds.length; ++rank)
      await cache?.storage.remove(cache.part_path(rank, bounds.length));
    throw error;
  } finally {
    options.signal?.removeEventListener("abort", abort);
  }
}

/**
 * Waits for all, also where one fails: the others are told to end, and the first failure is thrown.
 * @param {Promise<Made>[]} promises
 * @param {() => void} abort
 * @returns {Promise<Made[]>}
 */
async function all_or_first_failure(promises, abort) {
  /** @type {unknown[]} */
  const failures = [];
  const made = await Promise.all(
    promises.map((promise) =>
      promise.catch((error) => {
        if (failures.push(error) === 1) abort();
        return undefined;
      }),
    ),
  );
  if (failures.length > 0) throw failures[0];
  return made;
}

/**
 * @param {Made} made
 * @param {number} rank
 * @param {number} parts
 * @param {ResultCache | undefined} cache
 */
async function opened(made, rank, parts, cache) {
  if (!made) return undefined;
  const { plain, shape } = made;
  if (plain) return { table: await written(plain, writer_of(cache, rank, parts)), shape };
  const place = /** @type {ResultCache} */ (cache);
  return { table: await open_table(place.storage, place.part_path(rank, parts)), shape };
}
