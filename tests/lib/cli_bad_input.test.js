// Bad input to the terminal program: one clear line on stderr, an exit code, and nothing lost.
import assert from "node:assert/strict";
import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, test } from "node:test";
import {
  assert_one_line,
  PAIR_MODEL,
  PAIR_TASK,
  run,
  run_tunelab,
  repository,
  temporary_folder,
} from "./support.js";

let weights;
let config;

before(async () => {
  weights = await readFile(join(PAIR_MODEL, "model.safetensors"));
  config = JSON.parse(await readFile(join(PAIR_MODEL, "config.json"), "utf8"));
});

/** The model of the goldens with some of its files replaced. */
async function spoilt_model(folder, files) {
  const model = join(folder, "model");
  await cp(PAIR_MODEL, model, { recursive: true });
  for (const [name, content] of Object.entries(files)) await writeFile(join(model, name), content);
  return model;
}

/** The safetensors file with its header changed; the data as it was. */
function with_header(change) {
  const size = Number(weights.readBigUInt64LE(0));
  const header = JSON.parse(weights.subarray(8, 8 + size).toString());
  change(header);
  const bytes = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(bytes.length));
  return Buffer.concat([length, bytes, weights.subarray(8 + size)]);
}

/** The weights with NaN in the first tensor's first place. */
function with_nan() {
  const spoilt = Buffer.from(weights);
  spoilt.writeFloatLE(NaN, 8 + Number(weights.readBigUInt64LE(0)));
  return spoilt;
}

const WORDS = "embeddings.word_embeddings.weight";

/** A short run on the pair task; later options win. */
function train(folder, model, options = []) {
  const files = [
    "--train-file",
    `${PAIR_TASK}/train.jsonl`,
    "--validation-file",
    `${PAIR_TASK}/validation.jsonl`,
  ];
  const where = ["--model", model, "--output", join(folder, "out"), "--threads", "1"];
  return run_tunelab(["train", ...where, ...files, "--max-steps", "2", ...options]);
}

const MODELS = [
  [
    "a truncated safetensors file",
    () => ({ "model.safetensors": weights.subarray(0, weights.length - 100) }),
    /model\.safetensors: /,
  ],
  [
    "a file shorter than a header",
    () => ({ "model.safetensors": "abc" }),
    /it is 3 bytes long; expected a safetensors file/,
  ],
  [
    "a header longer than the file",
    () => ({ "model.safetensors": Buffer.concat([Buffer.alloc(7, 0xff), Buffer.alloc(200)]) }),
    /model\.safetensors: /,
  ],
  [
    "offsets beyond the file",
    () => ({ "model.safetensors": with_header((h) => (h[WORDS].data_offsets = [0, 2 ** 40])) }),
    /word_embeddings/,
  ],
  [
    "a shape that overflows",
    () => ({ "model.safetensors": with_header((h) => (h[WORDS].shape = [2 ** 31, 2 ** 33])) }),
    /word_embeddings/,
  ],
  [
    "NaN in the weights",
    () => ({ "model.safetensors": with_nan() }),
    /model\.safetensors: .*(nan|NaN)/,
  ],
  [
    "a config that disagrees with the weights",
    () => ({ "config.json": JSON.stringify({ ...config, hidden_size: 64 }) }),
    /the file has \[32\], the model \[64\]; config and weights disagree/,
  ],
  [
    "an unknown architecture",
    () => ({ "config.json": JSON.stringify({ ...config, model_type: "gpt2" }) }),
    /config\.json: .*gpt2.*bert/,
  ],
  ["a config that is no JSON", () => ({ "config.json": "{" }), /config\.json is not JSON/],
  [
    "a tokenizer that is no JSON",
    () => ({ "tokenizer.json": "{]" }),
    /tokenizer\.json is not JSON/,
  ],
];

for (const [what, files, message] of MODELS)
  test(`refused: ${what}`, async (t) => {
    const folder = await temporary_folder(t);
    assert_one_line(await train(folder, await spoilt_model(folder, files())), 1, message);
  });

const DATA = [
  ["no training rows", "text,label\n", [], /the training split is empty/],
  ["an empty file", "", [], /is empty; expected a header line/],
  [
    "no such label column",
    "text,label\na,0\nb,1\n",
    ["--label-column", "stars"],
    /no column stars; the columns are text, label/,
  ],
  [
    "no such text column",
    "text,label\na,0\nb,1\n",
    ["--text-columns", "body"],
    /no column body; the columns are text \(string\), label \(ClassLabel\)/,
  ],
  [
    "a label out of range",
    "text,label\na,0\nb,5\n",
    ["--num-labels", "2"],
    /label out of range: row 1 of train has 5; expected 0 to 1/,
  ],
  [
    "a row without a label",
    "text,label\na,0\nb,\n",
    [],
    /column label must hold a label in every row, but row 1 has none/,
  ],
  [
    "a label that is no number, of a regression",
    "text,label\na,0.5\nb,inf\n",
    [],
    /label out of range: row 1 of train has Infinity; expected a number/,
  ],
  [
    "an integer too long for a number, in a column of texts",
    "text,label\n9223372036854775807,0\n1,1\n",
    ["--text-columns", "text"],
    /column text must hold text, but row 0 holds 9223372036854775807/,
  ],
  ["one class only", "text,label\na,1\nb,1\n", [], /holds one class only \(1\)/],
  [
    "a row without text",
    "text,label\na,0\n,1\n",
    [],
    /column text must hold text, but row 1 is empty/,
  ],
  ["a ragged line", "text,label\na,0\nb,c,1\n", [], /row 1 has 3 cells where the header has 2/],
];

for (const [what, csv, options, message] of DATA)
  test(`refused: ${what}`, async (t) => {
    const folder = await temporary_folder(t);
    const file = join(folder, "rows.csv");
    await writeFile(file, csv);
    const where = ["--model", PAIR_MODEL, "--output", join(folder, "out"), "--threads", "1"];
    assert_one_line(
      await run_tunelab(["train", ...where, "--dataset", file, ...options]),
      1,
      message,
    );
  });

test("refused: a validation label that training does not know", async (t) => {
  const folder = await temporary_folder(t);
  await writeFile(join(folder, "train.csv"), "text,label\na,good\nb,bad\n");
  await writeFile(join(folder, "validation.csv"), "text,label\na,good\nb,ugly\n");
  const where = [
    "--model",
    PAIR_MODEL,
    "--output",
    join(folder, "out"),
    "--dataset",
    folder,
    "--threads",
    "1",
  ];
  const message = /label out of range: row 1 of validation has "ugly"; expected one of bad, good/;
  assert_one_line(await run_tunelab(["train", ...where, "--text-columns", "text"]), 1, message);
});

for (const [what, args, message] of [
  [
    "an option that does not exist",
    ["train", "--lerning-rate", "1"],
    /no option --lerning-rate; the nearest is --learning-rate/,
  ],
  ["a word in the wrong place", ["train", "model"], /model stands alone/],
  ["a number that is none", ["train", "--epochs", "many"], /--epochs must be a number, not many/],
  ["a missing value", ["train", "--model"], /--model needs a value/],
  [
    "a value that is no choice",
    ["train", "--eval-strategy", "often"],
    /must be one of no, steps, epoch, not often/,
  ],
  ["no such command", ["trian"], /there is no command trian; there are train, evaluate, predict/],
  ["no dataset", ["train", "--model", PAIR_MODEL, "--threads", "1"], /--dataset is needed/],
])
  test(`a wrong command line (exit code 2): ${what}`, async () => {
    assert_one_line(await run_tunelab(args), 2, message);
  });

test("values that TrainingArguments refuses are refused in its words", async (t) => {
  const folder = await temporary_folder(t);
  assert_one_line(
    await train(folder, PAIR_MODEL, ["--learning-rate=-1"]),
    1,
    /learning_rate must be a number of at least 0/,
  );
});

test("a diverging run names the step, and the model that was there stays", async (t) => {
  const folder = await temporary_folder(t);
  assert.equal((await train(folder, PAIR_MODEL)).code, 0);
  const old = await readFile(join(folder, "out/model.safetensors"));
  const { code, stderr } = await train(folder, PAIR_MODEL, [
    "--learning-rate",
    "1e38",
    "--max-steps",
    "20",
  ]);
  assert.equal(code, 1);
  assert.match(
    stderr,
    /tunelab: training diverged at step \d+ .*Try a learning_rate ten times lower/,
  );
  assert.deepEqual(await readFile(join(folder, "out/model.safetensors")), old);
});

test("a disk that fills up at the save leaves the old model whole", async (t) => {
  const folder = await temporary_folder(t);
  assert.equal((await train(folder, PAIR_MODEL)).code, 0);
  const old = await readFile(join(folder, "out/model.safetensors"));
  // The limit on a file's size (in blocks of 512 bytes) makes writing fail in the midst of the
  // weights, as a full disk does.
  assert.ok(old.length > 40 * 512);
  const command = 'trap "" XFSZ; ulimit -f 40; exec "$@"';
  const program = [
    process.execPath,
    repository("web/cli/tunelab.js"),
    "train",
    "--model",
    PAIR_MODEL,
  ];
  const rest = [
    "--output",
    join(folder, "out"),
    "--train-file",
    `${PAIR_TASK}/train.jsonl`,
    "--threads",
    "1",
  ];
  const { code, stderr } = await run("sh", [
    "-c",
    command,
    "sh",
    ...program,
    ...rest,
    "--max-steps",
    "1",
  ]);
  assert.equal(code, 1, stderr);
  assert.match(stderr, /out could not be saved \(E.*\); what was there before is untouched/);
  assert.deepEqual(await readFile(join(folder, "out/model.safetensors")), old);
});
