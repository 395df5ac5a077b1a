// The fingerprint of a map's or filter's result, and what has to run to know it.
import { record_uses } from "../../core/use_record.js";
import { logger } from "../../core/logging.js";
import {
  CannotFingerprint,
  fingerprint_of,
  random_fingerprint,
  updated_fingerprint,
} from "../fingerprint.js";
import { arguments_as_values, look_into } from "./function_fingerprint.js";

/** @typedef {import("../dataset.js").Dataset} Dataset */
/** @typedef {import("./map_options.js").MapOptions} MapOptions */
/** @typedef {import("./map_options.js").Settings} Settings */
/** @typedef {import("./part_work.js").Answered} Answered */

/**
 * @typedef {object} Identity
 * @property {string} fingerprint
 * @property {boolean} lasting whether it can be found again
 * @property {Answered} [first] the first turn, if it had to run
 */

/** @param {string} method @param {readonly string[]} unknown */
function warn(method, unknown) {
  logger.warning_once(
    `${method}: the result is not kept for later, since the function depends on ${unknown.join(", ")}, whose content ` +
      "cannot be told; pass what it needs in fn_kwargs",
  );
}

/**
 * The function's arguments as values, and what of them cannot be told.
 * @param {Record<string, any>} fn_kwargs
 */
async function told_arguments(fn_kwargs) {
  const { values, unknown } = await arguments_as_values(fn_kwargs);
  for (const [name, value] of Object.entries(values)) {
    try {
      fingerprint_of(value);
    } catch (error) {
      if (!(error instanceof CannotFingerprint)) throw error;
      unknown.push(`${name} of fn_kwargs (${error.message})`);
    }
  }
  return { values, unknown };
}

/**
 * A function that takes nothing from around it is told by its text and arguments. Of any other the first
 * turn is run, to see what it calls.
 * @param {Dataset} dataset
 * @param {"map" | "filter"} method
 * @param {Function} work
 * @param {MapOptions} options
 * @param {Settings} settings
 * @param {() => Promise<Answered>} run_first
 * @returns {Promise<Identity>}
 */
export async function identify(dataset, method, work, options, settings, run_first) {
  const { new_fingerprint, features } = options;
  if (new_fingerprint !== undefined) return { fingerprint: new_fingerprint, lasting: true };
  const known = await look_into(/** @type {any} */ (work));
  const { transform, ...format } = dataset._format;
  const { values, unknown } = await told_arguments({
    ...settings.fn_kwargs,
    ...(transform && { transform }),
  });
  const { result: first, uses } =
    known.free.length > 0 && unknown.length === 0
      ? await record_uses(run_first)
      : { result: undefined, uses: new Map() };
  const identity = known.identify(uses);
  if ("unknown" in identity) unknown.push(...identity.unknown);
  if (unknown.length > 0) {
    warn(method, unknown);
    return { fingerprint: random_fingerprint(), lasting: false, first };
  }
  const fingerprint = updated_fingerprint(dataset, method, {
    ...settings,
    batch_size: settings.batched ? settings.batch_size : undefined,
    fn_kwargs: values,
    function: "fingerprint" in identity ? identity.fingerprint : undefined,
    features: features && Object.entries(features).map(([name, each]) => [name, String(each)]),
    format,
    num_proc: settings.with_rank ? options.num_proc : undefined,
  });
  return { fingerprint, lasting: true, first };
}
