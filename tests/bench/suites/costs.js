// What else counts: the download, what memory a step takes beside its plan, what can be saved by training less or by
// computing activations twice, the thread pool's cost, and a step's time outside of the matrix products.
import { buildSizes, startUpLimit } from "../../../tools/sizes.js";
import { megabytes, percent, spread, time } from "../report/format.js";
import { missing_lines } from "../report/markdown.js";
import { attempt, ENCODERS, on_each_host, step_arguments } from "./suite.js";

/** @typedef {import("./suite.js").Bench} Bench */
/** @typedef {import("./suite.js").Figure} Figure */
/** @typedef {import("./suite.js").Section} Section */

const MINILM = ENCODERS[1];

/** Long sequences are what activation checkpointing is for. */
const LONG = { ...ENCODERS[2], B: 8, S: 512, name: "BERT-base 8×512" };

/** @type {Record<string, string>} */
const VARIANTS = {
  full: "all parameters",
  frozen: "embeddings and lower half of the layers frozen",
  lora: "LoRA, rank 8 on query and value",
  checkpointed: "all parameters, activation checkpointing",
};

/** @param {Bench} bench @returns {Promise<Figure[]>} */
async function measure_variants(bench) {
  const host = await bench.hosts.open("node");
  const threads = bench.threads.at(-1) ?? 1;
  const jobs = Object.keys(VARIANTS).map((variant) => ({ encoder: MINILM, variant, repeats: 7 }));
  if (!bench.quick) jobs.push({ encoder: LONG, variant: "checkpointed", repeats: 1 });
  /** @type {Figure[]} */
  const all = [];
  for (const { encoder, variant, repeats } of jobs) {
    bench.say(`costs: ${encoder.name}, ${VARIANTS[variant]}`);
    const args = step_arguments(encoder, threads, bench.quick ? 3 : repeats, variant);
    const figures = await host.run_program("relaxed-threads", "step_bench", args);
    all.push(...figures.map((figure) => ({ ...figure, kind: "variant" })));
  }
  return all;
}

/** @param {Bench} bench @returns {Promise<Figure[]>} */
async function measure_kernels(bench) {
  const host = await bench.hosts.open("node");
  bench.say("costs: kernels");
  return host.run_program("relaxed-threads", "kernel_bench", [1, bench.quick ? 0.1 : 0.3]);
}

/** @param {Bench} bench @returns {Promise<Figure[]>} */
export async function measure(bench) {
  const pool = await on_each_host(bench, async (host) => {
    bench.say(`costs: thread pool, ${host.label}`);
    return host.run_program("relaxed-threads", "pool_bench", [bench.threads.at(-1) ?? 1]);
  });
  return [
    ...buildSizes().map((size) => ({ kind: "size", ...size })),
    ...pool,
    ...(await attempt(() => measure_variants(bench))),
    ...(await attempt(() => measure_kernels(bench))),
  ];
}

/** @param {Figure[]} figures @returns {Section[]} */
export function sections(figures) {
  const of = (/** @type {string} */ kind) => figures.filter((figure) => figure.kind === kind);
  const kilobytes = (/** @type {number} */ bytes) => `${(bytes / 1000).toFixed(1)} KB`;
  const microseconds = (/** @type {number} */ value) => value.toFixed(2);
  return [
    {
      title: "What training less, or computing activations twice, saves",
      text: "Memory: the core's peak beside what the plan foretold.",
      head: ["encoder", "trained", "threads", "step", "memory", "above the plan"],
      rows: of("variant").map((one) => [
        ...[one.name, VARIANTS[one.variant], one.threads, spread(one, "seconds", time)],
        ...[megabytes(one.peak_bytes), percent(one.peak_bytes / one.plan_bytes - 1)],
      ]),
      readme: true,
    },
    {
      title: "Download, gzipped",
      text: `The core's WebAssembly and the glue that loads it; at most ${kilobytes(startUpLimit)} a build.`,
      head: ["build", "WebAssembly", "glue", "sum"],
      rows: of("size").map(({ build, wasm, glue, total }) => [
        ...[build, kilobytes(wasm), kilobytes(glue), kilobytes(total)],
      ]),
      readme: true,
    },
    {
      title: "Thread pool, microseconds",
      text: missing_lines(figures),
      head: ["", "threads", "host", "time"],
      rows: of("pool").map((one) => [
        ...[one.name, one.threads, one.host, spread(one, "microseconds", microseconds)],
      ]),
      readme: true,
    },
    {
      title: "The rest of a MiniLM step on one thread",
      text: "Everything that is no matrix product.",
      head: ["kernel", "milliseconds a step"],
      rows: of("kernel").map(({ name, milliseconds, calls }) => [
        ...[name, (milliseconds * calls).toFixed(1)],
      ]),
    },
  ];
}
