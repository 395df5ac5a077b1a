// An encoder fine-tuned and judged as a user does it: `tunelab train`, then `tunelab predict` on rows that it never saw.
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { evaluate, load_dataset } from "../../web/lib/index.js";
import { root, run } from "../../tools/command.js";

/**
 * Rows as the terminal program names them.
 * @typedef {object} Rows
 * @property {string} path a file, or a folder laid out like a dataset on the Hub; absolute
 * @property {string} split one of its splits or a part of it: "train[:90%]"
 */

/**
 * What an encoder is fine-tuned to do.
 * @typedef {object} Task
 * @property {string[]} text_columns one, or two for pairs
 * @property {string} label_column
 * @property {[path: string, config?: string]} metric as evaluate.load takes it; it has an accuracy, and F1 or not
 * @property {Rows} train
 * @property {Rows} judged the rows whose accuracy is told
 */

/**
 * @typedef {object} Outcome
 * @property {number} accuracy of the judged rows, 0 to 1
 * @property {number} [f1] where the metric has it
 * @property {number} seconds of training, the whole process's
 */

const PROGRAM = join(root, "web/cli/tunelab.js");

/** @param {string[]} args of tunelab; its output goes to the terminal @returns {Promise<void>} */
function shown_tunelab(args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: "inherit" });
    child.on("error", reject);
    child.on("close", (code) =>
      code === 0 ? resolve() : reject(new Error(`tunelab ${args[0]} ended with exit code ${code}`)),
    );
  });
}

/** @param {string[]} args of tunelab; its output is told only if it fails @returns {Promise<void>} */
async function quiet_tunelab(args) {
  const { ok, output } = await run(process.execPath, [PROGRAM, ...args]);
  if (!ok) throw new Error(`tunelab ${args[0]} failed: ${output.trim().slice(-500)}`);
}

/**
 * The labels that the judged rows bear, and the classes' names (null: 0, 1, … without names).
 * @param {Task} task
 */
async function references_of({ judged, label_column }) {
  const rows = await load_dataset(judged.path, { split: judged.split });
  /** @type {string[] | null} */
  const names = rows.features[label_column].names ?? null;
  return { names, references: [...rows.column(label_column)] };
}

/**
 * Trains, predicts, and compares the predictions to the labels. The core must be loaded (`init`). Leaves the model and
 * predictions.jsonl in the folder.
 * @param {Task} task
 * @param {object} job
 * @param {string} job.model the encoder's folder
 * @param {number} job.seed
 * @param {string} job.folder where the model goes
 * @param {string[]} [job.settings] further options of `tunelab train`: hyper-parameters
 * @param {string[]} [job.common] options of both commands: --max-length, --threads
 * @param {boolean} [job.shown] whether the commands' output is seen; it is not by default
 * @returns {Promise<Outcome>}
 * @throws {Error} if a command fails; one line with what it said, unless it was seen
 */
export async function fine_tuned(task, { model, seed, folder, settings, common = [], shown }) {
  const tunelab = shown ? shown_tunelab : quiet_tunelab;
  const columns = ["--text-columns", task.text_columns.join(","), ...common];
  const start = performance.now();
  await tunelab([
    ...["train", "--model", model, "--output", folder, "--seed", `${seed}`],
    ...["--dataset", task.train.path, "--train-split", task.train.split],
    ...[...columns, "--label-column", task.label_column, ...(settings ?? [])],
  ]);
  const seconds = (performance.now() - start) / 1000;
  const file = join(folder, "predictions.jsonl");
  await tunelab([
    ...["predict", "--model", folder, "--dataset", task.judged.path, "--split", task.judged.split],
    ...[...columns, "--output", file],
  ]);
  const { names, references } = await references_of(task);
  const lines = (await readFile(file, "utf8")).trimEnd().split("\n");
  const predictions = lines.map((line) => {
    const { label } = JSON.parse(line);
    return names ? names.indexOf(label) : Number(label.replace("LABEL_", ""));
  });
  const { accuracy, f1 } = evaluate.load(...task.metric).compute({ predictions, references });
  return { accuracy, ...(f1 !== undefined && { f1 }), seconds };
}
