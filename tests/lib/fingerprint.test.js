// Fingerprints: the same for the same content, in any process; another for any other.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { set_log_sink } from "../../web/lib/core/logging.js";
import {
  CannotFingerprint,
  FINGERPRINT,
  fingerprint_of,
  random_fingerprint,
  updated_fingerprint,
} from "../../web/lib/datasets/fingerprint.js";
import { repository } from "./support.js";

test("equal content gives the same fingerprint, also in another process", () => {
  const program = `import { fingerprint_of } from ${JSON.stringify(repository("web/lib/datasets/fingerprint.js"))};
    console.log(fingerprint_of({ a: [1, "é", null], b: new Map([[1, new Set([2n])]]) }, new Int8Array([1, 2])));`;
  const there = execFileSync(process.execPath, ["--input-type=module", "-e", program], {
    encoding: "utf8",
  });
  const here = fingerprint_of(
    { a: [1, "é", null], b: new Map([[1, new Set([2n])]]) },
    new Int8Array([1, 2]),
  );
  assert.equal(here, there.trim());
  assert.match(here, /^[0-9a-f]{32}$/);
});

test("values that differ in anything differ in their fingerprint", () => {
  const values = [
    1,
    "1",
    1n,
    -0,
    0,
    NaN,
    null,
    undefined,
    true,
    "true",
    [],
    {},
    [[]],
    [1, 2],
    [12],
    "a",
    ["a", "b"],
    ["ab"],
    ["as1:b"],
    { a: 1, b: 2 },
    { b: 2, a: 1 },
    new Set([1]),
    new Map([[1, 1]]),
    new Date(0),
    new Date(1),
    /a/,
    /a/i,
    "\ud800",
    "\ud801",
    "\ufffd",
    new Int8Array([1]),
    new Uint8Array([1]),
    new Int8Array([1, 0]),
    { [FINGERPRINT]: () => "x" },
    { [FINGERPRINT]: () => "y" },
    "x".repeat(100000),
    "x".repeat(100001),
  ];
  const seen = values.map((value) => fingerprint_of(value));
  assert.equal(new Set(seen).size, values.length);
  assert.notEqual(fingerprint_of("a", "b"), fingerprint_of("ab"));
});

test("what cannot be told by its content is refused", () => {
  class Other {}
  const round = { list: [] };
  round.list.push(round);
  for (const value of [() => 1, Symbol("s"), new Other(), round, [{ deep: new Other() }]])
    assert.throws(() => fingerprint_of(value), CannotFingerprint);
  const shared = [1];
  assert.equal(fingerprint_of([shared, shared]), fingerprint_of([[1], [1]]));
});

test("a transform's fingerprint follows the data, the transform and its arguments", (context) => {
  const data = { _fingerprint: "a" };
  const first = updated_fingerprint(data, "shuffle", { seed: 1, generator: undefined });
  assert.equal(updated_fingerprint(data, "shuffle", { seed: 1 }), first);
  assert.notEqual(updated_fingerprint(data, "shuffle", { seed: 2 }), first);
  assert.notEqual(updated_fingerprint(data, "sort", { seed: 1 }), first);
  assert.notEqual(updated_fingerprint({ _fingerprint: "b" }, "shuffle", { seed: 1 }), first);
  const told = [];
  set_log_sink((text) => told.push(text));
  context.after(() => set_log_sink());
  const args = { seed: () => 1 };
  assert.notEqual(
    updated_fingerprint(data, "shuffle", args),
    updated_fingerprint(data, "shuffle", args),
  );
  assert.deepEqual(told, [
    "shuffle: a function has no fingerprint, so the result is not kept for later (argument seed)",
  ]);
  assert.notEqual(random_fingerprint(), random_fingerprint());
});
