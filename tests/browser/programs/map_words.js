// Maps and filters a dataset, alone and in workers, and tells what came out.
import { AutoTokenizer, Dataset, init } from "../../../web/lib/index.js";

/** @param {{model: string}} given a tokenizer's folder or address */
export async function run({ model }) {
  await init({ threads: 1 });
  const tokenizer = await AutoTokenizer.from_pretrained(model);
  const text = Array.from({ length: 50 }, (_, row) => `Sentence number ${row} is about nothing.`);
  const dataset = Dataset.from_dict({ text });
  const alone = await dataset.map((batch) => tokenizer(batch.text), { batched: true });
  const options = {
    batched: true,
    batch_size: 20,
    num_proc: 2,
    with_rank: true,
    fn_kwargs: { tokenizer },
  };
  const together = await dataset.map(
    (batch, rank, given) => ({
      ...given.tokenizer(batch.text),
      rank: batch.text.map(() => rank),
    }),
    options,
  );
  const even = await dataset.filter((row) => Number(row.text.split(" ")[2]) % 2 === 0, {
    num_proc: 2,
  });
  const refused = await dataset
    .map((batch) => tokenizer(batch.text), { batched: true, num_proc: 2 })
    .then(String, (error) => error.message);
  return {
    alone: alone.column("input_ids").tolist(),
    together: together.column("input_ids").tolist(),
    ranks: [...new Set(together.column("rank"))],
    features: String(together.features),
    even: even.column("text").tolist(),
    refused,
  };
}
