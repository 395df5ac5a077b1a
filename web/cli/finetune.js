// `npm run finetune`: the embedded encoder fine-tuned on an embedded dataset, emotions unless --dataset names
// another one. Options of `tunelab train` may follow.
import { parse } from "node:path";
import { fileURLToPath } from "node:url";
import { EMBEDDED_DATASET, EMBEDDED_ENCODER, embedded_dataset } from "./embedded.js";
import { main } from "./main.js";

const given = process.argv
  .slice(2)
  .flatMap((arg) => (arg.startsWith("--dataset=") ? ["--dataset", arg.slice(10)] : [arg]));
const place = given.lastIndexOf("--dataset") + 1;
const name = (place > 0 && given[place]) || EMBEDDED_DATASET;
// Where an embedded dataset's name stood, its folder is to stand.
const options = given.map((arg, i) => (i === place && i > 0 ? embedded_dataset(arg) : arg));

const DEFAULTS = {
  model: EMBEDDED_ENCODER,
  dataset: embedded_dataset(EMBEDDED_DATASET),
  output: fileURLToPath(new URL(`../../runs/${parse(name).name}`, import.meta.url)),
  epochs: "10",
  "learning-rate": "5e-4",
  "per-device-train-batch-size": "16",
};

const defaults = Object.entries(DEFAULTS).flatMap(([option, value]) => [`--${option}`, value]);
process.exitCode = await main(["train", ...defaults, ...options]);
