// Trains twenty steps with dropout on and prints a digest of the weights: run by
// determinism.test.js, a process for each build.
import { createHash } from "node:crypto";
import {
  AutoModelForSequenceClassification,
  set_seed,
  Trainer,
  TrainingArguments,
} from "../../web/lib/index.js";
import { PAIR_MODEL, pair_task, start_core } from "./support.js";

const [build, threads] = process.argv.slice(2);
const core = await start_core({ build, threads: Number(threads) });
const { tokenizer, tokenized } = await pair_task();
set_seed(5);
const dropout = { hidden_dropout_prob: 0.1, attention_probs_dropout_prob: 0.1 };
const model = await AutoModelForSequenceClassification.from_pretrained(PAIR_MODEL, {
  num_labels: 2,
  ...dropout,
});
const args = new TrainingArguments({
  output_dir: "unused",
  max_steps: 20,
  learning_rate: 1e-3,
  weight_decay: 0.01,
  save_strategy: "no",
  disable_tqdm: true,
  seed: 5,
});
await new Trainer({
  model,
  args,
  train_dataset: tokenized.train,
  processing_class: tokenizer,
}).train();
const digest = createHash("sha256");
for (const { data } of model.parameters()) digest.update(data.data);
console.log(
  JSON.stringify({ build: core.build, threads: core.threads, weights: digest.digest("hex") }),
);
