// The tasks that encoders are judged on: the embedded datasets, and GLUE's SST-2 and MRPC where their files are given.
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { root } from "../../../tools/command.js";

/** @typedef {import("../fine_tuned.js").Task} Task */
/** @typedef {import("../fine_tuned.js").Rows} Rows */

/**
 * @typedef {object} Recipe hyper-parameters; the learning rate depends on the encoder
 * @property {number} epochs
 * @property {number} batch_size rows in a training batch
 * @property {number} [max_length] tokens, beyond which a text is cut; default: what the model takes
 */

/**
 * @typedef {object} JudgedTask
 * @property {string} name
 * @property {string} title as the table shows it, with the rows that are judged
 * @property {number} num_labels
 * @property {Task} task
 * @property {Recipe} recipe its defaults
 */

/**
 * MRPC in its own layout, as a folder with train.tsv and validation.tsv holds it.
 * @param {string} folder
 * @returns {Task}
 */
export const mrpc_task = (folder) => ({
  text_columns: ["#1 String", "#2 String"],
  label_column: "Quality",
  metric: ["glue", "mrpc"],
  train: { path: resolve(folder, "train.tsv"), split: "train" },
  judged: { path: resolve(folder, "validation.tsv"), split: "train" },
});

/** @param {string} name @param {Omit<Task, "train" | "judged">} rest @returns {Task} */
function embedded(name, rest) {
  const path = join(root, "assets/hub/datasets/tunelab", name);
  return { ...rest, train: { path, split: "train" }, judged: { path, split: "test" } };
}

/** The embedded datasets. @type {JudgedTask[]} */
const EMBEDDED = [
  {
    name: "emotion",
    title: "tunelab/emotion, test",
    num_labels: 6,
    task: embedded("emotion", {
      text_columns: ["text"],
      label_column: "label",
      metric: ["accuracy"],
    }),
    recipe: { epochs: 10, batch_size: 16 },
  },
  {
    name: "paraphrase",
    title: "tunelab/paraphrase, test",
    num_labels: 2,
    task: embedded("paraphrase", {
      text_columns: ["sentence1", "sentence2"],
      label_column: "label",
      metric: ["glue", "mrpc"],
    }),
    recipe: { epochs: 10, batch_size: 16 },
  },
];

/** @param {string} folder with GLUE's train.tsv and dev.tsv @returns {JudgedTask} */
const sst2 = (folder) => ({
  name: "sst2",
  title: "SST-2, validation",
  num_labels: 2,
  task: {
    text_columns: ["sentence"],
    label_column: "label",
    metric: ["glue", "sst2"],
    train: { path: resolve(folder, "train.tsv"), split: "train" },
    judged: { path: resolve(folder, "dev.tsv"), split: "train" },
  },
  recipe: { epochs: 3, batch_size: 32, max_length: 64 },
});

/** @param {string} folder @returns {JudgedTask} */
const mrpc = (folder) => ({
  name: "mrpc",
  title: "MRPC, validation",
  num_labels: 2,
  task: mrpc_task(folder),
  recipe: { epochs: 4, batch_size: 16 },
});

/**
 * The tasks there are: embedded ones whose files are there, and those whose folders are given; all of them, or the named.
 * @param {{sst2?: string, mrpc?: string}} folders
 * @param {string[]} [names]
 * @returns {JudgedTask[]}
 * @throws {Error} one line about a task that is unknown, or a file that is missing
 */
export function judged_tasks(folders, names) {
  const known = [
    ...EMBEDDED.filter(({ task }) => existsSync(task.train.path)),
    ...(folders.sst2 ? [sst2(folders.sst2)] : []),
    ...(folders.mrpc ? [mrpc(folders.mrpc)] : []),
  ];
  const tasks = (names ?? known.map(({ name }) => name)).map((wanted) => {
    const found = known.find(({ name }) => name === wanted);
    if (found) return found;
    throw new Error(
      `there is no task "${wanted}"; there are ${known.map(({ name }) => name).join(", ")} ` +
        "(sst2 and mrpc need their folders: --sst2 FOLDER, --mrpc FOLDER)",
    );
  });
  const paths = tasks.flatMap(({ task }) => [task.train.path, task.judged.path]);
  const missing = paths.find((path) => !existsSync(path));
  if (missing) throw new Error(`there is no ${missing}`);
  return tasks;
}

/**
 * The same task within its training rows: trained on nine tenths, judged on the last tenth. What is chosen by it has not
 * seen the rows that are told of.
 * @param {Task} task
 * @returns {Task}
 */
export const held_out = (task) => ({
  ...task,
  train: { ...task.train, split: "train[:90%]" },
  judged: { ...task.train, split: "train[90%:]" },
});
