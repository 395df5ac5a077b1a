// A whole job: MRPC, one epoch with MiniLM, from reading the files to metrics, beside the Hugging Face Trainer on the same
// threads: batches of 8, dynamic padding, evaluation at the end, no checkpoints.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root, run } from "../../../tools/command.js";
import { Missing } from "../../browser/host.js";
import { percent, spread, time, times } from "../report/format.js";
import { missing_lines } from "../report/markdown.js";
import { summary } from "../report/statistics.js";
import { attempt } from "./suite.js";

/** @typedef {import("./suite.js").Bench} Bench */
/** @typedef {import("./suite.js").Figure} Figure */
/** @typedef {import("./suite.js").Section} Section */
/** @typedef {{seconds: number, accuracy: number}} Outcome */

/**
 * @param {string} command
 * @param {string[]} args
 * @returns {Promise<string>} what it printed
 */
async function output_of(command, args) {
  const { ok, output } = await run(command, args);
  if (!ok) throw new Error(`${args[0]} failed: ${output.trim().slice(-500)}`);
  return output;
}

/**
 * `tunelab train` from its start to its end; it also writes the trained model.
 * @param {string} model @param {string} mrpc @param {number} threads @param {string} folder
 * @returns {Promise<Outcome>}
 */
async function run_ours(model, mrpc, threads, folder) {
  const start = performance.now();
  const output = await output_of(process.execPath, [
    join(root, "web/cli/tunelab.js"),
    ...["train", "--model", model, "--output", folder, "--epochs", "1", "--seed", "42"],
    ...["--train-file", join(mrpc, "train.tsv"), "--validation-file", join(mrpc, "validation.tsv")],
    ...["--text-columns", "#1 String,#2 String", "--label-column", "Quality"],
    ...["--threads", `${threads}`],
  ]);
  const accuracy = Number(output.match(/eval_accuracy\s+([\d.]+)/)?.[1]);
  return { seconds: (performance.now() - start) / 1000, accuracy };
}

/**
 * The Trainer, from reading the files on; Python's imports are not counted.
 * @param {string} python @param {string} model @param {string} mrpc @param {number} threads @param {string} folder
 * @returns {Promise<Outcome>}
 */
async function run_theirs(python, model, mrpc, threads, folder) {
  const file = join(folder, "trainer.json");
  await output_of(python, [
    join(root, "tests/reference/mrpc_baseline.py"),
    ...["--model", model, "--data", mrpc, "--seed", "42", "--epochs", "1"],
    ...["--threads", `${threads}`, "--output", file],
  ]);
  const { wall_seconds, mean } = JSON.parse(await readFile(file, "utf8"));
  return { seconds: wall_seconds, accuracy: mean.accuracy };
}

/** @param {Bench} bench @returns {Promise<Figure[]>} */
export function measure(bench) {
  return attempt(async () => {
    if (bench.quick) throw new Missing("the whole job, which --quick leaves out");
    const { mrpc } = bench;
    if (!mrpc)
      throw new Missing("the whole job, for which --mrpc names a folder with MRPC's files");
    const [model, python] = [await bench.model(), await bench.python()];
    const threads = bench.threads.at(-1) ?? 1;
    const folder = await mkdtemp(join(tmpdir(), "tunelab-job-"));
    /** @type {[Outcome[], Outcome[]]} */
    const [ours, theirs] = [[], []];
    try {
      for (let turn = 0; turn < bench.job_runs; turn++) {
        bench.say(`whole job: run ${turn + 1} of ${bench.job_runs}, Tunelab`);
        ours.push(await run_ours(model, mrpc, threads, folder));
        bench.say(`whole job: run ${turn + 1} of ${bench.job_runs}, Hugging Face Trainer`);
        theirs.push(await run_theirs(python, model, mrpc, threads, folder));
      }
    } finally {
      await rm(folder, { recursive: true });
    }
    const ratio = summary(ours.map(({ seconds }, turn) => seconds / theirs[turn].seconds));
    return [
      { who: "Tunelab", ...outcome(ours), threads },
      { who: "Hugging Face Trainer", ...outcome(theirs), threads },
      { ratio: ratio.median, ratio_spread: ratio.spread },
    ];
  });
}

/** @param {Outcome[]} outcomes */
function outcome(outcomes) {
  const { median, spread: quartiles, count } = summary(outcomes.map(({ seconds }) => seconds));
  const accuracy = summary(outcomes.map((one) => one.accuracy)).median;
  return { seconds: median, seconds_spread: quartiles, runs: count, accuracy };
}

/** @param {Figure[]} figures @returns {Section[]} */
export function sections(figures) {
  const rows = figures
    .filter(({ who }) => who)
    .map((one) => [
      ...[one.who, one.threads, one.runs],
      ...[spread(one, "seconds", time), percent(one.accuracy)],
    ]);
  const ratio = figures.find((figure) => "ratio" in figure);
  return [
    {
      title: "A whole job: MRPC, one epoch with MiniLM",
      text: [
        "Wall-clock from reading the files to the validation metrics; batches of 8, dynamic padding, no checkpoints.",
        "Tunelab's time includes the start of the process and writing the model, the Trainer's not Python's imports.",
        ratio ? `Tunelab ÷ Trainer: ${spread(ratio, "ratio", times)}.` : "",
        missing_lines(figures),
      ]
        .filter(Boolean)
        .join(" "),
      head: ["", "threads", "runs", "time", "accuracy"],
      rows,
      readme: true,
    },
  ];
}
