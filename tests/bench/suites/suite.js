// What the suites share: the encoders that are measured, and going through the hosts.
import { Missing } from "../../browser/host.js";

/** @typedef {import("../../browser/host.js").Figure} Figure */
/** @typedef {import("../hosts/programs.js").BenchHost} Host */
/** @typedef {import("../hosts/hosts.js").Hosts} Hosts */
/** @typedef {import("../report/markdown.js").Section} Section */

/**
 * @typedef {object} Bench what a suite works with
 * @property {Hosts} hosts
 * @property {number[]} threads the thread counts to measure: 1, and 2 where there are two processors
 * @property {boolean} quick fewer repetitions, small models
 * @property {(text: string) => void} say progress, for people
 * @property {() => Promise<string>} python the interpreter with PyTorch; rejected with Missing
 * @property {() => Promise<string>} model the MiniLM folder; rejected with Missing
 * @property {string | undefined} mrpc the folder with train.tsv and validation.tsv
 * @property {number} job_runs how often the whole job is run
 */

/**
 * @typedef {object} Suite
 * @property {string} name for --only
 * @property {(bench: Bench) => Promise<Figure[]>} measure what is not on this machine is a figure {missing: why}
 * @property {(figures: Figure[]) => Section[]} sections
 */

/**
 * @typedef {object} Encoder
 * @property {string} name
 * @property {number} C hidden
 * @property {number} L layers
 * @property {number} H heads
 * @property {number} F intermediate
 * @property {number} B sequences
 * @property {number} S tokens a sequence
 */

/** @type {Encoder[]} */
export const ENCODERS = [
  { name: "bert-tiny 32×64", C: 128, L: 2, H: 2, F: 512, B: 32, S: 64 },
  { name: "MiniLM-L6 16×64", C: 384, L: 6, H: 12, F: 1536, B: 16, S: 64 },
  { name: "BERT-base 8×128", C: 768, L: 12, H: 12, F: 3072, B: 8, S: 128 },
];

/** --quick leaves BERT-base out. @param {Bench} bench */
export const encoders = ({ quick }) => (quick ? ENCODERS.slice(0, 2) : ENCODERS);

/**
 * What step_bench takes.
 * @param {Encoder} encoder
 * @param {number} threads
 * @param {number} repeats
 * @param {string} [variant]
 */
export const step_arguments = ({ name, C, L, H, F, B, S }, threads, repeats, variant = "full") => [
  name,
  ...[C, L, H, F, B, S, threads, repeats],
  variant,
];

/**
 * Measures something that may not be possible here.
 * @param {() => Promise<Figure[]>} work
 * @returns {Promise<Figure[]>} its figures, or one that tells what is missing
 */
export async function attempt(work) {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Missing) return [{ missing: error.message }];
    throw error;
  }
}

/**
 * Measures on each host; the figures bear the host's label.
 * @param {Bench} bench
 * @param {(host: Host) => Promise<Figure[]>} work
 * @returns {Promise<Figure[]>}
 */
export async function on_each_host({ hosts }, work) {
  /** @type {Figure[]} */
  const all = [];
  for (const name of hosts.names)
    all.push(
      ...(await attempt(async () => {
        const host = await hosts.open(name);
        return (await work(host)).map((figure) => ({ host: host.label, ...figure }));
      })),
    );
  return all;
}

/**
 * The different values of a field, in the order they came.
 * @param {Figure[]} figures
 * @param {string} field
 * @returns {any[]}
 */
export const distinct = (figures, field) => [
  ...new Set(figures.filter((figure) => field in figure).map((figure) => figure[field])),
];

/** @param {number} count */
export const threads_text = (count) => (count === 1 ? "1 thread" : `${count} threads`);
