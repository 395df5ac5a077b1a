// The stand-in encoder in assets/hub: its files agree with one another, and its card says what it is.
import assert from "node:assert/strict";
import { readFileSync, readdirSync, statSync } from "node:fs";
import { test } from "node:test";

const folder = new URL("../../assets/hub/tunelab/bert-tiny-random/", import.meta.url);
const textOf = (name) => readFileSync(new URL(name, folder), "utf8");
const jsonOf = (name) => JSON.parse(textOf(name));
const vocabulary = () => textOf("vocab.txt").trimEnd().split("\n");

/** The tensors of model.safetensors: name to {dtype, shape, bytes}. */
function tensors() {
  const file = readFileSync(new URL("model.safetensors", folder));
  const start = 8 + Number(file.readBigUInt64LE());
  const { __metadata__: _, ...header } = JSON.parse(file.toString("utf8", 8, start));
  return new Map(
    Object.entries(header).map(
      ([
        name,
        {
          dtype,
          shape,
          data_offsets: [from, to],
        },
      ]) => [name, { dtype, shape, bytes: file.subarray(start + from, start + to) }],
    ),
  );
}

test("the weights have the shapes that the configuration asks for, in half precision", () => {
  const { hidden_size: C, intermediate_size: F, ...config } = jsonOf("config.json");
  const shapes = {
    "embeddings.word_embeddings.weight": [config.vocab_size, C],
    "embeddings.position_embeddings.weight": [config.max_position_embeddings, C],
    "embeddings.token_type_embeddings.weight": [config.type_vocab_size, C],
    "embeddings.LayerNorm.weight": [C],
    "embeddings.LayerNorm.bias": [C],
    "pooler.dense.weight": [C, C],
    "pooler.dense.bias": [C],
  };
  for (let layer = 0; layer < config.num_hidden_layers; layer++) {
    const parts = {
      "attention.self.query": [C, C],
      "attention.self.key": [C, C],
      "attention.self.value": [C, C],
      "attention.output.dense": [C, C],
      "attention.output.LayerNorm": [C],
      "intermediate.dense": [F, C],
      "output.dense": [C, F],
      "output.LayerNorm": [C],
    };
    for (const [part, shape] of Object.entries(parts)) {
      shapes[`encoder.layer.${layer}.${part}.weight`] = shape;
      shapes[`encoder.layer.${layer}.${part}.bias`] = [shape[0]];
    }
  }
  const found = [...tensors()].map(([name, { shape }]) => [name, shape]);
  assert.deepEqual(Object.fromEntries(found), shapes);
  for (const [name, { dtype, shape, bytes }] of tensors()) {
    assert.equal(dtype, "F16", name);
    assert.equal(bytes.length, 2 * shape.reduce((a, b) => a * b, 1), name);
  }
});

test("every weight is a finite number and the matrices are drawn with deviation 0.02", () => {
  for (const [name, { shape, bytes }] of tensors()) {
    let squares = 0;
    for (let at = 0; at < bytes.length; at += 2) {
      const bits = bytes.readUInt16LE(at);
      const exponent = (bits >> 10) & 31;
      assert.ok(exponent < 31, `${name} holds an infinity or a NaN`);
      const size = (bits & 1023) / 1024;
      squares += (exponent ? (1 + size) * 2 ** (exponent - 15) : size * 2 ** -14) ** 2;
    }
    const count = bytes.length / 2;
    // A matrix of n elements estimates its deviation to about 0.02 / sqrt(2 n); six times that never fails by chance.
    if (shape.length === 2) {
      const deviation = Math.sqrt(squares / count);
      const slack = (6 * 0.02) / Math.sqrt(2 * count) + 0.02 / shape[0]; // and the padding row is zero
      assert.ok(Math.abs(deviation - 0.02) < slack, `${name}: ${deviation}`);
    }
  }
});

test("vocab.txt, tokenizer.json and the configuration tell the same vocabulary", () => {
  const entries = vocabulary();
  const { model, normalizer, added_tokens: added } = jsonOf("tokenizer.json");
  assert.equal(model.type, "WordPiece");
  assert.deepEqual(
    Object.entries(model.vocab).sort(([, a], [, b]) => a - b),
    entries.map((entry, id) => [entry, id]),
  );
  assert.equal(entries.length, jsonOf("config.json").vocab_size);
  assert.equal(new Set(entries).size, entries.length);
  assert.equal(normalizer.lowercase, true);
  assert.equal(jsonOf("tokenizer_config.json").do_lower_case, true);
  const specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];
  assert.deepEqual(entries.slice(0, 5), specials);
  assert.deepEqual(
    added.map(({ content }) => content),
    specials,
  );
  assert.deepEqual(Object.values(jsonOf("special_tokens_map.json")).sort(), specials.sort());
});

test("no printable ASCII text is unknown: each character has an entry alone, letters and digits inside words too", () => {
  const entries = new Set(vocabulary());
  for (let code = 0x21; code < 0x7f; code++) {
    const character = String.fromCharCode(code).toLowerCase();
    assert.ok(entries.has(character), character);
    if (/[a-z0-9]/.test(character)) assert.ok(entries.has(`##${character}`), `##${character}`);
  }
});

test("the card says that the weights are random, and the folder stays under 2 MB", () => {
  assert.match(textOf("README.md"), /weights are random/);
  const bytes = readdirSync(folder).map((name) => statSync(new URL(name, folder)).size);
  assert.ok(bytes.reduce((a, b) => a + b, 0) < 2_000_000);
});
