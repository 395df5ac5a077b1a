// Tokenizers on the way to a worker: as their files, with a core of one thread that reads them there.
import { init } from "../core/core.js";

/** @typedef {import("./tokenizer.js").PreTrainedTokenizerFast} PreTrainedTokenizerFast */

/**
 * @typedef {object} TokenizerData plain data
 * @property {Uint8Array} json tokenizer.json's bytes
 * @property {Record<string, any>} config
 * @property {string[]} model_input_names
 * @property {number} model_max_length
 * @property {{build: import("../core/builds.js").BuildName, base: string}} core the build that is here,
 *   and where it lies
 */

/**
 * @param {PreTrainedTokenizerFast} tokenizer
 * @returns {{module: string, name: string, data: TokenizerData}}
 */
export function portable_tokenizer(tokenizer) {
  const { init_kwargs: config, model_input_names, model_max_length, _handle } = tokenizer;
  const { build, base } = _handle.core;
  return {
    module: import.meta.url,
    name: "restored_tokenizer",
    data: {
      json: tokenizer._to_json().slice(),
      config,
      model_input_names,
      model_max_length,
      core: { build, base },
    },
  };
}

/** @param {TokenizerData} data @returns {Promise<PreTrainedTokenizerFast>} */
export async function restored_tokenizer({
  json,
  config,
  model_input_names,
  model_max_length,
  core: at,
}) {
  const core = await init_once({ ...at, threads: 1 });
  const { PreTrainedTokenizerFast: Tokenizer } = await import("./tokenizer.js");
  const handle = core.heap.frame((frame) =>
    core.create("tl_tokenizer_create", [frame.u8(json), json.length]),
  );
  const made = new Tokenizer(handle, { config, model_input_names });
  made.model_max_length = model_max_length;
  return made;
}

/** @type {ReturnType<typeof init> | undefined} */
let started;

/** A worker loads its core with the first tokenizer. @param {NonNullable<Parameters<typeof init>[0]>} options */
function init_once(options) {
  started ??= init(options);
  return started;
}
