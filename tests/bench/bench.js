// `npm run bench`: how near the core comes to what this machine can do. Builds the benchmark programs (WebAssembly, relaxed
// SIMD, threads), runs them in this Node.js, prints Markdown tables, and writes all figures to runs/bench.json.
//
//   npm run bench [-- --seconds 1 --steps 9]     seconds for each product, steps for each model
//
// Every share is a ratio to a loop of multiply-adds on registers only, measured in the same process in turns with the
// product or the step; figures are medians, with the quartiles behind them.
import { mkdir, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { buildPreset } from "../../tools/build.js";
import { jobs, root, run } from "../../tools/command.js";

const BUILD = "build/wasm/relaxed-threads";

/** hidden, layers, heads, intermediate, sequences, tokens a sequence */
const MODELS = {
  "bert-tiny 32×64": [128, 2, 2, 512, 32, 64],
  "MiniLM-L6 16×64": [384, 6, 12, 1536, 16, 64],
};

/** @typedef {Record<string, any>} Figure */

/**
 * @param {string} name
 * @param {(string | number)[]} args
 * @returns {Promise<Figure[]>} what the program measured
 */
async function measure(name, ...args) {
  const program = join(root, BUILD, "tests/bench", `${name}.js`);
  const { ok, output } = await run(process.execPath, [program, ...args.map(String)]);
  if (!ok) throw new Error(`${name} failed: ${output}`);
  return output
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

/** @param {string[]} head @param {(string | number)[][]} rows */
function print_table(head, rows) {
  const lines = [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`);
  console.log(`${lines.join("\n")}\n`);
}

/** @param {number} share */
const percent = (share) => `${(100 * share).toFixed(1)} %`;

/** @param {Figure} figure a share with its quartiles */
const shown = ({ share, share_spread: [low, high] }) =>
  `${percent(share)} (${percent(low)}–${percent(high)})`;

const FORMS = { nt: "Y = X·Wᵀ", nn: "dX = dY·W", tn: "dW += dYᵀ·X" };

/** @param {Figure[]} figures */
function print_products(figures) {
  const rows = figures.map((figure) => [
    FORMS[/** @type {keyof typeof FORMS} */ (figure.form)],
    `${figure.M} × ${figure.N} × ${figure.K}`,
    figure.gflops.toFixed(1),
    shown(figure),
  ]);
  print_table(["product, 1 thread", "M × N × K", "GFLOP/s", "share of peak"], rows);
}

/** @param {Figure[]} figures */
function print_steps(figures) {
  const rows = figures.map((figure) => [
    figure.name,
    figure.threads,
    `${(1000 * figure.seconds).toFixed(1)} ms`,
    (figure.flops / figure.seconds / 1e9).toFixed(1),
    shown(figure),
    `${(figure.peak_bytes / 2 ** 20).toFixed(0)} MB`,
  ]);
  const head = ["training step", "threads", "time", "GFLOP/s", "share of peak", "memory"];
  print_table(head, rows);
}

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "0.5" },
    steps: { type: "string", default: "9" },
  },
});
const thread_counts = jobs > 1 ? [1, 2] : [1];
await buildPreset("wasm-relaxed-threads", BUILD, ["benchmarks"]);
const host = { cpu: cpus()[0]?.model ?? "unknown", cores: jobs, node: process.version };
console.log(`${host.cpu}, ${host.cores} cores, Node.js ${host.node}, relaxed SIMD\n`);
const products = await measure("gemm_bench", 1, values.seconds);
print_products(products);
const steps = [];
for (const [name, sizes] of Object.entries(MODELS))
  for (const threads of thread_counts)
    steps.push(...(await measure("step_bench", name, ...sizes, threads, values.steps)));
print_steps(steps);
const pool = await measure("pool_bench", thread_counts.at(-1) ?? 1);
print_table(
  ["thread pool", "microseconds"],
  pool.map(({ name, microseconds }) => [name, microseconds.toFixed(2)]),
);
const kernels = await measure("kernel_bench", 1, 0.2);
print_table(
  ["the rest of a MiniLM step, 1 thread", "milliseconds a step"],
  kernels.map(({ name, milliseconds, calls }) => [name, (milliseconds * calls).toFixed(1)]),
);
await mkdir(join(root, "runs"), { recursive: true });
await writeFile(
  join(root, "runs/bench.json"),
  `${JSON.stringify({ host, products, steps, pool, kernels }, null, 1)}\n`,
);
