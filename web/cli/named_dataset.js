// --dataset in one piece: a configuration behind the dataset's name, as in glue/mrpc.
import { existsSync } from "node:fs";
import { known_tasks } from "../lib/index.js";

/** @typedef {import("./parse_options.js").Options} Options */

/**
 * Takes the configuration off a name on the Hub: the third part of nyu-mll/glue/mrpc, and the second where the first
 * is a well-known dataset and the second one of its configurations. What is a file or folder here stays what it is.
 * @param {Options} options
 * @returns {Options}
 */
export function with_named_config(options) {
  const { dataset } = options;
  if (dataset === undefined || options["dataset-config"] !== undefined || existsSync(dataset))
    return options;
  const parts = dataset.split("/");
  const is_name = parts.every((/** @type {string} */ part) => /^[\w-][\w.-]*$/.test(part));
  const config = parts.at(-1);
  const rest = parts.slice(0, -1).join("/");
  const is_known = known_tasks().some(
    (known) => known.dataset === rest && known.config_name === config,
  );
  return is_name && (parts.length === 3 || is_known)
    ? { ...options, dataset: rest, "dataset-config": config }
    : options;
}
