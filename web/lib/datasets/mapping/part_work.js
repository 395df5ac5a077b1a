// One part of a map or filter: a contiguous run of rows through the user's function, turn by turn.
import { answers } from "./row_work.js";
import { Breath, read_turn, turn_bounds } from "./turns.js";

/** @typedef {import("../dataset.js").Dataset} Dataset */
/** @typedef {import("./map_options.js").Settings} Settings */
/** @typedef {import("./row_work.js").Turn} Turn */

/** @typedef {{turn: Turn, made: any[]}} Answered a turn, and what the function answered */

/**
 * @typedef {object} Part
 * @property {"map" | "filter"} method
 * @property {Function} work
 * @property {Settings} settings
 * @property {number} begin
 * @property {number} end
 * @property {number} [offset] the number of the dataset's first row, where it is a part of another;
 *   default 0
 * @property {number} rank the worker's number
 * @property {Answered} [first] the first turn, where it went through the function already
 * @property {AbortSignal} [signal]
 * @property {(rows: number) => void} on_rows told after each turn how many of the part's rows are done
 */

/**
 * One turn through the function.
 * @param {Dataset} dataset
 * @param {Part} part
 * @param {[begin: number, end: number]} bounds
 * @returns {Promise<Answered>}
 */
export async function answer_turn(dataset, part, [begin, end]) {
  const { work, settings, rank, method, offset = 0 } = part;
  const turn = read_turn(dataset, begin, end, settings, offset);
  return { turn, made: await answers(work, turn, settings, rank, method) };
}

/**
 * All turns, in order.
 * @param {Dataset} dataset
 * @param {Part} part
 * @param {(answered: Answered) => void | Promise<void>} take
 */
export async function work_through(dataset, part, take) {
  const { begin, end, settings, first, signal, on_rows } = part;
  const breath = new Breath(signal, part.method);
  for (const bounds of turn_bounds(begin, end, settings)) {
    breath.check();
    const given = bounds[0] === begin ? first : undefined;
    await take(given ?? (await answer_turn(dataset, part, bounds)));
    on_rows(bounds[1] - begin);
    await breath.take();
  }
}
