// Split expressions name the rows that the datasets library reads for them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ReadInstruction } from "../../web/lib/index.js";
import { golden } from "./support.js";

const { sizes, cases } = await golden("read_instruction.json");
const good = cases.filter(({ error }) => error === undefined);
const bad = cases.filter(({ error }) => error !== undefined);

test("an expression names the same rows as in Python, and is written the same way", () => {
  assert.ok(good.length > 20);
  for (const { spec, rows, again } of good) {
    const instruction = ReadInstruction.from_spec(spec);
    const found = instruction
      .to_absolute(sizes)
      .map(({ splitname, from_, to }) => [splitname, from_, to]);
    assert.deepEqual(found, rows, spec);
    assert.equal(instruction.to_spec(), again);
    assert.equal(String(instruction), again);
  }
});

/** What Python's message begins with, before it prints lists its own way. @param {string} error */
const beginning = (error) => error.split(/Should be one of/)[0];

test("an expression that Python refuses is refused with its words", () => {
  assert.ok(bad.length > 5);
  for (const { spec, error } of bad)
    assert.throws(
      () => ReadInstruction.from_spec(spec).to_absolute(sizes),
      (thrown) => thrown.message.startsWith(beginning(error)),
      spec,
    );
  assert.throws(
    () => ReadInstruction.from_spec("dev").to_absolute(sizes),
    /Unknown split "dev". Should be one of train, test, validation\.matched\./,
  );
});

test("an instruction built by hand equals the expression", () => {
  const built = new ReadInstruction("test", { to: 33, unit: "%" }).add(
    new ReadInstruction("train", { from_: 1, to: -1 }),
  );
  assert.equal(built.to_spec(), "test[:33%]+train[1:-1]");
  assert.deepEqual(built.split_names, ["test", "train"]);
  assert.deepEqual(
    built.to_absolute(sizes),
    ReadInstruction.from_spec("test[:33%]+train[1:-1]").to_absolute(sizes),
  );
  assert.throws(
    () => new ReadInstruction("train", { to: 10, rounding: "closest" }),
    /forbidden to specify rounding if not using percent slicing/,
  );
});
