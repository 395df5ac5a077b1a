// How a training step grows: with the batch, with the sequences' length at the same number of tokens, and with the width.
import { percent, time } from "../report/format.js";
import { missing_lines } from "../report/markdown.js";
import { fit_line } from "../report/statistics.js";
import { attempt, ENCODERS, step_arguments } from "./suite.js";

/** @typedef {import("./suite.js").Bench} Bench */
/** @typedef {import("./suite.js").Encoder} Encoder */
/** @typedef {import("./suite.js").Figure} Figure */
/** @typedef {import("./suite.js").Section} Section */

const MINILM = ENCODERS[1];
const TOKENS = MINILM.B * MINILM.S;

/** @type {Record<string, Encoder[]>} */
const SERIES = {
  batch: [1, 2, 4, 8, 16, 32].map((B) => ({ ...MINILM, B, name: `${B} × ${MINILM.S}` })),
  length: [32, 64, 128, 256, 384, 512].map((S) => {
    const B = Math.round(TOKENS / S);
    return { ...MINILM, B, S, name: `${B} × ${S}` };
  }),
  width: [128, 256, 384, 512, 768].map((C) => ({
    ...{ ...MINILM, C, F: 4 * C, H: C / 32 },
    name: `C = ${C}, F = ${4 * C}`,
  })),
};

/** @param {Bench} bench @returns {Promise<Figure[]>} */
export function measure(bench) {
  return attempt(async () => {
    const host = await bench.hosts.open("node");
    const threads = bench.threads.at(-1) ?? 1;
    /** @type {Figure[]} */
    const all = [];
    for (const [series, encoders] of Object.entries(SERIES))
      for (const encoder of bench.quick ? encoders.slice(0, 3) : encoders) {
        bench.say(`growth with ${series}: ${encoder.name}`);
        const args = step_arguments(encoder, threads, bench.quick ? 3 : 5);
        const [figure] = await host.run_program("relaxed-threads", "step_bench", args);
        all.push({ ...figure, series, C: encoder.C, tokens: encoder.B * encoder.S });
      }
    return all;
  });
}

/** @param {Figure} figure */
const per_token = ({ seconds, tokens }) => (1e6 * seconds) / tokens;

/** @param {number} value @param {number} most */
const bar = (value, most) => "█".repeat(Math.max(1, Math.round((20 * value) / most)));

/** @param {Figure[]} figures @returns {Section} */
function batch_section(figures) {
  const { a, b, r2 } = fit_line(figures.map(({ tokens, seconds }) => [tokens, seconds]));
  const most = Math.max(...figures.map(({ seconds }) => seconds));
  return {
    title: "Growth with the batch (MiniLM)",
    text:
      `A line through these times is ${time(Math.max(a, 0))} + ${(1e6 * b).toFixed(0)} µs a token ` +
      `(R² = ${r2.toFixed(4)}; 1: all points lie on it).`,
    head: ["sequences × tokens", "step", "µs a token", "share of peak", ""],
    rows: figures.map((figure) => [
      ...[figure.name, time(figure.seconds), per_token(figure).toFixed(0), percent(figure.share)],
      bar(figure.seconds, most),
    ]),
  };
}

/**
 * A token's time is a + b·S: the dense layers' part is the same at any length, attention's grows with it.
 * @param {Figure[]} figures
 * @returns {Section}
 */
function length_section(figures) {
  const { a, b, r2 } = fit_line(figures.map((figure) => [figure.S, per_token(figure)]));
  const most = Math.max(...figures.map(per_token));
  // The length at which attention has a share of the time.
  const length_at = (/** @type {number} */ share) => ((share / (1 - share)) * a) / b;
  return {
    title: "Growth with the length (MiniLM, about 1024 tokens in all)",
    text:
      b > 0
        ? `A token takes ${a.toFixed(0)} µs + ${b.toFixed(2)} µs for each token of its sequence (least squares, ` +
          `R² = ${r2.toFixed(3)}). The second, attention's quadratic part, takes a tenth of the step from ` +
          `${length_at(0.1).toFixed(0)} tokens a sequence on, and half of it at ${length_at(0.5).toFixed(0)}.`
        : "The times of this run do not grow with the length; was the machine busy?",
    head: ["sequences × tokens", "step", "µs a token", "attention's part by the fit", ""],
    rows: figures.map((figure) => [
      ...[figure.name, time(figure.seconds), per_token(figure).toFixed(0)],
      ...[percent((b * figure.S) / (a + b * figure.S)), bar(per_token(figure), most)],
    ]),
    readme: true,
  };
}

/** @param {Figure[]} figures @returns {Section} */
function width_section(figures) {
  const most = Math.max(...figures.map(({ seconds }) => seconds));
  return {
    title: "Growth with the width (6 layers, 16 × 64 tokens)",
    text: "A dense layer's products grow with the width's square; GFLOP/s that stay level show that the time does no more.",
    head: ["width", "step", "GFLOP a step", "GFLOP/s", ""],
    rows: figures.map(({ name, seconds, flops }) => [
      ...[name, time(seconds), (flops / 1e9).toFixed(1), (flops / seconds / 1e9).toFixed(1)],
      bar(seconds, most),
    ]),
  };
}

/** @param {Figure[]} figures @returns {Section[]} */
export function sections(figures) {
  const of = (/** @type {string} */ series) => figures.filter((figure) => figure.series === series);
  if (of("batch").length === 0)
    return [{ title: "Growth of a step", text: missing_lines(figures), head: [], rows: [] }];
  return [batch_section(of("batch")), length_section(of("length")), width_section(of("width"))];
}
