// Memory: a job holds what its plan says, in the core's count and as WebAssembly memory; one that cannot fit is refused
// with the figure before it begins.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import {
  AutoModelForSequenceClassification,
  AutoTokenizer,
  Trainer,
  TrainingArguments,
} from "../../web/lib/index.js";
import { PAIR_MODEL, repository, run, start_core } from "./support.js";

let core;

before(async () => (core = await start_core()));

/** Above the plan: the tokenizer, tables of names, the heap's gaps. */
const SPARE = 1.05;

for (const [job, threads] of [
  ["emotions, 16 rows", 1],
  ["emotions, 16 rows", 2],
  ["long rows, 8 of them", 2],
  ["long rows, activations checkpointed", 2],
  ["long rows, all but the head frozen", 1],
  ["long rows, LoRA", 2],
  ["evaluation in larger batches than training", 2],
])
  test(`${job}, on ${threads} threads: the peak is what was planned`, async (t) => {
    const program = repository("tests/lib/job_memory.js");
    const { code, stdout, stderr } = await run(process.execPath, [program, job, `${threads}`]);
    assert.equal(code, 0, stderr);
    const held = JSON.parse(stdout);
    const { plan } = held;
    t.diagnostic(
      `planned ${plan.bytes} bytes; the core held ${held.peak_bytes}, ` +
        `WebAssembly ${held.wasm_bytes} (${held.module_bytes} for the module and its threads)`,
    );
    assert.equal(held.threads, threads);
    assert.ok(plan.parameter_bytes <= 16 * held.parameters, "at most 16 bytes a parameter");
    assert.equal(plan.bytes, plan.parameter_bytes + plan.activation_bytes);
    assert.ok(held.peak_bytes >= plan.bytes, "nothing is planned that is not used");
    assert.ok(held.peak_bytes <= SPARE * plan.bytes, "the core's count");
    assert.ok(held.wasm_bytes <= SPARE * plan.bytes + held.module_bytes, "WebAssembly memory");
  });

test("a job that WebAssembly cannot hold is refused with its figure before it begins", async () => {
  const model = await AutoModelForSequenceClassification.from_pretrained(PAIR_MODEL);
  const row = { input_ids: Array(60).fill(5), label: 0 };
  let begun = false;
  const trainer = new Trainer({
    model,
    args: new TrainingArguments("unused", {
      per_device_train_batch_size: 30000,
      disable_tqdm: true,
    }),
    train_dataset: Array(30000).fill(row),
    callbacks: [{ on_train_begin: () => (begun = true) }],
  });
  const { bytes, train_batch } = trainer.memory_plan();
  assert.deepEqual(train_batch, { rows: 30000, tokens: 1800000, longest: 60 });
  const figure = (bytes / 1e9).toFixed(2);
  assert.ok(bytes > 4294967296, `${figure} GB are more than there can be`);
  await assert.rejects(trainer.train(), {
    status: "TL_ERR_MEMORY",
    message: new RegExp(
      `^training needs ${figure} GB of memory .* up to 30000 rows with 1800000 tokens\\), but .* 4\\.29 GB; lower .* activation_checkpointing$`,
    ),
  });
  assert.equal(begun, false);
});

test("an evaluation takes its memory before its first batch", async () => {
  const model = await AutoModelForSequenceClassification.from_pretrained(PAIR_MODEL);
  const row = (_, i) => ({ input_ids: Array(5 + i).fill(5), label: 0 });
  const held = [];
  const trainer = new Trainer({
    model,
    args: new TrainingArguments("unused", { per_device_eval_batch_size: 4, disable_tqdm: true }),
    eval_dataset: Array.from({ length: 32 }, row), // longer and longer
    processing_class: await AutoTokenizer.from_pretrained(PAIR_MODEL),
    callbacks: [{ on_prediction_step: () => held.push(core.memory_use().bytes) }],
  });
  const empty = core.memory_use().bytes;
  await trainer.evaluate();
  assert.equal(held.length, 8);
  assert.ok(held[0] > empty + model.activation_bytes(4, 138, 36, { training: false }) - 1024);
  // The packed batch itself grows with its tokens: ids, types and positions.
  assert.ok(held[7] - held[0] <= 3 * 4 * 138, `${held}`);
});
