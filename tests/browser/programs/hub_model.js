// Loads a model and its tokenizer by their name on the Hub, and tells what the model says and what the log said.
import {
  AutoModelForSequenceClassification,
  AutoTokenizer,
  configure_hub,
  init,
  set_log_sink,
  set_seed,
} from "../../../web/lib/index.js";

/**
 * @param {{endpoint: string, model: string, text: string}} given
 * @returns {Promise<{logits: number[][], log: string[], ready: number}>} ready: events that said so
 */
export async function run({ endpoint, model: name, text }) {
  /** @type {string[]} */
  const log = [];
  set_log_sink((line) => log.push(line));
  configure_hub({ endpoint, token: "hf_test", base_wait_time: 0.01 });
  await init({ threads: 1 });
  set_seed(3);
  let ready = 0;
  const progress_callback = (/** @type {{status: string}} */ { status }) => {
    if (status === "ready") ready++;
  };
  const model = await AutoModelForSequenceClassification.from_pretrained(name, {
    progress_callback,
  });
  const tokenizer = await AutoTokenizer.from_pretrained(name);
  const { logits } = /** @type {any} */ (model)(tokenizer(text, { return_tensors: "pt" }));
  return { logits: logits.tolist(), log, ready };
}
