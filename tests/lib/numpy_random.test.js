// numpy.random.default_rng gives NumPy's numbers: the datasets library's orders rest on them.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { numpy } from "../../web/lib/index.js";
import { golden } from "./support.js";

const cases = Object.values(await golden("numpy_random.json"));
const WEIGHTS = [0.2, 0.3, 0.5];
const LARGE = 1_000_000;

/** A new generator of a case's seed, and what NumPy drew from it. */
const each = (check) => {
  assert.ok(cases.length > 0);
  for (const one of cases) {
    const seed = Array.isArray(one.seed) ? one.seed.map(BigInt) : BigInt(one.seed);
    check(() => numpy.random.default_rng(seed), one);
  }
};

const numbers = (count) => Array.from({ length: count }, (_, i) => i);

test("permutations of any length are NumPy's, whatever kind of seed", () => {
  each((fresh, { permutations, shuffled_list }) => {
    for (const [n, order] of Object.entries(permutations))
      assert.deepEqual([...fresh().permutation(Number(n))], order);
    const letters = [..."abcdefg"];
    fresh().shuffle(letters);
    assert.deepEqual(letters, shuffled_list);
  });
});

test("a permutation of a million rows is NumPy's to the last row", () => {
  each((fresh, { large_permutation }) => {
    const order = fresh().permutation(LARGE);
    assert.equal(createHash("sha256").update(order).digest("hex"), large_permutation);
  });
});

test("integers, doubles and the seed of an epoch are NumPy's", () => {
  each((fresh, { integers, random, int63 }) => {
    assert.deepEqual(fresh().integers(-5, 1000, 20), integers);
    const generator = fresh();
    assert.deepEqual(
      random.map(() => generator.random()),
      random,
    );
    assert.equal(String(fresh().random_int63()), int63);
  });
});

test("choices with and without replacement are NumPy's", () => {
  each((fresh, { samples, weighted }) => {
    for (const [what, drawn] of Object.entries(samples)) {
      const [size, population] = what.split(" of ").map(Number);
      assert.deepEqual(fresh().sample(numbers(population), size), drawn, what);
    }
    assert.deepEqual([...fresh().weighted_choice(WEIGHTS, 50)], weighted);
  });
});

test("draws of several kinds follow each other as in NumPy, also from a copy", () => {
  each((fresh, { mixed: [integers, double, order, weighted, large] }) => {
    const generator = fresh();
    assert.deepEqual(generator.integers(0, 7, 3), integers);
    for (const rest of [generator.copy(), generator]) {
      assert.equal(rest.random(), double);
      assert.deepEqual([...rest.permutation(4)], order);
      assert.deepEqual([...rest.weighted_choice(WEIGHTS, 2)], weighted);
      assert.deepEqual(rest.integers(0, 2 ** 31, 2), large);
    }
  });
});

test("without a seed two generators differ", () => {
  const [one, other] = [numpy.random.default_rng(), numpy.random.default_rng()];
  assert.notDeepEqual(one.permutation(100), other.permutation(100));
});

test("seeds and ranges that NumPy refuses are refused", () => {
  assert.throws(
    () => numpy.random.default_rng(-1),
    /expected non-negative integer as seed, got -1/,
  );
  assert.throws(() => numpy.random.default_rng(0.5), /a seed must be a whole number, not 0\.5/);
  const generator = numpy.random.default_rng(0);
  assert.throws(() => generator.integers(3, 3, 1), /high must be above low .* got 3 and 3/);
  assert.throws(() => generator.sample([1, 2], 3), /larger sample than population .*: 3 of 2/);
  assert.throws(() => generator.weighted_choice([0.5, 0.4], 1), /do not sum to 1 but to 0\.9/);
  assert.throws(() => generator.weighted_choice([1.5, -0.5], 1), /not non-negative/);
});
