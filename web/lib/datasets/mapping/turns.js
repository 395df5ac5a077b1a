// A dataset's rows in turns: so many at a time go through a user's function.
import { TunelabError } from "../../core/errors.js";
import { shown_columns } from "../dataset_format.js";

/** @typedef {import("../dataset.js").Dataset} Dataset */
/** @typedef {import("./map_options.js").Settings} Settings */
/** @typedef {import("./row_work.js").Turn} Turn */

/** Rows of the first turn where the function takes rows one by one: enough to learn what it calls. */
const FIRST_ROWS = 10;

/** Milliseconds of work after which events are let through. */
const BREATH = 50;

/**
 * The rows [begin, end) as a function sees them: formatted, of the columns that it takes.
 * @param {Dataset} dataset
 * @param {number} begin
 * @param {number} end
 * @param {Settings} settings
 * @param {number} offset what the turn counts its rows from, where the dataset is a part of another
 * @returns {Turn}
 */
export function read_turn(dataset, begin, end, { batched, input_columns }, offset) {
  const counted = { begin: begin + offset, end: end + offset };
  const stored = dataset._rows();
  const plain = (/** @type {string} */ name) =>
    stored.has(name) ? stored.column(name).slice(begin, end) : undefined;
  if (dataset._format.type !== null) {
    const formatted = batched
      ? [dataset.slice(begin, end)]
      : Array.from({ length: end - begin }, (_, i) => dataset.at(begin + i));
    return { ...counted, items: formatted, plain };
  }
  const names = input_columns ?? shown_columns(dataset._format, dataset.column_names);
  const columns = Object.fromEntries(names.map((name) => [name, plain(name) ?? []]));
  return { ...counted, items: batched ? [columns] : rows_of(columns, end - begin), plain };
}

/**
 * Rows as objects, from columns.
 * @param {Record<string, any[]>} columns
 * @param {number} count
 * @returns {Record<string, any>[]}
 */
function rows_of(columns, count) {
  const names = Object.keys(columns);
  return Array.from({ length: count }, (_, row) => {
    /** @type {Record<string, any>} */
    const made = {};
    for (const name of names) made[name] = columns[name][row];
    return made;
  });
}

/**
 * Where turns begin and end. A function of single rows has a short first turn.
 * @param {number} begin
 * @param {number} end
 * @param {Settings} settings
 * @returns {Generator<[begin: number, end: number]>}
 */
export function* turn_bounds(begin, end, { batched, batch_size }) {
  let row = begin;
  let rows = batched ? batch_size : Math.min(FIRST_ROWS, batch_size);
  while (row < end) {
    const until = Math.min(end, row + rows);
    yield [row, until];
    row = until;
    rows = batch_size;
  }
}

/**
 * The rows that take part.
 * @param {number} num_rows
 * @param {Settings} settings
 */
export function rows_taken(num_rows, { batched, batch_size, drop_last_batch }) {
  return batched && drop_last_batch ? num_rows - (num_rows % batch_size) : num_rows;
}

/** Lets events through now and then, and ends the work where it is asked to. */
export class Breath {
  /** @param {AbortSignal | undefined} signal @param {string} method for messages */
  constructor(signal, method) {
    this._signal = signal;
    this._method = method;
    this._last = performance.now();
  }

  /** @throws {TunelabError} after an abort */
  check() {
    if (this._signal?.aborted)
      throw new TunelabError(
        `${this._method} was ended by its signal; nothing is kept`,
        undefined,
        this._signal.reason,
      );
  }

  async take() {
    this.check();
    if (performance.now() - this._last < BREATH) return;
    await new Promise((resolve) => setTimeout(resolve));
    this._last = performance.now();
    this.check();
  }
}
