// What a mapped function depends on, told from its text and from what it calls.
import assert from "node:assert/strict";
import { test } from "node:test";
import { AutoTokenizer } from "../../web/lib/index.js";
import { record_uses } from "../../web/lib/core/use_record.js";
import { FINGERPRINT } from "../../web/lib/datasets/fingerprint.js";
import { surroundings_of } from "../../web/lib/datasets/mapping/free_variables.js";
import {
  arguments_as_values,
  look_into,
} from "../../web/lib/datasets/mapping/function_fingerprint.js";
import { PAIR_MODEL, start_core } from "./support.js";

await start_core();
const tokenizer = await AutoTokenizer.from_pretrained(PAIR_MODEL);
const EXAMPLE = { text: ["one two", "three"] };
const prefix = "a";
const helper = (text) => text.trim();
/** Functions alike but for what they capture. */
const tokenize_with = (encode, max_length) => (x) =>
  encode(x.text, { truncation: true, max_length });

/** The names that a function takes from around it, and how it uses each. */
const free = async (work) => Object.fromEntries((await surroundings_of(String(work))).free);

/** What map learns of a function by running it on some rows. */
async function identify(work, example = EXAMPLE) {
  const known = await look_into(work);
  const { uses } = await record_uses(() => work(example));
  return known.identify(uses);
}

test("names from around a function are found, however it is written", async () => {
  assert.deepEqual(await free((x) => ({ n: Math.abs(JSON.parse(x.text).length) })), {});
  assert.deepEqual(await free((x) => ({ t: prefix + x.text })), { prefix: "other" });
  assert.deepEqual(await free(tokenize_with()), { encode: "called", max_length: "option" });
  assert.deepEqual(await free((x) => tokenizer(x.text + prefix, { prefix })), {
    tokenizer: "called",
    prefix: "other",
  });
  const shadowing =
    "({ prefix, ...rest }) => { for (const helper of rest.tokenizer) rest[helper] = { prefix }; }";
  assert.deepEqual(await free(shadowing), {});
  const object = {
    async method(x) {
      return { t: await helper(x.prefix), prefix: 1 };
    },
  };
  assert.deepEqual(await free(object.method), { helper: "called" });
  assert.deepEqual(await free((x = prefix) => x), { prefix: "other" });
  assert.equal(await surroundings_of(String(helper.bind(null))), undefined);
});

test("what changes from run to run is found", async () => {
  const changing = async (work) => (await surroundings_of(String(work))).changing;
  assert.deepEqual(await changing(() => ({ a: Math.random(), b: Date.now(), c: new Date() })), [
    "Math.random",
    "Date.now",
    "new Date()",
  ]);
  assert.deepEqual(await changing((x) => ({ year: new Date(x.text).getFullYear() })), []);
  assert.deepEqual(await changing(() => this), ["this"]);
  assert.deepEqual(Object.keys(await free(() => performance.now())), ["performance"]);
});

test("a function of nothing but its rows is told by its text", async () => {
  const first = await identify((x) => ({ n: x.text.length }));
  assert.match(first.fingerprint, /^[0-9a-f]{32}$/);
  assert.deepEqual(await identify((x) => ({ n: x.text.length })), first);
  assert.notDeepEqual(await identify((x) => ({ n: x.text.length + 1 })), first);
});

test("a tokenizer that a function calls counts with its vocabulary, settings and options", async () => {
  const seen = new Set();
  const add = async (work) => seen.add((await identify(work)).fingerprint);
  await add(tokenize_with(tokenizer, 8));
  await add(tokenize_with(tokenizer, 8));
  assert.equal(seen.size, 1);
  await add(tokenize_with(tokenizer, 4));
  await add((x) => tokenizer(x.text, { truncation: false }));
  for (const fields of [{ model_max_length: 7 }, { do_lower_case: false }])
    await add(tokenize_with(await AutoTokenizer.from_pretrained(PAIR_MODEL, fields), 8));
  assert.equal(seen.size, 5);
  assert.ok(!seen.has(undefined));
});

test("names that nothing accounts for are named", async () => {
  assert.deepEqual(await identify((x) => ({ t: prefix + x.text })), { unknown: ["prefix"] });
  assert.deepEqual(await identify((x) => ({ t: x.text.map((t) => helper(t)) })), {
    unknown: ["helper"],
  });
  const both = (x) => tokenizer(x.text.map((t) => helper(t)));
  assert.deepEqual(await identify(both), { unknown: ["tokenizer", "helper"] });
  assert.deepEqual(await identify((x) => tokenizer(x.text.map((t) => prefix + t))), {
    unknown: ["prefix"],
  });
  assert.deepEqual(await identify(() => ({ r: Math.random() })), { unknown: ["Math.random"] });
  const bound = function work() {}.bind(null);
  assert.deepEqual(await identify(bound), { unknown: ["bound work, whose text is hidden"] });
});

test("arguments are told by their content, functions among them by their text", async () => {
  const { values, unknown } = await arguments_as_values({ tokenizer, prefix, helper });
  assert.equal(values.tokenizer, tokenizer);
  assert.match(values.helper, /^[0-9a-f]{32}$/);
  assert.deepEqual(unknown, []);
  const more = await arguments_as_values({ work: (x) => prefix + x });
  assert.deepEqual(more.unknown, ["prefix in work"]);
});

test("a tokenizer's own fingerprint is that of any other read from the same folder", async () => {
  const again = await AutoTokenizer.from_pretrained(PAIR_MODEL);
  assert.equal(again[FINGERPRINT](), tokenizer[FINGERPRINT]());
  again.model_max_length = 12;
  assert.notEqual(again[FINGERPRINT](), tokenizer[FINGERPRINT]());
});
