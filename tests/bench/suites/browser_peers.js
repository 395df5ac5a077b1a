// What else a page could take, in the same Chromium, in turns: TensorFlow.js's step as one would first write it, tuned by
// hand, and rewritten on its heap, and the matrix products of TensorFlow.js (XNNPACK) and jax-js.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { root, run } from "../../../tools/command.js";
import { Missing } from "../../browser/host.js";
import { spread, time, times } from "../report/format.js";
import { missing_lines } from "../report/markdown.js";
import { summary } from "../report/statistics.js";
import { attempt, ENCODERS, step_arguments, threads_text } from "./suite.js";
import { step_seconds, take_turns } from "./turns.js";

/** @typedef {import("./suite.js").Bench} Bench */
/** @typedef {import("./suite.js").Figure} Figure */
/** @typedef {import("./suite.js").Section} Section */
/** @typedef {import("../hosts/programs.js").BenchHost & {run_worker: {}}} Browser */

const FOLDER = "tests/bench/peers";
const TENSORFLOW = `${FOLDER}/tensorflow/worker.js`;
const JAX = `${FOLDER}/jax/worker.js`;

/** How often, and how many steps a turn: a plain step of MiniLM takes half a minute. */
const STEP_RUNS = [
  { encoder: ENCODERS[0], what: "tuned", turns: 5, steps: 7 },
  { encoder: ENCODERS[0], what: "rewritten", turns: 5, steps: 7 },
  { encoder: ENCODERS[0], what: "plain", turns: 3, steps: 3 },
  { encoder: ENCODERS[1], what: "tuned", turns: 3, steps: 3 },
  { encoder: ENCODERS[1], what: "rewritten", turns: 3, steps: 3 },
  { encoder: ENCODERS[1], what: "plain", turns: 1, steps: 3 },
];

/** What each step is, for the table. @type {Record<string, string>} */
const KINDS = {
  plain: "plain: as one would first write it",
  tuned: "tuned: by hand, public operations",
  rewritten: "rewritten: tuned, and JavaScript on its heap",
};

/** M, N, K of Y = X·Wᵀ: MiniLM's widest, for sixteen and for eight sequences. */
const SHAPES = [
  [1024, 1536, 384],
  [512, 1536, 384],
];
const PRODUCT_TURNS = 3;

/** Installs the peers' packages, once. @param {(text: string) => void} say */
async function install(say) {
  if (existsSync(join(root, FOLDER, "node_modules/@tensorflow"))) return;
  say("setting up TensorFlow.js and jax-js (first time)");
  const { ok, output } = await run("npm", ["ci", "--prefix", join(root, FOLDER)]);
  if (!ok) {
    const reason = output.trim().split("\n").at(-1);
    throw new Missing(`TensorFlow.js and jax-js, which could not be installed (${reason})`);
  }
}

/**
 * @param {Bench} bench
 * @param {Browser} browser
 * @returns {Promise<Figure[]>}
 */
async function measure_steps({ say, threads: counts, quick }, browser) {
  const threads = counts.at(-1) ?? 1;
  /** @type {Figure[]} */
  const all = [];
  for (const { encoder, what, turns, steps } of quick ? STEP_RUNS.slice(0, -1) : STEP_RUNS) {
    say(`beside TensorFlow.js, ${what}: ${encoder.name}`);
    const ours = step_seconds(browser, step_arguments(encoder, threads, steps));
    const job = { what, encoder, threads, steps };
    const theirs = async () => (await browser.run_worker(TENSORFLOW, job))[0].seconds;
    const figure = await take_turns(quick ? 1 : turns, ours, theirs);
    all.push({ kind: "browser step", name: encoder.name, what, threads, ...figure });
  }
  return all;
}

/**
 * @param {Bench} bench
 * @param {Browser} browser
 * @returns {Promise<Figure[]>}
 */
async function measure_products({ say, threads: counts, quick }, browser) {
  /** @type {Figure[]} */
  const all = [];
  for (const threads of counts) {
    const ours = (/** @type {string} */ build) => async () => {
      const args = [threads, 0.5, ...SHAPES.flatMap((shape) => ["nt", ...shape])];
      return browser.run_program(build, "gemm_bench", args);
    };
    const job = { what: "products", shapes: SHAPES, threads, steps: 31 };
    /** @type {Record<string, () => Promise<Figure[]>>} */
    const engines = {
      "Tunelab, plain SIMD": ours("simd-threads"),
      "TensorFlow.js (XNNPACK), plain SIMD": () => browser.run_worker(TENSORFLOW, job),
      "Tunelab, relaxed SIMD": ours("relaxed-threads"),
      "jax-js, relaxed SIMD": () => browser.run_worker(JAX, job),
    };
    /** @type {Figure[]} */
    const measured = [];
    for (let turn = 0; turn < (quick ? 1 : PRODUCT_TURNS); turn++)
      for (const [engine, work] of Object.entries(engines)) {
        say(`products beside the peers', ${threads_text(threads)}: ${engine}`);
        measured.push(...(await work()).map((figure) => ({ engine, ...figure })));
      }
    for (const engine of Object.keys(engines))
      for (const [M] of SHAPES) {
        const own = measured.filter((figure) => figure.engine === engine && figure.M === M);
        const { median, spread: quartiles } = summary(own.map(({ gflops }) => gflops));
        const figure = { gflops: median, gflops_spread: quartiles };
        all.push({ kind: "browser product", engine, M, threads, ...figure });
      }
  }
  return all;
}

/** @param {Bench} bench @returns {Promise<Figure[]>} */
export function measure(bench) {
  return attempt(async () => {
    const browser = await bench.hosts.open("chromium");
    await install(bench.say);
    const worker_host = /** @type {Browser} */ (browser);
    const [check] = await worker_host.run_worker(TENSORFLOW, { what: "check" });
    return [
      check,
      ...(await measure_steps(bench, worker_host)),
      ...(await measure_products(bench, worker_host)),
    ].map((figure) => ({ host: browser.label, ...figure }));
  });
}

/** @param {Figure[]} figures @returns {Section[]} */
export function sections(figures) {
  const steps = figures.filter(({ kind }) => kind === "browser step");
  const products = figures.filter(({ kind }) => kind === "browser product");
  const checks = figures.flatMap(({ kind, gradient }) =>
    kind === "check"
      ? [`On a small model their gradients differ by ${gradient.toExponential(0)} of their norm.`]
      : [],
  );
  const host = figures.find((figure) => figure.host)?.host ?? "Chromium";
  const threads = [...new Set(products.map((figure) => figure.threads))];
  const gflops = (/** @type {number} */ value) => value.toFixed(1);
  const rows = [...new Set(products.map(({ engine, M }) => `${engine}|${M}`))].map((row) => {
    const [engine, M] = row.split("|");
    const cells = threads.map((count) => {
      const one = products.find(
        (figure) => figure.engine === engine && `${figure.M}` === M && figure.threads === count,
      );
      return one ? spread(one, "gflops", gflops) : "–";
    });
    return [engine, `${M} × 1536 × 384`, ...cells];
  });
  return [
    {
      title: `Training step beside TensorFlow.js's WASM backend, in ${host}`,
      text: [
        "Tuned: gradients by hand, products by XNNPACK, and all else that we found (tests/bench/peers tells) by TensorFlow.js's",
        "public operations; rewritten: the same, where it helps with loops of JavaScript on the backend's WASM heap, an internal.",
        "TensorFlow.js runs without dropout, in its favour.",
        ...checks,
        missing_lines(figures),
      ].join(" "),
      head: ["encoder", "threads", "Tunelab", "TensorFlow.js", "", "TensorFlow.js ÷ Tunelab"],
      rows: steps.map((one) => [
        ...[one.name, one.threads, time(one.ours), time(one.theirs), KINDS[one.what]],
        spread(one, "ratio", times),
      ]),
      readme: true,
    },
    {
      title: `Matrix product beside TensorFlow.js and jax-js, in ${host}, GFLOP/s`,
      text: "XNNPACK finds the right side packed already; ours packs it each time.",
      head: ["engine", "M × N × K", ...threads.map((count) => `threads: ${count}`)],
      rows,
      readme: true,
    },
  ];
}
