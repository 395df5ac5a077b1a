// What comes with the project to start with, offline: the encoder and the dataset of `npm run finetune`.
import { fileURLToPath } from "node:url";

/** @param {string} name in the offline Hub */
const embedded = (name) => fileURLToPath(new URL(`../../assets/hub/${name}`, import.meta.url));

/** The encoder's folder: what is fine-tuned or evaluated where no other is named. */
export const EMBEDDED_ENCODER = embedded("tunelab/bert-tiny-random");

/** The emotion dataset's folder. */
export const EMBEDDED_DATASET = embedded("datasets/tunelab/emotion");
