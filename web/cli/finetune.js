// `npm run finetune`: the embedded encoder fine-tuned on the embedded emotion dataset. Options of
// `tunelab train` may follow.
import { fileURLToPath } from "node:url";
import { main } from "./main.js";

/** @param {string} path in the repository */
const repository = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

const DEFAULTS = {
  model: repository("assets/hub/tunelab/bert-tiny-random"),
  dataset: repository("assets/hub/datasets/tunelab/emotion"),
  "text-columns": "text",
  output: repository("runs/emotion"),
  epochs: "10",
  "learning-rate": "5e-4",
  "per-device-train-batch-size": "16",
};

const defaults = Object.entries(DEFAULTS).flatMap(([name, value]) => [`--${name}`, value]);
process.exitCode = await main(["train", ...defaults, ...process.argv.slice(2)]);
