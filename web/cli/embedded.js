// What comes with the project to start with, offline: the encoder and the datasets of `npm run finetune`.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** @param {string} name in the offline Hub */
const embedded = (name) => fileURLToPath(new URL(`../../assets/hub/${name}`, import.meta.url));

/** The encoder's folder: what is fine-tuned or evaluated where no other is named. */
export const EMBEDDED_ENCODER = embedded("tunelab/bert-tiny-random");

/** The dataset that is trained on where no other is named. */
export const EMBEDDED_DATASET = "tunelab/emotion";

/**
 * @param {string} name a dataset's, as on the Hub
 * @returns {string} the folder of the dataset if it is embedded, else the name
 */
export function embedded_dataset(name) {
  const is_name = /^[\w-]+\/[\w-]+$/.test(name);
  const folder = embedded(`datasets/${name}`);
  return is_name && !existsSync(name) && existsSync(folder) ? folder : name;
}
