// load_dataset with {streaming: true}: the splits of a dataset as streams of rows.
import { TunelabError } from "../core/errors.js";
import { file_examples, stream_features } from "./iterable/file_rows.js";
import { IterableDataset } from "./iterable_dataset.js";
import { iterable_dataset_dict } from "./iterable_dataset_dict.js";

/** @typedef {import("./dataset_builder.js").DatasetBuilder} DatasetBuilder */

/**
 * @param {DatasetBuilder} builder
 * @param {string} split
 * @param {Record<string, any>} options load_dataset's
 */
async function stream_split(builder, split, options) {
  const files = builder.files[split];
  const declared = { ...builder.declared(options) }; // own names alone: `dtype` may be one
  const features = await stream_features(files, options, declared);
  return new IterableDataset(file_examples(files, options, declared), { features });
}

/**
 * @param {DatasetBuilder} builder
 * @param {Record<string, any>} options load_dataset's
 * @returns {Promise<any>} an IterableDatasetDict; an IterableDataset if `split` is given, a list of them
 *   for a list
 * @throws {TunelabError} for slices of splits: how many rows there are is not known before
 */
export async function stream_dataset(builder, options) {
  const names = builder.split_names;
  const wanted = options.split === undefined ? undefined : [options.split].flat().map(String);
  const unknown = wanted?.find((split) => !names.includes(split));
  if (unknown !== undefined)
    throw new TunelabError(
      `Bad split: ${unknown}. Available splits: ${names.join(", ")}; parts of a stream are taken with take and skip`,
    );
  /** @type {Record<string, IterableDataset>} */
  const streams = {};
  for (const split of new Set(wanted ?? names))
    streams[split] = await stream_split(builder, split, options);
  if (!wanted) return iterable_dataset_dict(streams);
  return Array.isArray(options.split) ? wanted.map((split) => streams[split]) : streams[wanted[0]];
}
