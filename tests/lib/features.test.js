// Types of columns: printed, stored, encoded and inferred as the datasets library does it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import {
  ClassLabel,
  Dataset,
  Features,
  LargeList,
  List,
  Sequence,
  Value,
} from "../../web/lib/index.js";
import { golden } from "./support.js";

const goldens = await golden("features.json");

/** @param {object} cases */
const each = (cases) => {
  const entries = Object.entries(cases);
  assert.ok(entries.length > 0);
  return entries;
};

test("features print as in Python, and go to JSON and back", () => {
  for (const [name, { repr, json }] of each(goldens.features)) {
    const features = Features.from_dict(json);
    assert.equal(String(features), repr, name);
    assert.equal(inspect(features), repr, name);
    assert.deepEqual(features.to_dict(), json, name);
  }
});

test("features made by hand are those that Python makes of the same types", () => {
  const made = new Features({
    answers: { text: new List(new Value("string")), at: new Value("int32") },
    rows: new List({
      id: new Value("int64"),
      tags: new List(new ClassLabel({ names: ["x", "y"] })),
    }),
    deep: new List(new List(new Value("float16"))),
  });
  assert.equal(String(made), goldens.features.nested.repr);
  const lists = new Features({
    a: new List(new Value("int8")),
    b: new List(new Value("int8"), { length: 5 }),
    c: new LargeList(new Value("string")),
  });
  assert.equal(String(lists), goldens.features.lists.repr);
  const sequence = Sequence({ t: new Value("string"), u: new Value("int8") });
  assert.equal(String(new Features({ s: sequence })), goldens.features.sequence_of_dict.repr);
});

test("features in files of older versions, and in any form of a dataset card, are read", () => {
  for (const [name, { json, repr }] of each(goldens.old_json))
    assert.equal(String(Features.from_dict(json)), repr, name);
  for (const [name, { yaml, repr }] of each(goldens.cards))
    assert.equal(String(Features.from_card(yaml)), repr, name);
  for (const [name, { yaml, repr }] of each(goldens.features))
    assert.equal(String(Features.from_card(yaml)), repr, name);
});

test("values are encoded as their types want them", () => {
  for (const [at, { json, given, encoded }] of each(goldens.encoded)) {
    const { a } = Features.from_dict(json);
    assert.deepEqual(
      given.map((value) => a.encode_example(value)),
      encoded,
      `${at}: ${a}`,
    );
  }
});

test("types are inferred from values, nested ones too", () => {
  for (const [name, { values, repr }] of each(goldens.inferred))
    assert.equal(String(Dataset.from_dict({ [name]: values }).features[name]), repr, name);
});

test("a ClassLabel turns names into integers and back, one or many", () => {
  const label = new ClassLabel({ names: ["not_equivalent", "equivalent"] });
  assert.equal(label.num_classes, 2);
  assert.equal(label.str2int("equivalent"), 1);
  assert.deepEqual(label.str2int(["equivalent", " not_equivalent "]), [1, 0]);
  assert.equal(label.int2str(0), "not_equivalent");
  assert.deepEqual(label.int2str([1, 0]), ["equivalent", "not_equivalent"]);
});

test("what is no class, no type and no value of its type is refused in one line", () => {
  const label = new ClassLabel({ names: ["no", "yes"] });
  assert.throws(() => label.str2int("maybe"), /Invalid string class label maybe; .* no, yes/);
  assert.throws(() => label.str2int("2"), /Invalid string class label 2/);
  assert.throws(() => label.int2str(-1), /Invalid integer class label -1; .* 0 to 1/);
  assert.throws(() => label.encode_example(2), /Class label 2 greater than .* num_classes 2/);
  assert.throws(() => new ClassLabel({ names: ["a", "a"] }), /names are duplicated/);
  assert.throws(() => new ClassLabel({ names: ["a"], num_classes: 2 }), /1 names VS 2 num_classes/);
  assert.throws(() => new ClassLabel({}), /needs names or num_classes/);
  assert.throws(() => new Value("text"), /text is no type of Arrow's; expected "string"/);
  assert.throws(() => new Value("int8").encode_example("x"), /"x" is no number, .* int8 wants it/);
  assert.throws(() => new List("int8"), /"int8" is no type of a column; expected new Value/);
  assert.throws(() => new List(new Value("int8")).encode_example("abc"), /"abc" is no list/);
  assert.throws(() => new Features({ a: {} }).encode_example({ a: 3 }), /3 is no dict/);
});

test("a card that leaves out a label's number is refused, an unknown type left out", () => {
  const names = { 0: "a", 2: "c" };
  assert.throws(
    () => Features.from_card([{ name: "l", dtype: { class_label: { names } } }]),
    /expected a value for all label ids \[0:3\] but some ids are missing/,
  );
  const known = Features.from_card([
    { name: "image", dtype: "image" },
    { name: "n", dtype: "int8" },
  ]);
  assert.equal(String(known), "{'n': Value('int8')}");
});
