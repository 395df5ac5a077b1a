// Whole training steps (forward, backward, clipping, AdamW; dropout on) beside the register-only peak, in every host.
import { megabytes, percent, spread, time, times } from "../report/format.js";
import { missing_lines } from "../report/markdown.js";
import { distinct, encoders, on_each_host, step_arguments, threads_text } from "./suite.js";

/** @typedef {import("./suite.js").Bench} Bench */
/** @typedef {import("./suite.js").Figure} Figure */
/** @typedef {import("./suite.js").Section} Section */

/** @param {number} value */
const gflops = (value) => value.toFixed(1);

/** Steps to take the median of: fewer of the longer ones. */
const REPEATS = [15, 9, 3];

/** @param {Bench} bench @returns {Promise<Figure[]>} */
export function measure(bench) {
  return on_each_host(bench, async (host) => {
    /** @type {Figure[]} */
    const all = [];
    for (const [i, encoder] of encoders(bench).entries())
      for (const threads of bench.threads) {
        bench.say(`step: ${encoder.name}, ${threads_text(threads)}, ${host.label}`);
        const args = step_arguments(encoder, threads, bench.quick ? 3 : REPEATS[i]);
        all.push(...(await host.run_program("relaxed-threads", "step_bench", args)));
      }
    return all;
  });
}

/** @param {Figure[]} figures @returns {Section[]} */
export function sections(figures) {
  const measured = figures.filter(({ kind }) => kind === "step");
  const find = (
    /** @type {string} */ host,
    /** @type {string} */ name,
    /** @type {number} */ threads,
  ) => measured.find((one) => one.host === host && one.name === name && one.threads === threads);
  const hosts = distinct(measured, "host");
  const rows = distinct(measured, "name").flatMap((name) =>
    distinct(measured, "threads").map((threads) => [
      name,
      threads,
      ...hosts.map((host) => {
        const one = find(host, name, threads);
        if (!one) return "–";
        const alone = find(host, name, 1);
        const gain =
          threads > 1 && alone ? `; ${times(alone.seconds / one.seconds)} one thread` : "";
        return `${time(one.seconds)}, ${spread(one, "share", percent)}${gain}`;
      }),
    ]),
  );
  const details = measured.map((one) => [
    ...[one.host, one.name, one.threads, spread(one, "seconds", time)],
    ...[(one.flops / one.seconds / 1e9).toFixed(1), spread(one, "peak_gflops", gflops)],
    `${megabytes(one.peak_bytes)} of ${megabytes(one.plan_bytes)} planned`,
  ]);
  return [
    {
      title: "Training step: time, and share of the register-only peak",
      text: [
        "Forward, backward, clipping and AdamW with dropout on. The share counts the matrix products that the batch's",
        "real tokens need and nothing else: padding, elementwise work and the optimizer are time without FLOPs.",
        missing_lines(figures),
      ].join(" "),
      head: ["encoder, sequences × tokens", "threads", ...hosts],
      rows,
      readme: true,
    },
    {
      title: "Training step: details",
      head: ["host", "encoder", "threads", "time", "GFLOP/s", "peak GFLOP/s", "memory"],
      rows: details,
    },
  ];
}
