// A real job, as a user runs it: an encoder fine-tuned on MRPC by `tunelab train` with the course's hyper-parameters, once
// for each seed; accuracy and F1 on the validation pairs as a Markdown table, beside transformers' where they are given.
//
//   npm run mrpc -- --model FOLDER --data FOLDER [--seeds 42,43,44] [--baseline FILE] [--output FOLDER]
//
// --data holds train.tsv and validation.tsv in MRPC's own layout; --baseline is what tests/reference/mrpc_baseline.py wrote.
// Leaves a model and its predictions (JSON Lines) for each seed in --output.
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { evaluate, init, load_dataset } from "../../web/lib/index.js";

const PROGRAM = fileURLToPath(new URL("../../web/cli/tunelab.js", import.meta.url));
const COLUMNS = ["--text-columns", "#1 String,#2 String"];

/** @param {string[]} args of tunelab @returns {Promise<void>} */
function tunelab(args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: "inherit" });
    child.on("error", reject);
    child.on("close", (code) =>
      code === 0 ? resolve() : reject(new Error(`tunelab ${args[0]} ended with exit code ${code}`)),
    );
  });
}

/**
 * @param {{model: string, data: string, output: string}} options
 * @param {string} seed
 * @param {number[]} references the validation pairs' labels
 */
async function run(options, seed, references) {
  const folder = join(options.output, `seed-${seed}`);
  const validation = join(options.data, "validation.tsv");
  const start = performance.now();
  await tunelab([
    ...["train", "--model", options.model, "--output", folder, "--seed", seed, "--epochs", "3"],
    ...["--train-file", join(options.data, "train.tsv"), "--validation-file", validation],
    ...[...COLUMNS, "--label-column", "Quality"],
  ]);
  const seconds = (performance.now() - start) / 1000;
  const file = join(folder, "predictions.jsonl");
  await tunelab([
    "predict",
    "--model",
    folder,
    "--dataset",
    validation,
    ...COLUMNS,
    "--output",
    file,
  ]);
  const lines = (await readFile(file, "utf8")).trimEnd().split("\n");
  const predictions = lines.map((line) => Number(JSON.parse(line).label.replace("LABEL_", "")));
  const scores = evaluate.load("glue", "mrpc").compute({ predictions, references });
  return { seed, accuracy: scores.accuracy, f1: scores.f1, seconds };
}

/** @typedef {{seed: string | number, accuracy: number, f1: number}} Result */

/** @param {Result[]} results @returns {Result} */
function mean(results) {
  const of = (/** @type {"accuracy" | "f1"} */ key) =>
    results.reduce((sum, result) => sum + result[key], 0) / results.length;
  return { seed: "mean", accuracy: of("accuracy"), f1: of("f1") };
}

/** @param {Result | undefined} result */
const cells = (result) =>
  result ? [result.accuracy, result.f1].map((x) => `${(100 * x).toFixed(1)} %`) : ["–", "–"];

/**
 * @param {Result[]} ours
 * @param {Result[]} theirs none if there is no baseline
 */
function table(ours, theirs) {
  const rows = [...ours, mean(ours)].map((result) => {
    const peers = [...theirs, ...(theirs.length > 0 ? [mean(theirs)] : [])];
    const peer = peers.find(({ seed }) => String(seed) === String(result.seed));
    return `| ${[result.seed, ...cells(result), ...cells(peer)].join(" | ")} |`;
  });
  return [
    "| seed | Tunelab: accuracy | F1 | transformers' Trainer: accuracy | F1 |",
    "|---|---|---|---|---|",
    ...rows,
  ].join("\n");
}

const { values } = parseArgs({
  options: {
    model: { type: "string" },
    data: { type: "string" },
    seeds: { type: "string", default: "42,43,44" },
    baseline: { type: "string" },
    output: { type: "string", default: "runs/mrpc" },
  },
});
const { model, data, output, baseline } = values;
if (!model || !data) {
  console.error(
    "mrpc.js: --model and --data are needed: folders with the encoder and with MRPC's train.tsv, validation.tsv",
  );
  process.exit(2);
}
await init({ threads: 1 });
const validation = await load_dataset(join(data, "validation.tsv"), { split: "train" });
const ours = [];
for (const seed of values.seeds.split(","))
  ours.push(await run({ model, data, output }, seed, validation.column("Quality")));
const theirs = baseline ? JSON.parse(await readFile(baseline, "utf8")).runs : [];
console.log(table(ours, theirs));
console.log(`Seconds a run: ${ours.map(({ seconds }) => seconds.toFixed(0)).join(", ")}`);
