// Well-known datasets need no settings by hand, and any other dataset says what its columns are.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import {
  choose_label_column,
  choose_text_columns,
  ClassLabel,
  evaluate,
  Features,
  known_tasks,
  task_settings,
  Value,
} from "../../web/lib/index.js";
import { start_core } from "./support.js";

before(() => start_core());

test("a dataset is known with and without its organisation, and by configuration", () => {
  const mrpc = task_settings("nyu-mll/glue", "mrpc");
  assert.equal(mrpc, task_settings("glue", "mrpc"));
  assert.deepEqual(mrpc.text_columns, ["sentence1", "sentence2"]);
  assert.equal(task_settings("ar_sarcasm").label_column, "sarcasm");
  assert.equal(task_settings("dair-ai/emotion", "split"), task_settings("emotion"));
  assert.equal(task_settings("glue", "stsb").regression, true);
  assert.deepEqual(task_settings("glue", "mnli").evaluation, [
    "validation_matched",
    "validation_mismatched",
  ]);
  assert.equal(task_settings("glue", "nonsense"), undefined);
  assert.equal(task_settings("someone/reviews"), undefined);
  assert.equal(task_settings("constructor"), undefined);
});

test("every known task is whole: one text or a pair, metrics that exist, splits that are either or", () => {
  const tasks = known_tasks();
  assert.ok(tasks.length > 30);
  for (const { dataset, config_name } of tasks) {
    const settings = task_settings(dataset, config_name);
    const name = `${dataset} ${config_name}`;
    assert.ok([1, 2].includes(settings.text_columns.length), name);
    const pairs = { predictions: [0, 1, 1, 0], references: [0, 1, 0, 0] };
    assert.ok(settings.metrics.length > 0, name);
    for (const { path, config_name: metric, options } of settings.metrics) {
      const figures = evaluate.load(path, metric).compute({ ...pairs, ...options });
      assert.ok(Object.values(figures).every(Number.isFinite), name);
    }
    const both = settings.evaluation.filter((split) => settings.hidden_labels.includes(split));
    assert.deepEqual(both, [], name);
  }
});

test("the texts that a task needs and the dataset lacks are written from the row", () => {
  const rows = {
    copa: [
      { premise: "It rained.", choice1: "I got wet.", choice2: "I ate.", question: "effect" },
      { asked: "It rained. What was the effect?", choices: "I got wet. Or: I ate." },
    ],
    wic: [
      { word: "bank", sentence1: "A river's bank.", sentence2: "The bank is shut." },
      { word_sentence1: "bank: A river's bank." },
    ],
    wsc: [
      { text: "Ann met Eve; she smiled.", span1_text: "Ann", span2_text: "she" },
      { claim: "she is Ann" },
    ],
    multirc: [
      { paragraph: "He left.", question: "Who left?", answer: "He." },
      { question_answer: "Who left? He." },
    ],
  };
  for (const [config, [row, added]] of Object.entries(rows)) {
    const { add_texts, text_columns } = task_settings("super_glue", config);
    assert.deepEqual(add_texts(row), added);
    for (const name of text_columns) assert.equal(typeof { ...row, ...added }[name], "string");
  }
});

const features = new Features({
  id: new Value("int64"),
  title: new Value("string"),
  body: new Value("large_string"),
  topic: new ClassLabel({ names: ["a", "b"] }),
});

test("columns of other datasets are found by their types, or named", () => {
  assert.deepEqual(choose_text_columns(features), ["title", "body"]);
  assert.equal(choose_label_column(features), "topic");
  assert.deepEqual(choose_text_columns(features, { label_column: "title" }), ["body"]);
  assert.deepEqual(choose_text_columns(features, { text_columns: ["body"] }), ["body"]);
  const mrpc = new Features({
    sentence1: new Value("string"),
    sentence2: new Value("string"),
    label: new ClassLabel({ num_classes: 2 }),
    idx: new Value("int32"),
  });
  const settings = task_settings("glue", "mrpc");
  assert.deepEqual(choose_text_columns(mrpc, { settings }), ["sentence1", "sentence2"]);
  assert.equal(choose_label_column(mrpc, { settings }), "label");
});

test("where columns cannot be told, the message lists them with their types", () => {
  const all = "id (int64), title (string), body (large_string), topic (ClassLabel)";
  const refuses = (choose, message) =>
    assert.throws(
      choose,
      (error) => error.message.includes(message) && error.message.includes(all),
    );
  refuses(
    () => choose_text_columns(features, { text_columns: ["text"] }),
    "there is no column text",
  );
  refuses(() => choose_label_column(features, { label_column: "y" }), "there is no column y");
  const numbers = new Features({ a: new Value("int64") });
  assert.throws(
    () => choose_text_columns(numbers),
    /column with text.* must be named; .* a \(int64\)/,
  );
  assert.throws(() => choose_label_column(numbers), /column with the labels must be named/);
});
