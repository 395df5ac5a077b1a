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

test("precision, recall, chosen classes and Matthews' correlation are scikit-learn's", async () => {
  for (const { name, predictions, references, values } of Object.values(
    await golden("metrics.json"),
  )) {
    const pairs = { predictions, references };
    for (const metric of ["precision", "recall"])
      for (const average of ["binary", "macro", "micro", "weighted"]) {
        const expected = values[average === "binary" ? metric : `${metric}_${average}`];
        if (expected === undefined) continue;
        const found = evaluate.load(metric).compute({ ...pairs, average })[metric];
        assert_near(found, expected, 1e-12, `${name}, ${metric} ${average}`);
      }
    const chosen = evaluate.load("f1").compute({ ...pairs, average: "macro", labels: [1, 2] });
    assert_near(chosen.f1, values.f1_macro_of_1_and_2, 1e-12, name);
    const each = evaluate.load("f1").compute({ ...pairs, average: null }).f1;
    assert.equal(each.length, values.f1_per_class.length, name);
    each.forEach((found, i) => assert_near(found, values.f1_per_class[i], 1e-12, name));
    const cola = evaluate.load("glue", "cola").compute(pairs);
    assert_near(cola.matthews_correlation, values.matthews_correlation, 1e-12, name);
  }
});

test("correlations of numbers are SciPy's, ties and all", async () => {
  const cases = Object.values(await golden("correlations.json"));
  assert.ok(cases.length > 0);
  for (const { name, predictions, references, pearsonr, spearmanr } of cases) {
    const found = evaluate.load("glue", "stsb").compute({ predictions, references });
    assert_near(found.pearson, pearsonr, 1e-12, name);
    assert_near(found.spearmanr, spearmanr, 1e-12, name);
  }
});

test("SuperGLUE's CommitmentBank is scored by accuracy and the mean F1 of its classes", () => {
  const pairs = { predictions: [0, 1, 2, 2], references: [0, 1, 1, 2] };
  const { accuracy, f1 } = evaluate.load("super_glue", "cb").compute(pairs);
  assert.equal(accuracy, 3 / 4);
  assert_near(f1, (1 + 2 / 3 + 2 / 3) / 3, 1e-12, "cb");
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
  assert.throws(() => evaluate.load("glue", "ax"), /no metric glue ax/);
  const metric = evaluate.load("accuracy");
  assert.throws(
    () => metric.compute({ predictions: [1], references: [1, 0] }),
    /1 predictions but 2 references/,
  );
  assert.throws(
    () => metric.compute({ predictions: [0.7], references: [1] }),
    /expected class labels .*found 0\.7/,
  );
  assert.throws(
    () => evaluate.load("pearsonr").compute({ predictions: [NaN, 1], references: [1, 0] }),
    /expected finite numbers, found NaN/,
  );
});
