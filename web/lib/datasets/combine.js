// Several datasets as one: end to end, side by side, or in turns.
import { TunelabError } from "../core/errors.js";
import { PLAIN } from "./dataset_format.js";
import { dtype_of } from "./features.js";
import { fingerprint_of, updated_fingerprint } from "./fingerprint.js";
import { JoinedExamples } from "./iterable/examples.js";
import { IterableDataset } from "./iterable_dataset.js";
import { interleaved_rows } from "./rows/interleave.js";
import { Table } from "./table/table.js";

/** @typedef {import("./dataset.js").Dataset} Dataset */
/** @typedef {import("./features.js").Features} Features */
/** @typedef {import("./rows/interleave.js").Strategy} Strategy */

/** @param {import("./features.js").Feature | undefined} feature */
const is_null = (feature) => feature === undefined || dtype_of(feature) === "null";

/**
 * The columns of all, each of the type that it has wherever it has one.
 * @param {readonly Features[]} all
 * @returns {Features}
 * @throws {TunelabError} for a column of two types
 */
function aligned_features(all) {
  /** @type {Features} */
  const aligned = {};
  for (const features of all)
    for (const [name, feature] of Object.entries(features)) {
      const before = aligned[name];
      if (is_null(before)) aligned[name] = feature;
      else if (!is_null(feature) && String(feature) !== String(before))
        throw new TunelabError(
          `The features can't be aligned because the key ${name} of features ${features} has unexpected type - ${feature} (expected either ${before} or Value("null")).`,
        );
    }
  return aligned;
}

/** The format that all have, else plain values. @param {readonly Dataset[]} datasets */
function common_format(datasets) {
  const [first] = datasets;
  const same = datasets.every(({ _format }) => _format === first._format);
  return same ? first._format : PLAIN;
}

/**
 * @param {readonly any[]} datasets
 * @returns {boolean} whether they stream
 * @throws {TunelabError} if some do and some do not
 */
function are_streams(datasets) {
  const streams = datasets.filter((dataset) => dataset instanceof IterableDataset).length;
  if (streams > 0 && streams < datasets.length)
    throw new TunelabError(
      "datasets and streams (IterableDataset) cannot be one; make streams of all (to_iterable_dataset)",
    );
  return streams > 0;
}

/**
 * Streams one after the other.
 * @param {readonly IterableDataset[]} streams
 * @returns {IterableDataset}
 */
function joined_streams(streams) {
  const known = streams.map(({ features }) => features);
  const features = known.includes(null)
    ? null
    : aligned_features(/** @type {Features[]} */ (known));
  return new IterableDataset(new JoinedExamples(streams.map(({ _examples }) => _examples)), {
    features,
  });
}

/**
 * One dataset of all rows (axis 0; a column that one lacks is null in its rows), or of all columns
 * (axis 1). Nothing is copied. Streams (IterableDataset) are joined along axis 0.
 * @param {readonly Dataset[]} dsets
 * @param {{axis?: 0 | 1}} [options]
 * @returns {Dataset}
 * @throws {TunelabError} for columns of different types, or (axis 1) other numbers of rows or a
 *   column that two have
 */
export function concatenate_datasets(dsets, { axis = 0 } = {}) {
  if (dsets.length === 0)
    throw new TunelabError("Unable to concatenate an empty list of datasets.");
  if (are_streams(dsets)) return /** @type {any} */ (joined_streams(/** @type {any} */ (dsets)));
  const with_rows = dsets.filter(({ num_rows }) => num_rows > 0);
  if (with_rows.length === 0) return dsets[0];
  const tables = with_rows.map((dataset) => dataset._rows());
  const table = axis === 0 ? end_to_end(tables) : side_by_side(tables);
  const names = with_rows.map(({ _fingerprint }) => _fingerprint);
  return with_rows[0]._made(table, {
    fingerprint: fingerprint_of("concatenate_datasets", names, axis),
    format: common_format(with_rows),
  });
}

/** @param {readonly Table[]} tables */
function end_to_end(tables) {
  const features = aligned_features(tables.map((table) => table.features));
  return Table.one_after_other(tables.map((table) => table.completed(features)));
}

/** @param {readonly Table[]} tables */
function side_by_side(tables) {
  if (tables.some(({ num_rows }) => num_rows !== tables[0].num_rows))
    throw new TunelabError("Number of rows must match for all datasets");
  const names = tables.flatMap(({ column_names }) => column_names);
  const twice = names.filter((name, i) => names.indexOf(name) !== i);
  if (twice.length > 0)
    throw new TunelabError(
      `The table can't have duplicated columns but columns ${twice.join(", ")} are duplicated.`,
    );
  return tables.reduce((all, table) => all.beside(table));
}

/**
 * One dataset whose rows come from the given ones in turns or, with probabilities, at random: in the
 * datasets library's order for a seed.
 * @param {readonly Dataset[]} datasets
 * @param {{probabilities?: readonly number[] | null, seed?: number | null, stopping_strategy?: Strategy}}
 *   [options]
 * @returns {Dataset}
 * @throws {TunelabError} for probabilities by which it would never end, and types that differ
 */
export function interleave_datasets(datasets, options = {}) {
  if (are_streams(datasets))
    throw new TunelabError(
      "interleave_datasets takes datasets, not streams (IterableDataset); concatenate_datasets and shuffle mix streams",
      "TL_ERR_UNSUPPORTED",
    );
  const lengths = datasets.map(({ num_rows }) => num_rows);
  const all = concatenate_datasets(datasets);
  const rows = interleaved_rows(lengths, options);
  const drawn = options.probabilities && (options.seed ?? null) === null;
  const args = drawn ? { rows } : { ...options };
  return all._select(rows, updated_fingerprint(all, "interleave_datasets", args));
}
