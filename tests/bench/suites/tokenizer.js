// The tokenizer in MB/s beside Hugging Face's tokenizers on one thread, in turns: same texts, same vocabulary, same ids.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { root, run } from "../../../tools/command.js";
import { load_dataset } from "../../../web/lib/index.js";
import { Missing } from "../../browser/host.js";
import { PythonProgram } from "../peers/python/python_program.js";
import { spread, times } from "../report/format.js";
import { missing_lines } from "../report/markdown.js";
import { summary } from "../report/statistics.js";
import { attempt } from "./suite.js";

/** @typedef {import("./suite.js").Bench} Bench */
/** @typedef {import("./suite.js").Figure} Figure */
/** @typedef {import("./suite.js").Section} Section */

const PROGRAM = join(root, "tests/bench/suites/tokenizer_program.js");
const STAND_IN = join(root, "assets/hub/tunelab/bert-tiny-random");
const EMOTION = join(root, "assets/hub/datasets/tunelab/emotion");
const TURNS = 5;

/** @param {string | undefined} mrpc @returns {Promise<{source: string, texts: string[]}>} */
async function load_texts(mrpc) {
  if (mrpc) {
    const lines = (await readFile(join(mrpc, "train.tsv"), "utf8")).trimEnd().split("\n").slice(1);
    const texts = lines.flatMap((line) => line.split("\t").slice(3));
    return { source: "MRPC's training sentences", texts };
  }
  const dataset = await load_dataset(EMOTION, { split: "train" });
  const texts = /** @type {string[]} */ (dataset.column("text"));
  return { source: "the emotion dataset's sentences", texts };
}

/** @param {string[]} args @returns {Promise<Figure>} */
async function measure_ours(args) {
  const { ok, output } = await run(process.execPath, [PROGRAM, ...args]);
  if (!ok) throw new Error(`the tokenizer's program failed: ${output.trim().slice(0, 500)}`);
  return JSON.parse(output);
}

/** @param {Bench} bench @returns {Promise<Figure[]>} */
export function measure(bench) {
  return attempt(async () => {
    const { source, texts } = await load_texts(bench.mrpc);
    const folder = await bench.model().catch((error) => {
      if (error instanceof Missing) return STAND_IN;
      throw error;
    });
    const file = join(root, "runs/tokenizer_texts.json");
    await mkdir(join(root, "runs"), { recursive: true });
    await writeFile(file, JSON.stringify(texts));
    const megabytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / 1e6;
    const peer = new PythonProgram(await bench.python(), "tokenizer_peer.py");
    /** @type {Record<string, number[]>} megabytes a second */
    const speeds = { core: [], ids: [], peer_batch: [], peer_fast: [], peer_ids: [] };
    try {
      for (let turn = 0; turn < (bench.quick ? 1 : TURNS); turn++) {
        bench.say(`tokenizer: turn ${turn + 1}`);
        const ours = await measure_ours([folder, file, "1"]);
        const request = { tokenizer: join(folder, "tokenizer.json"), texts: file, seconds: 0.5 };
        const theirs = await peer.ask(request);
        if (ours.sha256 !== theirs.sha256)
          throw new Error(`tokenizers gives other ids than Tunelab for ${source}`);
        for (const name of ["core", "ids"]) speeds[name].push(megabytes / ours[name]);
        for (const name of ["batch", "fast", "ids"])
          speeds[`peer_${name}`].push(megabytes / theirs[name]);
      }
    } finally {
      await peer.close();
    }
    const ratio = (/** @type {string} */ name, /** @type {string} */ other) =>
      speeds[name].map((speed, turn) => speed / speeds[other][turn]);
    const all = {
      ...speeds,
      ratio_core: ratio("core", "peer_fast"),
      ratio_ids: ratio("ids", "peer_ids"),
    };
    /** @type {Figure} */
    const figure = { kind: "tokenizer", source, megabytes };
    for (const [name, values] of Object.entries(all)) {
      const { median, spread: quartiles } = summary(values);
      Object.assign(figure, { [name]: median, [`${name}_spread`]: quartiles });
    }
    return [figure];
  });
}

/** @param {Figure[]} figures @returns {Section[]} */
export function sections(figures) {
  const speed = (/** @type {number} */ value) => value.toFixed(1);
  const rows = figures
    .filter(({ kind }) => kind === "tokenizer")
    .flatMap((one) =>
      [
        ["encoding alone", "core", "peer_fast", "ratio_core"],
        ["from strings to lists of ids", "ids", "peer_ids", "ratio_ids"],
      ].map(([what, ours, theirs, ratio]) => [
        what,
        spread(one, ours, speed),
        spread(one, theirs, speed),
        spread(one, ratio, times),
      ]),
    );
  const [one] = figures;
  const given = one?.kind
    ? `${one.source} (${one.megabytes.toFixed(1)} MB); the ids are the same.`
    : "";
  return [
    {
      title: "Tokenizer on one thread, MB/s",
      text: [given, "tokenizers runs its fastest call (encode_batch_fast).", missing_lines(figures)]
        .filter(Boolean)
        .join(" "),
      head: ["", "Tunelab", "tokenizers", "ratio"],
      rows,
      readme: true,
    },
  ];
}
