// Padding and collating: one width for a batch, the mask that says where it is padding, labels
// under one name.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import {
  AutoTokenizer,
  DataCollatorWithPadding,
  default_data_collator,
  torch,
} from "../../web/lib/index.js";
import { PAIR_MODEL, start_core } from "./support.js";

let tokenizer;

before(async () => {
  await start_core();
  tokenizer = await AutoTokenizer.from_pretrained(PAIR_MODEL);
});

const rows = () => [
  { input_ids: [2, 7, 3], token_type_ids: [0, 0, 0], attention_mask: [1, 1, 1], label: 1 },
  { input_ids: [2, 3], token_type_ids: [0, 0], attention_mask: [1, 1], label: 0 },
];

test("the shorter row is padded with the pad token, mask 0, type 0", () => {
  const batch = new DataCollatorWithPadding(tokenizer)(rows());
  assert.deepEqual(batch.input_ids.tolist(), [
    [2, 7, 3],
    [2, 3, tokenizer.pad_token_id],
  ]);
  assert.deepEqual(batch.attention_mask.tolist(), [
    [1, 1, 1],
    [1, 1, 0],
  ]);
  assert.deepEqual(batch.token_type_ids.tolist(), [
    [0, 0, 0],
    [0, 0, 0],
  ]);
  assert.deepEqual(batch.labels.tolist(), [1, 0]);
  assert.equal(batch.label, undefined);
});

test("rows of tensors and columns of rows pad alike", () => {
  const collate = new DataCollatorWithPadding({ tokenizer });
  const expected = collate(rows()).input_ids.tolist();
  const tensors = rows().map((row) => ({
    ...row,
    input_ids: torch.tensor(row.input_ids),
    label: torch.tensor(row.label),
  }));
  assert.deepEqual(collate(tensors).input_ids.tolist(), expected);
  const columns = { input_ids: rows().map((row) => row.input_ids), labels: [1, 0] };
  const batch = collate(columns);
  assert.deepEqual(batch.input_ids.tolist(), expected);
  assert.deepEqual(
    batch.attention_mask.tolist()[1],
    [1, 1, 0],
    "a mask is made where there is none",
  );
});

test("widths: to a multiple, to max_length, not at all", () => {
  const width = (options) => tokenizer.pad(rows(), options).input_ids.map((row) => row.length);
  assert.deepEqual(width({ pad_to_multiple_of: 8 }), [8, 8]);
  assert.deepEqual(width({ padding: "max_length", max_length: 5 }), [5, 5]);
  assert.deepEqual(width({ padding: false }), [3, 2]);
  assert.throws(() => width({ padding: "max_length" }), /needs max_length/);
});

test("text columns and a missing input_ids are refused by name", () => {
  const collate = new DataCollatorWithPadding(tokenizer);
  assert.throws(
    () => collate(rows().map((row) => ({ ...row, text: "x" }))),
    /column text .*remove_columns/,
  );
  assert.throws(() => collate([{ text: "x" }]), /includes input_ids, but you provided text/);
});

test("labels that are text or missing are refused with what makes them usable", () => {
  const collate = new DataCollatorWithPadding(tokenizer);
  const labelled = (...labels) => rows().map((row, i) => ({ ...row, label: labels[i] }));
  assert.throws(
    () => collate(labelled("yes", "no")),
    /column label holds text; dataset\.class_encode_column\("label"\) makes it numbers/,
  );
  assert.throws(
    () => collate(labelled(0, null)),
    /column label has no value in some rows; leave those out \(dataset\.filter\)/,
  );
});

test("default_data_collator stacks equal rows and leaves text out", () => {
  const batch = default_data_collator([
    { input_ids: [1, 2], label: 0, text: "a" },
    { input_ids: [3, 4], label: 1, text: "b" },
  ]);
  assert.deepEqual(Object.keys(batch), ["labels", "input_ids"]);
  assert.deepEqual(batch.input_ids.tolist(), [
    [1, 2],
    [3, 4],
  ]);
});

test("a call pads, truncates and makes tensors as asked; options that do not exist are refused", () => {
  const texts = ["A young farmer cleans a wooden boat on Sundays.", "My sister"];
  const padded = tokenizer(texts, { padding: true });
  assert.equal(padded.input_ids[0].length, padded.input_ids[1].length);
  assert.equal(tokenizer(texts, { truncation: true, max_length: 5 }).input_ids[0].length, 5);
  const batch = tokenizer(texts[1], { return_tensors: "pt" });
  assert.deepEqual(batch.input_ids.shape[0], 1, "one text is a batch of one");
  assert.throws(
    () => tokenizer(texts, { truncate: true }),
    /no option truncate; it has truncation/,
  );
  assert.throws(
    () => tokenizer(texts, ["one"]),
    /batch length of text: 2 does not match batch length of text_pair: 1/,
  );
  assert.throws(() => tokenizer(["a", null]), /text 1 is null \(an empty cell\)/);
});
