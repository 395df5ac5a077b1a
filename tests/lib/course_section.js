// What the tests of the course's section on data share: the stand-in Hub that it asks, and what Python got there.
import assert from "node:assert/strict";
import { cp, readFile } from "node:fs/promises";
import { join } from "node:path";
import { folder_with, hub_for } from "./hub_support.js";
import { assert_near, golden, PAIR_MODEL, repository } from "./support.js";

/** @typedef {import("node:test").TestContext} TestContext */

/** The names that the course uses are former ones on the Hub. */
const DATASET = "datasets/nyu-mll/glue";
const MODEL = "google-bert/bert-base-uncased";
const settings = { renamed: { "bert-base-uncased": MODEL, "datasets/glue": DATASET } };

/** The section on a dataset in MRPC's columns, with a small checkpoint. @param {TestContext} t */
export async function made_section(t) {
  const root = await folder_with(t, {});
  await cp(repository("tests/reference/goldens/course/glue"), join(root, DATASET), {
    recursive: true,
  });
  await cp(PAIR_MODEL, join(root, MODEL), { recursive: true });
  return {
    ...(await hub_for(t, { root, settings })),
    expected: await golden("course/section.json"),
  };
}

/** Why the section cannot be run on MRPC itself; false where it can. */
export const no_mrpc =
  !(process.env.TUNELAB_MRPC && process.env.TUNELAB_MINILM_DIR) &&
  "set TUNELAB_MRPC (a folder with MRPC's train.tsv and validation.tsv) and TUNELAB_MINILM_DIR (all-MiniLM-L6-v2's)";

/**
 * The section on MRPC, with MiniLM's weights behind bert-base-uncased's tokenizer, as course_goldens.py has it.
 * @param {TestContext} t
 */
export async function mrpc_section(t) {
  const { TUNELAB_MRPC: mrpc = "", TUNELAB_MINILM_DIR: minilm = "" } = process.env;
  const card = await readFile(repository("tests/reference/goldens/course/glue/README.md"), "utf8");
  const root = await folder_with(t, {
    [`${DATASET}/README.md`]: card.replace(/ {2}- split: test\n.*\n/, ""),
    [`${DATASET}/mrpc/train-0.jsonl`]: await mrpc_lines(join(mrpc, "train.tsv")),
    [`${DATASET}/mrpc/validation-0.jsonl`]: await mrpc_lines(join(mrpc, "validation.tsv")),
    [`${MODEL}/tokenizer_config.json`]: JSON.stringify({
      do_lower_case: true,
      model_max_length: 512,
      tokenizer_class: "BertTokenizer",
    }),
  });
  for (const name of ["config.json", "model.safetensors", "vocab.txt"])
    await cp(join(minilm, name), join(root, MODEL, name));
  return { ...(await hub_for(t, { root, settings })), expected: await golden("course/mrpc.json") };
}

/** The rows of MRPC's TSV as JSON Lines in GLUE's columns. @param {string} file */
async function mrpc_lines(file) {
  const lines = (await readFile(file, "utf8")).trimEnd().split("\n").slice(1);
  return lines
    .map((line, idx) => {
      const [label, , , sentence1, sentence2] = line.split("\t");
      return `${JSON.stringify({ sentence1, sentence2, label: Number(label), idx })}\n`;
    })
    .join("");
}

/**
 * Fails unless each line of the section gave what Python got.
 * @param {any} found
 * @param {any} expected
 */
export function assert_section({ losses, ...found }, { losses: expected_losses, ...expected }) {
  assert.deepEqual(found, expected);
  // Sums of float32 in another order; a step of AdamW divides gradients by their own size, small ones too.
  assert_near(losses[0], expected_losses[0], 1e-5, "the loss of the first batch");
  assert_near(losses[1], expected_losses[1], 1e-3, "its loss after a step");
}
