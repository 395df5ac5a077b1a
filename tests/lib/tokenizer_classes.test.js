// AutoTokenizer for the classes beside BERT's, from tokenizer.json and from their own files: equal to
// transformers.
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, test } from "node:test";
import { AutoTokenizer } from "../../web/lib/index.js";
import { read_sentencepiece } from "../../web/lib/transformers/sentencepiece.js";
import { golden, start_core, temporary_folder } from "./support.js";

const { texts, pair, ...cases } = await golden("tokenizer_classes.json");
const MODEL = "XLM-RoBERTa's SentencePiece model";

before(() => start_core());

/** Text is written as it is, {base64} as bytes, all else as JSON. @returns {Promise<string>} */
async function folder_with(t, files) {
  const folder = await temporary_folder(t);
  for (const [name, content] of Object.entries(files)) {
    const bytes = content.base64 && Buffer.from(content.base64, "base64");
    const text = typeof content === "string" ? content : JSON.stringify(content);
    await writeFile(join(folder, name), bytes ?? text);
  }
  return folder;
}

/** The same facts as describe() of the goldens' generator. */
function describe(tokenizer, { special_tokens, special_ids, padded }) {
  const { input_ids } = tokenizer(texts);
  const limit = tokenizer.model_max_length;
  const of = (names) =>
    Object.fromEntries(Object.keys(names).map((name) => [name, tokenizer[name]]));
  return {
    input_ids,
    truncated: tokenizer(texts, { truncation: true, max_length: 5 }).input_ids,
    padded: padded && tokenizer(texts, { padding: true }),
    pair: tokenizer(...pair),
    decoded: input_ids.map((ids) => tokenizer.decode(ids)),
    decoded_plain: input_ids.map((ids) => tokenizer.decode(ids, { skip_special_tokens: true })),
    tokens: input_ids.map((ids) => tokenizer.convert_ids_to_tokens(ids)),
    model_max_length: Number.isFinite(limit) ? limit : null,
    model_input_names: tokenizer.model_input_names,
    special_tokens: of(special_tokens),
    special_ids: of(special_ids),
  };
}

for (const [name, { files, expected }] of Object.entries(cases))
  test(name, async (t) => {
    const tokenizer = await AutoTokenizer.from_pretrained(await folder_with(t, files));
    assert.deepEqual(describe(tokenizer, expected), expected);
    const saved = await temporary_folder(t);
    await tokenizer.save_pretrained(saved);
    const again = await AutoTokenizer.from_pretrained(saved);
    assert.deepEqual(describe(again, expected), expected, "and after saving and loading again");
  });

test("missing files of a class are named", async (t) => {
  const { files } = cases["RoBERTa's vocab.json and merges.txt"];
  const folder = await folder_with(t, { ...files, "merges.txt": "" });
  const { "merges.txt": _, ...without } = files;
  await assert.rejects(AutoTokenizer.from_pretrained(await folder_with(t, without)), {
    message: /holds no tokenizer; expected tokenizer.json or vocab.json and merges.txt$/,
  });
  const tokenizer = await AutoTokenizer.from_pretrained(folder);
  assert.deepEqual(tokenizer.tokenize("so"), ["s", "o"], "no merges: characters");
});

test("merges that do not fit the vocabulary are named", async (t) => {
  const { files } = cases["RoBERTa's vocab.json and merges.txt"];
  const folder = await folder_with(t, { ...files, "merges.txt": "#version: 0.2\ns s s\n" });
  await assert.rejects(AutoTokenizer.from_pretrained(folder), { message: /merges\[0\]/ });
});

test("a damaged SentencePiece model is refused, wherever it is damaged", () => {
  const whole = Buffer.from(cases[MODEL].files["sentencepiece.bpe.model"].base64, "base64");
  assert.ok(read_sentencepiece(whole).vocab.length > 100);
  for (let size = 0; size < whole.length; size += 7) {
    const cut = whole.subarray(0, size);
    try {
      // A cut between two fields leaves a shorter model.
      assert.ok(read_sentencepiece(cut).vocab.length > 0);
    } catch (error) {
      assert.match(error.message, /damaged; expected a SentencePiece model/);
    }
  }
  let state = 1;
  for (let round = 0; round < 2000; ++round) {
    const spoilt = Uint8Array.from(whole);
    for (let i = 0; i < 3; ++i) {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      spoilt[(state >>> 4) % spoilt.length] = state >>> 24;
    }
    try {
      read_sentencepiece(spoilt);
    } catch (error) {
      assert.match(error.message, /SentencePiece model/);
    }
  }
});

test("a SentencePiece model of another kind is refused by name", async (t) => {
  const bpe = Uint8Array.from([0x0a, 3, 0x0a, 1, 0x61, 0x12, 2, 0x18, 2]); // one piece, model_type 2
  const folder = await folder_with(t, {
    "config.json": { model_type: "albert" },
    "spiece.model": { base64: Buffer.from(bpe).toString("base64") },
  });
  await assert.rejects(AutoTokenizer.from_pretrained(folder), {
    message: `${folder}/spiece.model: it is a SentencePiece model of another kind; only unigram is supported`,
  });
});

test("a tokenizer.json taken as it is has the scores that the tokenizers library reads, to the bit", async (t) => {
  const { written, read } = await golden("unigram_scores.json");
  const vocab = written.map((score, i) => [`token ${i}`, score]);
  const saved_scores = async (tokenizer_class) => {
    const folder = await folder_with(t, {
      "tokenizer.json": {
        version: "1.0",
        added_tokens: [],
        model: { type: "Unigram", unk_id: 0, vocab },
      },
      "tokenizer_config.json": { tokenizer_class },
    });
    const tokenizer = await AutoTokenizer.from_pretrained(folder);
    const saved = await temporary_folder(t);
    await tokenizer.save_pretrained(saved);
    const json = JSON.parse(await readFile(join(saved, "tokenizer.json"), "utf8"));
    const scores = new Map(json.model.vocab);
    return vocab.map(([token]) => scores.get(token));
  };
  assert.notDeepEqual(read, written);
  assert.deepEqual(await saved_scores("PreTrainedTokenizerFast"), read);
  // Python's reader, which such classes have their scores from, is exact.
  assert.deepEqual(await saved_scores("XLMRobertaTokenizer"), written);
});
