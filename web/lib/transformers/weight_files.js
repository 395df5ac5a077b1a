// Which files of a model folder hold its weights: one or several, as safetensors or as torch.save wrote them.
import { TunelabError } from "../core/errors.js";
import { read_json } from "../hub/file_source.js";

/** @typedef {import("../hub/file_source.js").FileSource} FileSource */

/** What weights are saved as, and what is looked for first. */
export const WEIGHTS_NAME = "model.safetensors";

/** @typedef {"safetensors" | "torch"} WeightForm */

/**
 * @typedef {object} WeightFiles
 * @property {WeightForm} form
 * @property {string} name the file for messages: the one file, or the index
 * @property {string[]} paths sorted
 * @property {Map<string, string> | null} index the file of each tensor, as an index tells it
 */

/** In the order in which they are looked for, as in transformers. @type {[string, WeightForm][]} */
const ONES = [
  [WEIGHTS_NAME, "safetensors"],
  [`${WEIGHTS_NAME}.index.json`, "safetensors"],
  ["pytorch_model.bin", "torch"],
  ["pytorch_model.bin.index.json", "torch"],
];

/** Weights of other programs, by file. */
const FOREIGN = ["tf_model.h5", "flax_model.msgpack", "model.ckpt.index", "rust_model.ot"];

const SUFFIX = { safetensors: ".safetensors", torch: ".bin" };

/** @param {FileSource} source @param {boolean | null} use_safetensors */
async function nothing_found(source, use_safetensors) {
  const excluded = use_safetensors === null ? "" : ` (use_safetensors is ${use_safetensors})`;
  const expected = use_safetensors === false ? "pytorch_model.bin" : WEIGHTS_NAME;
  for (const name of FOREIGN)
    if (await source.exists(name))
      return new TunelabError(
        `${source.location} holds its weights as ${name} only; ${WEIGHTS_NAME} is needed (transformers 4 converts it: ` +
          `AutoModel.from_pretrained(folder, ${/^flax/.test(name) ? "from_flax" : "from_tf"}=True).save_pretrained(folder))`,
        "TL_ERR_UNSUPPORTED",
      );
  return new TunelabError(
    `${source.location} holds no ${expected}${excluded}; expected a Hugging Face model folder: config.json, ` +
      `${WEIGHTS_NAME} (or pytorch_model.bin), tokenizer.json (or vocab.txt)`,
  );
}

/**
 * The files that an index names.
 * @param {FileSource} source
 * @param {string} name
 * @param {WeightForm} form
 * @returns {Promise<WeightFiles>}
 */
async function read_index(source, name, form) {
  const where = `${source.location}/${name}`;
  const map = (await read_json(source, name))?.weight_map;
  const entries = typeof map === "object" && map !== null ? Object.entries(map) : [];
  if (entries.length === 0)
    throw new TunelabError(`${where} has no weight_map from tensors to files`, "TL_ERR_FORMAT");
  for (const [tensor, path] of entries)
    if (typeof path !== "string" || /[/\\:]/.test(path) || !path.endsWith(SUFFIX[form]))
      throw new TunelabError(
        `${where} has ${tensor} in ${JSON.stringify(path)}; expected the name of a ${SUFFIX[form]} file beside it`,
        "TL_ERR_FORMAT",
      );
  const index = new Map(/** @type {[string, string][]} */ (entries));
  const paths = [...new Set(index.values())].sort();
  for (const path of paths)
    if (!(await source.exists(path)))
      throw new TunelabError(
        `${where} names ${path}, which is missing; download the model again`,
        "TL_ERR_FORMAT",
      );
  return { form, name, paths, index };
}

/**
 * @param {FileSource} source
 * @param {boolean | null} use_safetensors transformers' option: true or false look for one form only; null for
 *   safetensors first
 * @returns {Promise<WeightFiles>}
 * @throws {TunelabError} if there are none, or the index is not sound
 */
export async function find_weights(source, use_safetensors) {
  for (const [name, form] of ONES) {
    if (use_safetensors !== null && use_safetensors !== (form === "safetensors")) continue;
    if (!(await source.exists(name))) continue;
    if (name.endsWith(".json")) return read_index(source, name, form);
    return { form, name, paths: [name], index: null };
  }
  throw await nothing_found(source, use_safetensors);
}
