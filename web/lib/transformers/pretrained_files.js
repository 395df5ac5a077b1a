// What from_pretrained's first argument and options stand for: the files, how they are got, and what else was asked.
import { TunelabError } from "../core/errors.js";
import { open_source, split_hub_options } from "../hub/file_source.js";
import { SubfolderSource } from "../hub/subfolder_source.js";

/** @typedef {import("../hub/file_source.js").FileSource} FileSource */

/**
 * Options of transformers that choose between ways to the same result. Here there is one: float32, on the processor, and nothing
 * that a repository brings is ever run.
 */
const WITHOUT_EFFECT = [
  "attn_implementation",
  "device_map",
  "dtype",
  "low_cpu_mem_usage",
  "torch_dtype",
  "trust_remote_code",
  "weights_only",
];

/**
 * The options of every from_pretrained.
 * @typedef {import("../hub/hub_source.js").HubOptions & {subfolder?: string}} PretrainedOptions
 *   subfolder: of the repository or folder, in which all files lie; "" by default
 */

/**
 * Opens the files of a model or tokenizer.
 * @param {string} name a folder, an address, or a name on the Hub
 * @param {PretrainedOptions & Record<string, any>} options
 * @returns {Promise<{source: FileSource, hub: import("../hub/hub_source.js").HubOptions, rest: Record<string, any>}>}
 *   rest: the options that say nothing of files
 * @throws {TunelabError} if there is neither folder nor repository, or subfolder leads out of it
 */
export async function open_pretrained(name, options) {
  const { hub, rest: others } = split_hub_options(options);
  const { subfolder = "", ...rest } = others;
  if (typeof subfolder !== "string" || /^\/|\\|(^|\/)\.\.?(\/|$)/.test(subfolder))
    throw new TunelabError(
      `from_pretrained: subfolder is ${JSON.stringify(subfolder)}; expected a folder's path within ${name}, such as "encoder"`,
    );
  const source = await open_source(name, hub);
  for (const option of WITHOUT_EFFECT) delete rest[option];
  return { source: subfolder ? new SubfolderSource(source, subfolder) : source, hub, rest };
}
