// What is said to someone who mistyped a name: the names that are near, of datasets, models, columns and others.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  did_you_mean,
  edit_distance,
  near_names,
  nearest_name,
} from "../../web/lib/core/near_names.js";
import { AutoTokenizer, Dataset, load_dataset } from "../../web/lib/index.js";
import { folder_with, hub_for } from "./hub_support.js";
import { start_core } from "./support.js";

test("letters changed, put in, left out and swapped count one each", () => {
  const cases = [
    ["glue", "glue", 0],
    ["glue", "glu", 1],
    ["glue", "gleu", 1],
    ["lgue", "glue", 1],
    ["glue", "flute", 2],
    ["abc", "ca", 3],
    ["", "abc", 3],
  ];
  for (const [a, b, distance] of cases) {
    assert.equal(edit_distance(a, b), distance, `${a}, ${b}`);
    assert.equal(edit_distance(b, a), distance, `${b}, ${a}`);
  }
});

test("near is what differs in two letters or a third, whatever the capitals, nearest first", () => {
  assert.deepEqual(near_names("mrcp", ["mrpc", "mnli", "rte"]), ["mrpc"]);
  assert.deepEqual(near_names("Sentense", ["sentence2", "sentence"]), ["sentence", "sentence2"]);
  assert.deepEqual(near_names("ax", ["qnli", "b"]), [], "two of two letters are no likeness");
  assert.equal(did_you_mean("tset", ["train", "test"]), "; did you mean test?");
  assert.equal(did_you_mean("stars", ["text", "label"]), "");
  assert.equal(nearest_name("learning", ["seed", "learning_rate"]), "learning_rate");
});

/** @param {Promise<any>} work @param {RegExp} message */
const assert_says = (work, message) => assert.rejects(work, { message });

test("a repository is found though its first letters or its organisation are wrong", async (t) => {
  await start_core();
  const csv = "text,label\na,0\n";
  const root = await folder_with(t, {
    "datasets/org/reviews/train.csv": csv,
    "datasets/other/reviews/train.csv": csv,
    "org/bert-tiny-random/config.json": "{}",
  });
  const { hub, cache_dir } = await hub_for(t, { root });
  const options = { endpoint: hub.endpoint, cache_dir };
  await assert_says(
    load_dataset("rog/erviews", options),
    /did you mean "org\/reviews", "other\/reviews"\?$/,
  );
  await assert_says(
    load_dataset("othr/reviews", options),
    /did you mean "other\/reviews", "org\/reviews"\?$/,
  );
  await assert_says(load_dataset("gleu", options), /did you mean "glue"\?$/);
  await assert_says(
    AutoTokenizer.from_pretrained("org/ebrt-tiny-random", options),
    /did you mean "org\/bert-tiny-random"\?$/,
  );
  await assert_says(
    AutoTokenizer.from_pretrained("bret-base-uncased", options),
    /did you mean "bert-base-uncased", /,
  );
  await assert_says(load_dataset("org/zzzzzz", options), /^((?!did you mean).)*$/);
  const reviews = load_dataset("org/reviews", { ...options, split: "trian[:10%]" });
  await assert_says(reviews, /Should be one of train; did you mean train\?$/);
});

test("a column is found", () => {
  const dataset = Dataset.from_dict({ sentence: ["a"], label: [0] });
  assert.throws(() => dataset.column("setnence"), { message: /did you mean sentence\?$/ });
});
