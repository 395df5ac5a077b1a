// A real job, as a user runs it: an encoder fine-tuned on MRPC by `tunelab train` with the course's hyper-parameters, once
// for each seed; accuracy and F1 on the validation pairs as a Markdown table, beside transformers' where they are given.
//
//   npm run mrpc -- --model FOLDER --data FOLDER [--seeds 42,43,44] [--baseline FILE] [--output FOLDER]
//
// --data holds train.tsv and validation.tsv in MRPC's own layout; --baseline is what tests/reference/mrpc_baseline.py wrote.
// Leaves a model and its predictions (JSON Lines) for each seed in --output.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { init } from "../../web/lib/index.js";
import { mrpc_task } from "./encoder/judged_tasks.js";
import { fine_tuned } from "./fine_tuned.js";
import { percent } from "./report/format.js";
import { table_text } from "./report/markdown.js";
import { mean_of } from "./report/statistics.js";

/** @typedef {{seed: string | number, accuracy: number, f1: number}} Result */

/** @param {Result[]} results @returns {Result} */
const mean = (results) => ({
  seed: "mean",
  accuracy: mean_of(results.map(({ accuracy }) => accuracy)),
  f1: mean_of(results.map(({ f1 }) => f1)),
});

/** @param {Result | undefined} result */
const cells = (result) => (result ? [result.accuracy, result.f1].map(percent) : ["–", "–"]);

const HEAD = ["seed", "Tunelab: accuracy", "F1", "transformers' Trainer: accuracy", "F1"];

/**
 * @param {Result[]} ours
 * @param {Result[]} theirs none if there is no baseline
 */
function table(ours, theirs) {
  const peers = [...theirs, ...(theirs.length > 0 ? [mean(theirs)] : [])];
  const rows = [...ours, mean(ours)].map((result) => {
    const peer = peers.find(({ seed }) => String(seed) === String(result.seed));
    return [result.seed, ...cells(result), ...cells(peer)];
  });
  return table_text(HEAD, rows);
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
const ours = [];
for (const seed of values.seeds.split(",")) {
  const outcome = await fine_tuned(mrpc_task(data), {
    model,
    seed: Number(seed),
    folder: join(output, `seed-${seed}`),
    settings: ["--epochs", "3", "--validation-file", join(data, "validation.tsv")],
    shown: true,
  });
  ours.push({ ...outcome, seed, f1: Number(outcome.f1) });
}
const theirs = baseline ? JSON.parse(await readFile(baseline, "utf8")).runs : [];
console.log(table(ours, theirs));
console.log(`Seconds a run: ${ours.map(({ seconds }) => seconds.toFixed(0)).join(", ")}`);
