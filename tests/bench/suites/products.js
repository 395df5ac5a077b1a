// The matrix products beside the register-only peak: every dense layer of the three encoders, in the three forms, and
// products with few rows or with a number of rows that no tile divides.
import { percent, spread } from "../report/format.js";
import { missing_lines } from "../report/markdown.js";
import { summary } from "../report/statistics.js";
import { distinct, encoders, on_each_host, threads_text } from "./suite.js";

/** @typedef {import("./suite.js").Bench} Bench */
/** @typedef {import("./suite.js").Figure} Figure */
/** @typedef {import("./suite.js").Section} Section */

/** @typedef {[form: "nt" | "nn" | "tn", M: number, N: number, K: number]} Shape */

/**
 * A dense layer's three products: Y = X·Wᵀ, dX = dY·W, dW = dYᵀ·X.
 * @param {number} rows @param {number} inputs @param {number} outputs
 * @returns {Shape[]}
 */
const dense = (rows, inputs, outputs) => [
  ["nt", rows, outputs, inputs],
  ["nn", rows, inputs, outputs],
  ["tn", outputs, inputs, rows],
];

/** @param {import("./suite.js").Encoder} encoder @returns {Shape[]} */
const layer = ({ C, F, B, S }) =>
  [
    [C, C],
    [C, 3 * C],
    [C, F],
    [F, C],
  ].flatMap(([inputs, outputs]) => dense(B * S, inputs, outputs));

/** MiniLM's products with awkward numbers of rows. */
const ragged = [1021, 333, 77].flatMap((rows) => dense(rows, 384, 1536));
const skinny = [32, 16, 8].flatMap((rows) => dense(rows, 384, 1536));

/** @param {Bench} bench @returns {[string, Shape[]][]} */
const groups = (bench) => [
  ...encoders(bench).map(
    (encoder) => /** @type {[string, Shape[]]} */ ([encoder.name, layer(encoder)]),
  ),
  ["MiniLM, 1021, 333, 77 rows", ragged],
  ["MiniLM, 32, 16, 8 rows", skinny],
];

/** @param {Bench} bench @returns {Promise<Figure[]>} */
export function measure(bench) {
  return on_each_host(bench, async (host) => {
    /** @type {Figure[]} */
    const all = [];
    for (const threads of bench.threads)
      for (const [group, shapes] of groups(bench)) {
        bench.say(`products: ${group}, ${threads_text(threads)}, ${host.label}`);
        const args = [threads, bench.quick ? 0.1 : 0.25, ...shapes.flat()];
        const figures = await host.run_program("relaxed-threads", "gemm_bench", args);
        all.push(...figures.map((figure) => ({ group, ...figure })));
      }
    return all;
  });
}

const FORMS = /** @type {Record<string, string>} */ ({
  nt: "Y = X·Wᵀ",
  nn: "dX = dY·W",
  tn: "dW += dYᵀ·X",
});

/** @param {Figure[]} figures of one group, host and number of threads */
function share_range(figures) {
  if (figures.length === 0) return "–";
  const shares = figures.map(({ share }) => share);
  return `${percent(summary(shares).median)} (${percent(Math.min(...shares))}–${percent(Math.max(...shares))})`;
}

/** @param {Figure[]} figures @returns {Section[]} */
export function sections(figures) {
  const measured = figures.filter(({ kind }) => kind === "gemm");
  const columns = distinct(measured, "host").flatMap((host) =>
    distinct(measured, "threads").map((threads) => ({
      title: `${host}, ${threads_text(threads)}`,
      own: measured.filter((figure) => figure.host === host && figure.threads === threads),
    })),
  );
  const peak_row = columns.map(({ own }) =>
    own.length
      ? `${summary(own.map((figure) => figure.peak_gflops)).median.toFixed(0)} GFLOP/s`
      : "–",
  );
  const group_rows = distinct(measured, "group").map((group) => [
    group,
    ...columns.map(({ own }) => share_range(own.filter((figure) => figure.group === group))),
  ]);
  const shapes = [...new Set(measured.map(({ form, M, N, K }) => `${form} ${M} ${N} ${K}`))];
  const shape_rows = shapes.map((shape) => {
    const [form, ...sizes] = shape.split(" ");
    const cells = columns.map(({ own }) => {
      const one = own.find(({ form: f, M, N, K }) => `${f} ${M} ${N} ${K}` === shape);
      return one ? `${one.gflops.toFixed(1)}, ${spread(one, "share", percent)}` : "–";
    });
    return [FORMS[form], sizes.join(" × "), ...cells];
  });
  const titles = columns.map(({ title }) => title);
  return [
    {
      title: "Matrix products: share of the register-only peak",
      text: [
        "The median over a layer's products in all three forms, lowest and highest in brackets; relaxed SIMD.",
        missing_lines(figures),
      ].join(" "),
      head: ["", ...titles],
      rows: [["register-only peak", ...peak_row], ...group_rows],
      readme: true,
    },
    {
      title: "Each matrix product",
      text: "GFLOP/s, and the share of peak with its quartiles.",
      head: ["product", "M × N × K", ...titles],
      rows: shape_rows,
    },
  ];
}
