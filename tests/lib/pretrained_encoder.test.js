// The embedded pretrained encoder in assets/hub: it computes what transformers does with it, and it is small enough for a page.
import assert from "node:assert/strict";
import { readdirSync, statSync } from "node:fs";
import { before, test } from "node:test";
import {
  AutoModelForSequenceClassification,
  AutoTokenizer,
  set_seed,
} from "../../web/lib/index.js";
import { assert_near, golden, repository, start_core } from "./support.js";

const folder = repository("assets/hub/tunelab/MiniLM-L4-H192-uncased");
let expected;

before(async () => {
  await start_core();
  expected = await golden("encoder.json");
});

test("its tokenizer cuts texts and pairs as transformers does", async () => {
  const tokenizer = await AutoTokenizer.from_pretrained(folder);
  for (const [row, [first, second]] of expected.texts.entries()) {
    const { input_ids, token_type_ids } = tokenizer(first, second ?? undefined);
    assert.deepEqual(Array.from(input_ids), expected.input_ids[row], first);
    assert.deepEqual(Array.from(token_type_ids), expected.token_type_ids[row], first);
  }
});

test("under the head that a seed draws, its logits are those of transformers", async () => {
  set_seed(expected.seed);
  const tokenizer = await AutoTokenizer.from_pretrained(folder);
  const model = await AutoModelForSequenceClassification.from_pretrained(folder, { num_labels: 6 });
  for (const [row, [first, second]] of expected.texts.entries()) {
    const { logits } = model(tokenizer(first, second ?? undefined, { return_tensors: "pt" }));
    // The golden is computed in float64; four layers of float32 leave the seventh digit of numbers below 1.
    for (const [label, logit] of expected.logits[row].entries())
      assert_near(logits.at(0).data[label], logit, 5e-6, `${first}, label ${label}`);
  }
});

test("the whole folder is at most 8,000,000 bytes", () => {
  const bytes = readdirSync(folder).map((name) => statSync(`${folder}/${name}`).size);
  assert.ok(bytes.reduce((a, b) => a + b, 0) <= 8_000_000);
});
