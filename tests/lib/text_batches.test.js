// A batch of texts goes into the core as one piece: each comes out as if it had gone alone.
import assert from "node:assert/strict";
import { test } from "node:test";
import { AutoTokenizer } from "../../web/lib/index.js";
import { PAIR_MODEL, start_core } from "./support.js";

await start_core();
const tokenizer = await AutoTokenizer.from_pretrained(PAIR_MODEL);

const assert_as_alone = (texts) =>
  assert.deepEqual(
    tokenizer(texts).input_ids,
    texts.map((text) => tokenizer(text).input_ids),
  );

test("texts of one, two, three and four bytes a character keep their ends", () => {
  assert_as_alone(["a cat", "", "élan", "日本", "a 😀 cat", "ß", "a cat"]);
});

test("half a surrogate pair at a text's end does not join the half at the next one's start", () => {
  assert_as_alone(["a cat \ud83d", "\ude00 a cat", "\ud83d\ude00", "\ude00\ud83d"]);
  assert.notDeepEqual(tokenizer("\ud83d").input_ids, tokenizer("\ud83d\ude00").input_ids);
});
