// The terminal program at work: train, evaluate, predict, Ctrl-C, help.
import assert from "node:assert/strict";
import { cp, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import {
  PAIR_MODEL,
  PAIR_TASK,
  repository,
  run,
  run_tunelab,
  temporary_folder,
} from "./support.js";

const FILES = [
  "--train-file",
  `${PAIR_TASK}/train.jsonl`,
  "--validation-file",
  `${PAIR_TASK}/validation.jsonl`,
];

/** The number after a name in a table of metrics. */
function figure(stdout, name) {
  const found = new RegExp(`${name} +(\\S+)`).exec(stdout);
  assert.ok(found, `${name} is in ${stdout}`);
  return Number(found[1]);
}

test("train saves a model that evaluate and predict use, with the same figures", async (t) => {
  const output = join(await temporary_folder(t), "model");
  const options = [
    "--model",
    PAIR_MODEL,
    "--output",
    output,
    "--epochs",
    "3",
    "--learning-rate",
    "2e-3",
  ];
  const trained = await run_tunelab(["train", ...options, ...FILES]);
  assert.equal(trained.code, 0, trained.stderr);
  assert.match(
    trained.stderr,
    /training BertForSequenceClassification .* sentence1 \+ sentence2 → 2 classes/,
  );
  assert.match(
    trained.stderr,
    /needs \d+ MB: \d+ MB for weights, gradients and moments, \d+ MB for batches of up to 8 rows with \d+ tokens\n/,
  );
  assert.match(trained.stderr, /step 18\/54 {2}epoch 1\.00 {2}eval_loss /);
  assert.ok(!trained.stderr.includes("\r"), "no progress bar where there is no screen");
  assert.deepEqual((await readdir(output)).sort(), [
    "config.json",
    "model.safetensors",
    "tokenizer.json",
    "tokenizer_config.json",
  ]);
  const accuracy = figure(trained.stdout, "eval_accuracy");
  assert.ok(accuracy > 0.7, `the task is learnt: ${accuracy}`);

  const evaluated = await run_tunelab([
    "evaluate",
    "--model",
    output,
    "--dataset",
    `${PAIR_TASK}/validation.jsonl`,
  ]);
  assert.equal(evaluated.code, 0, evaluated.stderr);
  assert.equal(figure(evaluated.stdout, "eval_accuracy"), accuracy);

  const rows = (await readFile(`${PAIR_TASK}/validation.jsonl`, "utf8"))
    .trim()
    .split("\n")
    .map(JSON.parse);
  const predicted = await run_tunelab([
    "predict",
    "--model",
    output,
    "--dataset",
    `${PAIR_TASK}/validation.jsonl`,
  ]);
  const answers = predicted.stdout.trim().split("\n").map(JSON.parse);
  assert.equal(answers.length, rows.length);
  const right = answers.filter(({ label }, row) => label === `LABEL_${rows[row].label}`).length;
  assert.ok(Math.abs(right / rows.length - accuracy) < 1e-4, "predictions agree with the accuracy");
});

test("labels as text become classes with names, which predict answers with", async (t) => {
  const folder = await temporary_folder(t);
  const lines = Array.from({ length: 40 }, (_, i) =>
    i % 2 ? "my sister buys a boat,buys" : "a tired nurse watches,watches",
  );
  await writeFile(join(folder, "train.csv"), `text,verb\n${lines.join("\n")}\n`);
  const output = join(folder, "out");
  const options = [
    "--output",
    output,
    "--label-column",
    "verb",
    "--learning-rate",
    "5e-3",
    "--threads",
    "1",
  ];
  const trained = await run_tunelab([
    "train",
    "--model",
    PAIR_MODEL,
    "--dataset",
    join(folder, "train.csv"),
    ...options,
  ]);
  assert.equal(trained.code, 0, trained.stderr);
  const config = JSON.parse(await readFile(join(output, "config.json"), "utf8"));
  assert.deepEqual(config.id2label, { 0: "buys", 1: "watches" });
  const texts = ["--text", "my sister buys a boat", "--text", "a tired nurse watches"];
  const { stdout } = await run_tunelab(["predict", "--model", output, ...texts]);
  const answers = stdout.trim().split("\n").map(JSON.parse);
  assert.deepEqual(
    answers.map(({ label }) => label),
    ["buys", "watches"],
  );
  assert.ok(answers.every(({ score }) => score > 0.5 && score <= 1));
});

test("numbers with fractions are a regression", async (t) => {
  const folder = await temporary_folder(t);
  const lines = Array.from({ length: 24 }, (_, i) =>
    i % 2 ? "my sister buys a boat,0.25" : "a tired nurse watches,-0.5",
  );
  await writeFile(join(folder, "train.csv"), `text,label\n${lines.join("\n")}\n`);
  const options = [
    "--output",
    join(folder, "out"),
    "--learning-rate",
    "1e-2",
    "--epochs",
    "20",
    "--threads",
    "1",
  ];
  const trained = await run_tunelab([
    "train",
    "--model",
    PAIR_MODEL,
    "--dataset",
    join(folder, "train.csv"),
    ...options,
  ]);
  assert.equal(trained.code, 0, trained.stderr);
  assert.match(trained.stderr, /→ regression/);
  const { stdout } = await run_tunelab([
    "predict",
    "--model",
    join(folder, "out"),
    "--text",
    "a tired nurse watches",
  ]);
  assert.ok(Math.abs(JSON.parse(stdout).value + 0.5) < 0.2, stdout);
});

test("a regression of several numbers predicts numbers, not a class", async (t) => {
  const model = join(await temporary_folder(t), "model");
  await cp(PAIR_MODEL, model, { recursive: true });
  const config = JSON.parse(await readFile(join(model, "config.json"), "utf8"));
  const several = { ...config, num_labels: 3, problem_type: "regression" };
  await writeFile(join(model, "config.json"), JSON.stringify(several));
  const { code, stdout, stderr } = await run_tunelab(["predict", "--model", model, "--text", "hi"]);
  assert.equal(code, 0, stderr);
  const { text, values, ...rest } = JSON.parse(stdout);
  assert.deepEqual([text, values.length, rest], ["hi", 3, {}]);
  assert.ok(values.every(Number.isFinite));
});

test("Ctrl-C ends the run after the step, keeps what was learnt apart, and exits with 130", async (t) => {
  const output = join(await temporary_folder(t), "out");
  const options = [
    "--model",
    PAIR_MODEL,
    "--output",
    output,
    "--max-steps",
    "1000000",
    "--logging-steps",
    "5",
  ];
  let asked = false;
  const on_stderr = (child, stderr) => {
    if (asked || !stderr.includes("step 5/")) return;
    asked = true;
    child.kill("SIGINT");
  };
  const stopped = await run_tunelab(["train", ...options, ...FILES], { on_stderr });
  assert.equal(stopped.code, 130, stopped.stderr);
  const [, step] =
    /stopped at step (\d+) of 1000000; the model so far is in .*out\/checkpoint-\d+/.exec(
      stopped.stderr,
    );
  assert.deepEqual(await readdir(output), [`checkpoint-${step}`]);
  assert.ok((await readdir(join(output, `checkpoint-${step}`))).includes("model.safetensors"));
});

/** Runs `npm run finetune`'s program for three steps. @returns its result, and what it saved */
async function finetune(t, ...args) {
  const output = join(await temporary_folder(t), "model");
  const program = repository("web/cli/finetune.js");
  const more = ["--output", output, "--max-steps", "3", ...args];
  const result = await run(process.execPath, [program, ...more]);
  assert.equal(result.code, 0, result.stderr);
  return { ...result, saved: await readdir(output) };
}

test("finetune trains the embedded encoder on the embedded emotions", async (t) => {
  const { stdout, stderr, saved } = await finetune(t);
  assert.match(stderr, /on 1260 rows: text → 6 classes/);
  const accuracy = figure(stdout, "test_accuracy");
  assert.ok(accuracy >= 0 && accuracy <= 1);
  assert.ok(saved.includes("model.safetensors"));
});

test("finetune takes the embedded pairs by their name, and scores them as MRPC's", async (t) => {
  const { stdout, stderr } = await finetune(t, "--dataset=tunelab/paraphrase");
  assert.match(stderr, /on 686 rows: sentence1 \+ sentence2 → 2 classes/);
  for (const metric of ["test_accuracy", "test_f1"]) {
    const value = figure(stdout, metric);
    assert.ok(value >= 0 && value <= 1, metric);
  }
});

test("every TrainingArguments field is an option, with its help", async () => {
  const { TRAINING_FIELDS } = await import("../../web/lib/index.js");
  const { code, stdout } = await run_tunelab(["train", "--help"]);
  assert.equal(code, 0);
  for (const field of Object.keys(TRAINING_FIELDS)) {
    if (["output_dir", "report_to", "disable_tqdm"].includes(field)) continue; // --output; nothing to choose; the terminal's own
    assert.ok(stdout.includes(`--${field.replaceAll("_", "-")} `), field);
  }
});

test("train --lora-r trains adapters and saves a merged model that evaluates to the same figures", async (t) => {
  const output = join(await temporary_folder(t), "model");
  const train = ["train", "--model", PAIR_MODEL, "--output", output, ...FILES];
  const lora = ["--lora-r", "4", "--lora-alpha", "16", "--lora-target-modules", "query,key,value"];
  const trained = await run_tunelab([
    ...train,
    ...lora,
    "--learning-rate",
    "1e-2",
    "--epochs",
    "6",
  ]);
  assert.equal(trained.code, 0, trained.stderr);
  assert.match(trained.stderr, /trainable params: 1,602 \|\| all params: /);
  const accuracy = figure(trained.stdout, "eval_accuracy");
  assert.ok(accuracy > 0.7, `the task is learnt: ${accuracy}`);
  const validation = `${PAIR_TASK}/validation.jsonl`;
  const evaluated = await run_tunelab(["evaluate", "--model", output, "--dataset", validation]);
  assert.equal(evaluated.code, 0, evaluated.stderr);
  assert.equal(figure(evaluated.stdout, "eval_accuracy"), accuracy);
});
