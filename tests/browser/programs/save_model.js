// Trains a step with checkpoints, saves the model in the page, loads it again by its folder's name, and tells whether it is
// the same; a save that fails leaves what was there.
import {
  AutoModelForSequenceClassification,
  AutoTokenizer,
  Dataset,
  init,
  saved_file,
  set_verbosity,
  Trainer,
  TrainingArguments,
} from "../../../web/lib/index.js";
import { open_source } from "../../../web/lib/hub/file_source.js";
import { save_folder, saved_names } from "../../../web/lib/hub/save_folder.js";

/** @param {{model: string, threads: number}} given an address */
export async function run({ model: checkpoint, threads }) {
  set_verbosity("error");
  await init({ threads });
  const tokenizer = await AutoTokenizer.from_pretrained(checkpoint);
  const model = await AutoModelForSequenceClassification.from_pretrained(checkpoint, {
    num_labels: 2,
  });
  const texts = ["a young farmer", "an old nurse", "my sister", "a tired boat"];
  const rows = { ...tokenizer(texts), labels: [0, 1, 0, 1] };
  const args = new TrainingArguments("runs/first", {
    max_steps: 3,
    save_steps: 1,
    save_strategy: "steps",
    save_total_limit: 2,
    logging_strategy: "no",
  });
  const train_dataset = Dataset.from_dict(/** @type {any} */ (rows));
  await new Trainer(model, args, { train_dataset, processing_class: tokenizer }).train();
  model.eval(); // training has left dropout on
  await model.save_pretrained("runs/first");
  await tokenizer.save_pretrained("runs/first");
  const again = await AutoModelForSequenceClassification.from_pretrained("./runs/first");
  const its_tokenizer = await AutoTokenizer.from_pretrained("runs/first");
  const logits = [
    [model, tokenizer],
    [again, its_tokenizer],
  ].map(([one, its]) =>
    /** @type {any} */ (one)(
      /** @type {any} */ (its)("a young farmer", { return_tensors: "pt" }),
    ).logits.tolist(),
  );
  const failed = await save_folder("runs/first", async (sink) => {
    await sink.write("config.json", "{}");
    await sink.write("new.txt", "new");
    throw new Error("no more");
  }).catch((error) => error.message);
  const config = JSON.parse(await (await saved_file("runs/first", "config.json")).text());
  return {
    logits,
    checkpoints: (await saved_names("runs/first"))
      .filter((name) => /^checkpoint/.test(name))
      .sort(),
    files: (await (await open_source("runs/first/checkpoint-3")).list()).sort(),
    failed,
    has_new: (await saved_names("runs/first")).includes("new.txt"),
    num_labels: Object.keys(config.id2label ?? {}).length,
    bytes: (await saved_file("runs/first", "model.safetensors")).size,
  };
}
