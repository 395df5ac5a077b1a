// SentencePiece's model files with bytes changed: the short run of tests/fuzz/sentencepiece_fuzz.js.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fuzz_sentencepiece } from "../fuzz/sentencepiece_fuzz.js";

test("a changed SentencePiece model gives pieces or one clear sentence", async () => {
  const { rounds, sound } = await fuzz_sentencepiece(7, (done) => done === 20000);
  assert.ok(sound > rounds / 100, `only ${sound} of ${rounds} were sound: the fuzzer sees little`);
  assert.ok(sound < rounds / 2, `${sound} of ${rounds} were sound: little was changed`);
});
