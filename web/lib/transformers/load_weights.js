// A model folder's weights, in whichever form it has them, into the core's parameters, and what did not fit reported.
import { located } from "../core/errors.js";
import { read_catalog } from "./weight_catalog.js";
import { find_weights } from "./weight_files.js";
import { load_tensors } from "./weight_loader.js";

/** @typedef {import("../core/handle.js").Handle} Handle */
/** @typedef {import("../hub/file_source.js").FileSource} FileSource */
/** @typedef {import("./weight_catalog.js").OpenWeights} OpenWeights */
/**
 * @typedef {{tensor: number, name: string, dtype: string, begin: number, bytes: number, offset: number}}
 *   Read
 */
/** @typedef {{name: string, file: number[], model: number[]}} Mismatch */
/**
 * @typedef {{missing: string[], unexpected: string[], mismatched: Mismatch[], reads: Read[]}}
 *   MatchReport
 */

/**
 * @param {Handle} model
 * @param {Handle} header
 * @param {number} mode a tl_match_mode
 * @param {string} location of the weights, for messages
 * @returns {MatchReport}
 */
function match(model, header, mode, location) {
  const { core, pointer } = model;
  try {
    core.run("tl_model_match", pointer, header.pointer, mode);
  } catch (error) {
    throw located(error, location);
  }
  return JSON.parse(core.heap.text(core.call("tl_model_match_report", pointer) >>> 0));
}

/**
 * @typedef {object} WeightOptions as transformers names them
 * @property {boolean} [ignore_mismatched_sizes] false by default
 * @property {boolean | null} [use_safetensors] true or false: read only safetensors, or only torch's files; null by
 *   default: safetensors first
 */

/**
 * Loads the weights of `source`. Spans that the files lack keep their values; the report names them.
 * @param {Handle} model a tl_model
 * @param {FileSource} source
 * @param {WeightOptions} options
 * @returns {Promise<MatchReport & {location: string}>} location: of the weights file, or the files' index
 */
export async function load_weights(model, source, options) {
  const { ignore_mismatched_sizes = false, use_safetensors = null } = options;
  const { match_mode } = model.core.constants;
  const mode = ignore_mismatched_sizes
    ? match_mode.TL_MATCH_REINIT_HEAD
    : match_mode.TL_MATCH_STRICT;
  const files = await find_weights(source, use_safetensors);
  const location = `${source.location}/${files.name}`;
  /** @type {OpenWeights[]} */
  const opened = [];
  try {
    for (const path of files.paths) opened.push({ path, file: await source.open(path) });
    const catalog = await read_catalog(model.core, source, files, opened);
    try {
      const report = match(model, catalog.header, mode, location);
      await load_tensors(model, catalog, report.reads, source.location);
      return { ...report, location };
    } finally {
      catalog.header.free();
    }
  } finally {
    for (const { file } of opened) await file.close();
  }
}
