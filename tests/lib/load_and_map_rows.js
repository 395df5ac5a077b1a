// Loads Parquet files, tokenizes their rows, and prints the memory that took beyond what the process held before: run
// by rows_memory.test.js, a process for each, because a process's peak never falls.
import { AutoTokenizer, init, load_dataset } from "../../web/lib/index.js";

const [model, ...files] = process.argv.slice(2);
await init({ threads: 1 });
const tokenizer = await AutoTokenizer.from_pretrained(model);
const before = process.memoryUsage.rss();
const dataset = await load_dataset("parquet", { data_files: { train: files }, split: "train" });
const tokenized = await dataset.map(
  (batch, given) => given.tokenizer(batch.text, { truncation: true }),
  { batched: true, fn_kwargs: { tokenizer } },
);
const bytes = 1024 * process.resourceUsage().maxRSS - before;
console.log(JSON.stringify({ rows: tokenized.num_rows, bytes }));
