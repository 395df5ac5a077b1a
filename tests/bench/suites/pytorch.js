// The training step beside native PyTorch and transformers on as many threads, in turns.
import { PythonProgram } from "../peers/python/python_program.js";
import { spread, time, times } from "../report/format.js";
import { missing_lines } from "../report/markdown.js";
import { summary } from "../report/statistics.js";
import { attempt, encoders, step_arguments, threads_text } from "./suite.js";
import { step_seconds, take_turns } from "./turns.js";

/** @typedef {import("./suite.js").Bench} Bench */
/** @typedef {import("./suite.js").Figure} Figure */
/** @typedef {import("./suite.js").Section} Section */

const TURNS = 3;

/** Steps in a turn: fewer of the longer ones. */
const STEPS = [15, 3, 1];

/** @param {Bench} bench @returns {Promise<Figure[]>} */
export function measure(bench) {
  return attempt(async () => {
    const host = await bench.hosts.open("node");
    const peer = new PythonProgram(await bench.python(), "step_peer.py");
    /** @type {Figure[]} */
    const all = [];
    try {
      const about = await peer.ask({ about: true });
      for (const [i, encoder] of encoders(bench).entries())
        for (const threads of bench.threads) {
          bench.say(`beside PyTorch: ${encoder.name}, ${threads_text(threads)}`);
          const steps = STEPS[i];
          const ours = step_seconds(host, step_arguments(encoder, threads, steps));
          const theirs = async () => summary(await peer.ask({ ...encoder, threads, steps })).median;
          const figure = await take_turns(TURNS, ours, theirs);
          all.push({
            kind: "pytorch",
            about,
            host: host.label,
            name: encoder.name,
            threads,
            ...figure,
          });
        }
    } finally {
      await peer.close();
    }
    return all;
  });
}

/** @param {Figure[]} figures @returns {Section[]} */
export function sections(figures) {
  const measured = figures.filter(({ kind }) => kind === "pytorch");
  return [
    {
      title: "Training step beside native PyTorch",
      text: [
        `The same step by ${measured[0]?.about ?? "PyTorch and transformers"}, as pip installs them, beside Tunelab in`,
        `${measured[0]?.host ?? "Node.js"}. A ratio above 1 means that Tunelab is faster.`,
        missing_lines(figures),
      ].join(" "),
      head: ["encoder", "threads", "Tunelab", "PyTorch", "PyTorch ÷ Tunelab"],
      rows: measured.map((one) => [
        ...[one.name, one.threads, time(one.ours), time(one.theirs)],
        spread(one, "ratio", times),
      ]),
      readme: true,
    },
  ];
}
