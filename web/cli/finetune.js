// `npm run finetune`: the embedded encoder fine-tuned on the embedded emotion dataset. Options of
// `tunelab train` may follow.
import { fileURLToPath } from "node:url";
import { EMBEDDED_DATASET, EMBEDDED_ENCODER } from "./embedded.js";
import { main } from "./main.js";

const DEFAULTS = {
  model: EMBEDDED_ENCODER,
  dataset: EMBEDDED_DATASET,
  "text-columns": "text",
  output: fileURLToPath(new URL("../../runs/emotion", import.meta.url)),
  epochs: "10",
  "learning-rate": "5e-4",
  "per-device-train-batch-size": "16",
};

const defaults = Object.entries(DEFAULTS).flatMap(([name, value]) => [`--${name}`, value]);
process.exitCode = await main(["train", ...defaults, ...process.argv.slice(2)]);
