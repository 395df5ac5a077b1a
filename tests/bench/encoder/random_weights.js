// The floor of a comparison: an encoder's architecture and tokenizer with weights that never saw a text.
import {
  AutoConfig,
  AutoModelForSequenceClassification,
  AutoTokenizer,
  set_seed,
} from "../../../web/lib/index.js";

/** The files of an encoder's folder that random weights depend on. @param {string} name */
export const shapes_it = (name) => !/\.(safetensors|bin)$/.test(name);

/**
 * Writes such an encoder, with a head, as a folder. The core must be loaded.
 * @param {string} encoder its folder
 * @param {string} folder where it goes
 * @param {{seed: number, num_labels: number}} options
 */
export async function save_random(encoder, folder, { seed, num_labels }) {
  const config = await AutoConfig.from_pretrained(encoder, { num_labels });
  const tokenizer = await AutoTokenizer.from_pretrained(encoder);
  set_seed(seed);
  const model = await AutoModelForSequenceClassification.from_config(config);
  await model.save_pretrained(folder);
  await tokenizer.save_pretrained(folder);
}
