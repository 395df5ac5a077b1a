// The rows suite's work in a process of its own: `node rows_program.js MODEL PROCESSES FILE…`, with HF_DATASETS_CACHE an
// empty folder. Prints seconds, and the bytes held at most while loading and mapping beyond what the process held with
// the core and the tokenizer loaded.
import { load_dataset } from "../../../web/lib/index.js";
import { work_on_rows } from "./rows_work.js";

const [model, processes, ...files] = process.argv.slice(2);
let idle = 0;
let memory = 0;
const figure = await work_on_rows({
  model,
  load_rows: () => load_dataset("parquet", { data_files: { train: files }, split: "train" }),
  processes: Number(processes),
  on_idle: async () => void (idle = process.memoryUsage.rss()),
  on_mapped: () => void (memory = 1024 * process.resourceUsage().maxRSS - idle),
});
console.log(JSON.stringify({ ...figure, memory }));
