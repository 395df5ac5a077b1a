// Random draws equal torch's, and metrics equal evaluate's.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { evaluate, torch } from "../../web/lib/index.js";
import { assert_near, golden, start_core } from "./support.js";

before(() => start_core());

test("randperm and random_ give torch's numbers for every seed", async () => {
  const seeds = Object.values(await golden("rng.json"));
  assert.ok(seeds.length > 0);
  for (const { seed, randperm, random_int64 } of seeds) {
    for (const [n, order] of Object.entries(randperm)) {
      const generator = new torch.Generator().manual_seed(BigInt(seed));
      assert.deepEqual(
        [...torch.randperm(Number(n), { generator })],
        order,
        `seed ${seed}, n ${n}`,
      );
    }
    const generator = new torch.Generator().manual_seed(BigInt(seed));
    assert.deepEqual(
      random_int64.map(() => String(generator.random_int64())),
      random_int64,
    );
  }
});

test("a seed that is no whole number is refused", () => {
  assert.throws(() => torch.manual_seed(1.5), /expected a whole number, got 1\.5/);
});

test("accuracy and F1, in all averages, are evaluate's", async () => {
  const cases = Object.values(await golden("metrics.json"));
  assert.ok(cases.length > 0);
  for (const { name, predictions, references, values } of cases) {
    const pairs = { predictions, references };
    assert_near(evaluate.load("accuracy").compute(pairs).accuracy, values.accuracy, 1e-12, name);
    for (const average of ["binary", "macro", "micro", "weighted"]) {
      const expected = values[average === "binary" ? "f1" : `f1_${average}`];
      if (expected === undefined) continue;
      assert_near(
        evaluate.load("f1").compute({ ...pairs, average }).f1,
        expected,
        1e-12,
        `${name}, ${average}`,
      );
    }
  }
});

test("batches add up to the whole, and compute starts anew", () => {
  const metric = evaluate.load("glue", "mrpc");
  metric.add_batch({ predictions: torch.tensor([1, 0]), references: torch.tensor([1, 1]) });
  metric.add_batch({ predictions: [1, 1], references: [1, 0] });
  const whole = evaluate
    .load("glue", "mrpc")
    .compute({ predictions: [1, 0, 1, 1], references: [1, 1, 1, 0] });
  assert.deepEqual(metric.compute(), whole);
  assert.throws(() => metric.compute(), /no predictions to compare/);
});

test("unknown metrics, unequal lengths and logits in place of labels are refused", () => {
  assert.throws(() => evaluate.load("bleu"), /there is no metric bleu; there are accuracy, f1/);
  assert.throws(() => evaluate.load("glue", "cola"), /no metric glue cola/);
  const metric = evaluate.load("accuracy");
  assert.throws(
    () => metric.compute({ predictions: [1], references: [1, 0] }),
    /1 predictions but 2 references/,
  );
  assert.throws(
    () => metric.compute({ predictions: [0.7], references: [1] }),
    /expected class labels .*found 0\.7/,
  );
});
