// from_pretrained beside transformers': which weights are reported new or unused, and the new ones
// drawn alike.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { before, test } from "node:test";
import { AutoModelForSequenceClassification, set_seed, torch } from "../../web/lib/index.js";
import { golden, logged, repository, start_core } from "./support.js";

before(() => start_core());

/** The names that a warning lists. */
function listed(warnings, sentence) {
  const line = warnings.find((text) => text.includes(sentence)) ?? "";
  return [...line.matchAll(/'([^']+)'/g)].map(([, name]) => name);
}

for (const name of readdirSync(repository("tests/reference/goldens/loading")))
  test(`${name}: reported and initialised as transformers does`, async () => {
    const expected = await golden(`loading/${name}/loaded.json`);
    const folder = repository(`tests/reference/goldens/loading/${name}`);
    set_seed(expected.seed);
    let model;
    const warnings = await logged(async () => {
      model = await AutoModelForSequenceClassification.from_pretrained(folder, {
        num_labels: expected.num_labels,
      });
    });
    assert.equal(model.class_name, expected.class);
    assert.deepEqual(listed(warnings, "newly initialized"), expected.missing_keys);
    assert.deepEqual(listed(warnings, "were not used"), expected.unexpected_keys);
    assert.equal(
      String(torch.default_generator.random_int64()),
      expected.next_random_int64,
      "as many random numbers were drawn",
    );
  });
