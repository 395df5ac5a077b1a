// Fuzzes the reader of SentencePiece's model files: sound ones with bytes changed, cut, doubled or inserted give pieces
// that a tokenizer is made of, or one clear sentence. `node tests/fuzz/sentencepiece_fuzz.js` goes on for FUZZ_SECONDS
// (default 10).
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { TunelabError } from "../../web/lib/core/errors.js";
import { read_sentencepiece } from "../../web/lib/transformers/sentencepiece.js";
import { fuzz_reader, run_fuzzer } from "./changed_bytes.js";

/** Bytes that mean much to a message: tags of its fields, lengths, varints that go on, pieces' types. */
const TELLING = [0, 1, 2, 3, 4, 6, 0x0a, 0x0d, 0x10, 0x12, 0x15, 0x18, 0x1a, 0x7f, 0x80, 0xff];

/** @param {number} number @param {number[]} bytes a field of bytes, shorter than 128 */
const field = (number, bytes) => [8 * number + 2, bytes.length, ...bytes];

/** @param {string} text @param {number} score @param {number} [type] */
function piece(text, score, type) {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, score, true);
  const kind = type === undefined ? [] : [0x18, type];
  return field(1, [...field(1, [...Buffer.from(text)]), 0x15, ...bytes, ...kind]);
}

/** Models with the fields that are read, and some that are not. */
const SEEDS = [
  [
    ...[
      piece("<unk>", 0, 2),
      piece("<s>", 0, 3),
      piece("</s>", 0, 3),
      piece("▁", -2),
      piece("▁love", -3),
    ].flat(),
    ...[piece("😀", -4), piece("[NEW]", 0, 4), piece("<0x0A>", 0, 6)].flat(),
    ...field(2, [0x18, 1, 0x20, 0x80, 0x3e, ...field(1, [...Buffer.from("corpus.txt")])]),
    ...field(3, [
      ...field(1, [...Buffer.from("nmt_nfkc")]),
      ...field(2, [4, 0, 0, 0, 0, 0, 0, 0, 0x61, 0]),
    ]),
  ],
  [...piece("a", -1), ...piece("b", -1.5), ...field(2, [0x18, 2])],
  [...piece("only", 0)],
].map((bytes) => Buffer.from(bytes));

/** @param {Buffer} bytes */
function check(bytes) {
  try {
    const { vocab, added, charsmap } = read_sentencepiece(bytes);
    assert.ok(vocab.length > 0 && vocab.length <= bytes.length);
    for (const [text, score] of vocab) {
      assert.ok(text.isWellFormed() && typeof score === "number");
      assert.equal(Math.fround(score), Object.is(score, NaN) ? NaN : score);
    }
    assert.ok(added.length <= vocab.length);
    if (charsmap !== undefined) assert.ok(atob(charsmap).length <= bytes.length);
    return true;
  } catch (error) {
    if (!(error instanceof TunelabError)) throw error;
    assert.match(error.message, /^[^\n]+$/);
    return false;
  }
}

/**
 * Reads changed models until `is_done`.
 * @param {number} seed
 * @param {(rounds: number) => boolean} is_done
 */
export const fuzz_sentencepiece = (seed, is_done) =>
  fuzz_reader({ files: SEEDS, telling: TELLING, check }, seed, is_done);

if (process.argv[1] === fileURLToPath(import.meta.url))
  await run_fuzzer("models", fuzz_sentencepiece);
