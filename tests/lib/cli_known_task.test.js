// The terminal program on well-known datasets: columns, splits and metrics need no options.
import assert from "node:assert/strict";
import { join } from "node:path";
import { before, test } from "node:test";
import { with_known_task } from "../../web/cli/known_task.js";
import { metrics_for } from "../../web/cli/metrics.js";
import { Dataset, torch } from "../../web/lib/index.js";
import { folder_with } from "./hub_support.js";
import { repository, run_tunelab, start_core, temporary_folder } from "./support.js";

before(() => start_core());

const pairs = (labels) =>
  Dataset.from_dict({
    premise: labels.map((_, i) => `premise ${i}`),
    hypothesis: labels.map((_, i) => `hypothesis ${i}`),
    label: labels,
    idx: labels.map((_, i) => i),
  });

test("mnli is evaluated on its matched split, and splits without labels are left out", async () => {
  const splits = {
    train: pairs([0, 1, 2]),
    validation_matched: pairs([1]),
    test_matched: pairs([-1]),
  };
  const options = { dataset: "nyu-mll/glue", "dataset-config": "mnli" };
  const known = await with_known_task(splits, options, { labels: true });
  assert.deepEqual(Object.keys(known.splits), ["train", "validation_matched", "validation"]);
  assert.deepEqual(known.options["text-columns"], ["premise", "hypothesis"]);
  assert.deepEqual(known.metrics, [{ path: "glue", config_name: "mnli" }]);
  const to_predict = await with_known_task(splits, options, { labels: false });
  assert.ok("test_matched" in to_predict.splits);
  await assert.rejects(
    with_known_task(splits, { ...options, split: "test_matched" }, { labels: true }),
    /labels of the split test_matched are withheld; choose another --split, or tunelab predict/,
  );
});

test("options that were given win, and a folder of the same name with other columns is as any", async () => {
  const splits = { train: pairs([0, 1]) };
  const options = { dataset: "glue", "dataset-config": "mnli" };
  const given = { ...options, "text-columns": ["hypothesis"], "label-column": "idx" };
  const known = await with_known_task(splits, given, { labels: true });
  assert.deepEqual(known.options, given);
  assert.equal(known.metrics, undefined);
  const other = { dataset: "./emotion" };
  assert.deepEqual(await with_known_task(splits, other, { labels: true }), {
    splits,
    options: other,
  });
});

test("texts that SuperGLUE's tasks need are written", async () => {
  const train = Dataset.from_dict({
    word: ["bank"],
    sentence1: ["A river's bank."],
    sentence2: ["The bank is shut."],
    label: [0],
  });
  const options = { dataset: "super_glue", "dataset-config": "wic" };
  const known = await with_known_task({ train }, options, { labels: true });
  assert.equal(known.splits.train[0].word_sentence1, "bank: A river's bank.");
  assert.deepEqual(known.options["text-columns"], ["word_sentence1", "sentence2"]);
});

test("a dataset's own metrics are computed, of numbers too", () => {
  const regression = metrics_for(1, [{ path: "glue", config_name: "stsb" }]);
  const predictions = torch.tensor([[1], [2], [4]]);
  const figures = regression({ predictions, label_ids: torch.tensor([1.5, 2.5, 4.5]) });
  assert.deepEqual(Object.keys(figures), ["pearson", "spearmanr"]);
  assert.equal(figures.spearmanr, 1);
  assert.equal(metrics_for(1), undefined);
});

test("train, evaluate and predict on stsb need its name only", async (t) => {
  const rows = (from, label) =>
    `idx\tsentence1\tsentence2\tlabel\n${Array.from({ length: 8 }, (_, i) => `${i}\ta man ${from + i}\ta dog ${i % 3}\t${label ?? i / 2 + 0.2}\n`).join("")}`;
  const card =
    "---\nconfigs:\n- config_name: stsb\n  data_files:\n" +
    ["train", "validation", "test"]
      .map((split) => `  - split: ${split}\n    path: ${split}.tsv\n`)
      .join("") +
    "---\n";
  const folder = await folder_with(t, {
    "glue/README.md": card,
    "glue/train.tsv": rows(0),
    "glue/validation.tsv": rows(8),
    "glue/test.tsv": rows(16, "-1.0"),
  });
  const output = join(await temporary_folder(t), "model");
  const data = ["--dataset", join(folder, "glue"), "--dataset-config", "stsb"];
  const model = repository("assets/hub/tunelab/bert-tiny-random");
  const env = { ...process.env, HF_HOME: folder };
  const train = ["train", "--model", model, ...data, "--output", output, "--max-steps", "2"];
  const trained = await run_tunelab(train, { env });
  assert.equal(trained.code, 0, trained.stderr);
  assert.match(trained.stderr, /on 8 rows: sentence1 \+ sentence2 → regression/);
  assert.match(trained.stdout, /On the validation split:[^]*eval_pearson[^]*eval_spearmanr/);
  const evaluated = await run_tunelab(["evaluate", "--model", output, ...data], { env });
  assert.match(evaluated.stdout, /8 rows of validation:[^]*eval_pearson/, evaluated.stderr);
  const predicted = await run_tunelab(["predict", "--model", output, ...data], { env });
  const lines = predicted.stdout.trim().split("\n");
  assert.equal(lines.length, 8, predicted.stderr);
  assert.equal(JSON.parse(lines[0]).sentence1, "a man 16");
});
