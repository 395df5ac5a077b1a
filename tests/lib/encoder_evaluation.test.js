// `npm run encoder -- evaluate`: encoders fine-tuned on tasks over several seeds, finished seeds kept, and the table of them.
import assert from "node:assert/strict";
import { copyFile, readdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { test } from "node:test";
import { held_out, mrpc_task } from "../bench/encoder/judged_tasks.js";
import { save_random } from "../bench/encoder/random_weights.js";
import { verdict_table } from "../bench/encoder/verdict_table.js";
import { standard_deviation } from "../bench/report/statistics.js";
import { EMBEDDED_ENCODER } from "../../web/cli/embedded.js";
import { repository, run, start_core, temporary_folder } from "./support.js";

const ENCODER = repository("assets/hub/tunelab/bert-tiny-random");

/** @param {string[]} args */
const encoder = (...args) =>
  run(process.execPath, [repository("tests/bench/encoder/encoder.js"), ...args]);

/** A quick look at the embedded encoder on the emotion set. @param {string} output @param {string[]} args */
const look = (output, ...args) =>
  encoder(
    ...["evaluate", "--tasks", "emotion", "--limit", "16", "--epochs", "1"],
    ...["--learning-rate", "1e-4", "--threads", "1", "--output", output, ...args],
  );

/** The runs that a folder keeps. @param {string} folder */
async function kept(folder) {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".json"));
  return Promise.all(
    names.map(async (name) => JSON.parse(await readFile(join(folder, name), "utf8"))),
  );
}

/**
 * SST-2 in miniature, in GLUE's layout: what is good is 1, what is bad is 0.
 * @param {string} folder
 */
async function write_sst2(folder) {
  const things = ["film", "story", "cast", "ending", "song", "plot", "joke", "scene"];
  const lines = things.flatMap((thing) => [`a good ${thing} \t1`, `a bad ${thing} \t0`]);
  await writeFile(join(folder, "train.tsv"), `sentence\tlabel\n${lines.join("\n")}\n`);
  await writeFile(
    join(folder, "dev.tsv"),
    "sentence\tlabel\na good scene \t1\na bad song \t0\na bad plot \t0\n",
  );
}

test("finished seeds are kept: the same evaluation again runs nothing, one seed more runs one", async (t) => {
  const output = await temporary_folder(t);
  const first = await look(output, "--seeds", "1,2");
  assert.equal(first.code, 0, first.stderr);
  assert.equal(first.stderr.match(/learning rate 1e-4, seed/g)?.length, 2);
  const row = String(first.stdout.trimEnd().split("\n").at(-1));
  assert.ok(row.startsWith(`| tunelab/emotion, test | ${basename(EMBEDDED_ENCODER)} | `), row);
  assert.match(row, /\| \d+\.\d % ± \d+\.\d \| .* \| 2 \| 1e-4 \|$/);
  assert.deepEqual(await look(output, "--seeds", "1,2"), { ...first, stderr: "" });
  const third = await look(output, "--seeds", "1,2,3");
  assert.match(third.stderr, /^tunelab\/emotion, test: .*, seed 3\n {2}accuracy/);
  const runs = await kept(join(output, "emotion"));
  assert.deepEqual(runs.map((each) => each.run.seed).sort(), [1, 2, 3]);
  assert.deepEqual(await readdir(join(output, "working")), [], "models are not kept");
});

test("labels are learnt and judged as they stand in GLUE's files", async (t) => {
  const folder = await temporary_folder(t);
  await write_sst2(folder);
  const { code, stdout, stderr } = await encoder(
    ...["evaluate", "--model", ENCODER, "--sst2", folder, "--tasks", "sst2", "--threads", "1"],
    ...["--learning-rate", "2e-3", "--epochs", "20", "--batch-size", "4", "--seeds", "1"],
    ...["--output", folder],
  );
  assert.equal(code, 0, stderr);
  // One word decides, and 80 steps learn it: were the classes or the rows mixed up, a third at most would be right.
  assert.match(stdout, /\| SST-2, validation \| bert-tiny-random \| 100\.0 % \|/);
});

test("a learning rate is chosen on training rows alone, and the judged rows are seen once", async (t) => {
  const folder = await temporary_folder(t);
  await write_sst2(folder);
  const rates = [1e-6, 2e-3];
  const { code, stderr } = await encoder(
    ...["evaluate", "--model", ENCODER, "--sst2", folder, "--tasks", "sst2", "--threads", "1"],
    ...["--learning-rate", rates.join(","), "--epochs", "20", "--batch-size", "4"],
    ...["--seeds", "1", "--output", folder],
  );
  assert.equal(code, 0, stderr);
  const runs = await kept(join(folder, "sst2"));
  const rate_of = (each) =>
    Number(each.run.settings[each.run.settings.indexOf("--learning-rate") + 1]);
  const [searched, told] = [true, false].map((held) =>
    runs.filter(({ run: { rows } }) => (rows.judged === "train[90%:]") === held),
  );
  assert.deepEqual(searched.map(rate_of).sort(), rates);
  assert.ok(searched.every(({ run: { rows } }) => rows.train === "train[:90%]"));
  assert.equal(told.length, 1);
  const accuracies = searched.map(({ outcome }) => outcome.accuracy);
  const chosen = searched.find((each) => rate_of(each) === rate_of(told[0]));
  assert.equal(chosen.outcome.accuracy, Math.max(...accuracies));
});

test("held-out rows are the training file's, whatever file is judged", () => {
  const { train, judged } = held_out(mrpc_task("/mrpc"));
  assert.deepEqual(train, { path: "/mrpc/train.tsv", split: "train[:90%]" });
  assert.deepEqual(judged, { path: "/mrpc/train.tsv", split: "train[90%:]" });
});

test("random weights are the seed's own, and nothing is left of the encoder's", async (t) => {
  await start_core();
  const folder = await temporary_folder(t);
  const weights_of = async (name, seed) => {
    await save_random(ENCODER, join(folder, name), { seed, num_labels: 3 });
    return readFile(join(folder, name, "model.safetensors"));
  };
  const one = await weights_of("one", 1);
  assert.deepEqual(await weights_of("again", 1), one);
  assert.notDeepEqual(await weights_of("two", 2), one);
  // What the random start depends on is not the weights: without them it is the same.
  const bare = join(folder, "one");
  await copyFile(join(ENCODER, "model.safetensors"), join(bare, "model.safetensors"));
  await save_random(bare, join(folder, "rewritten"), { seed: 1, num_labels: 3 });
  assert.deepEqual(await readFile(join(folder, "rewritten/model.safetensors")), one);
});

test("the table tells mean, deviation and range of the seeds", () => {
  const outcomes = [0.5, 0.6, 0.7].map((accuracy) => ({ accuracy, f1: accuracy / 2, seconds: 1 }));
  const table = verdict_table([{ task: "a task", encoder: "small", rate: 3e-4, outcomes }]);
  // The deviation by hand: sqrt((0.01 + 0 + 0.01) / 2) = 0.1.
  assert.equal(
    table.split("\n").at(-1),
    "| a task | small | 60.0 % ± 10.0 | 50.0 %–70.0 % | 30.0 % | 3 | 3e-4 |",
  );
  assert.equal(standard_deviation([5]), 0);
});

test("what cannot be evaluated is refused in one line, before anything is trained", async () => {
  const given = ["evaluate", "--model", ENCODER];
  for (const [args, message] of [
    [[], /^encoder: npm run encoder knows one command: .*--help$/],
    [["evaluate", "--model", "nowhere"], /^encoder: there is no \S*nowhere\/config\.json; --model/],
    [[...given, "--tasks", "sst2"], /^encoder: there is no task "sst2"; there are emotion.*--sst2/],
    [[...given, "--sst2", "nowhere"], /^encoder: there is no \S*nowhere\/train\.tsv$/],
    [[...given, "--limit", "all"], /^encoder: --limit must be a whole number .* not "all"$/],
    [[...given, "--learning-rate", "1e-4,"], /^encoder: --learning-rate must be numbers above 0/],
    [[...given, "--seeds", "1,x"], /^encoder: --seeds must be whole numbers from 0, not "x"$/],
  ]) {
    const { code, stdout, stderr } = await encoder(...args);
    assert.equal(code, 1);
    assert.equal(stdout, "");
    assert.match(stderr.trimEnd(), message);
  }
});
