// WordPiece and BPE in MB/s beside Hugging Face's tokenizers on one thread, in turns: same texts, same
// vocabulary, same ids.
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

/**
 * The folders of the model's own tokenizer and of a BPE that the peer trains of the texts.
 * @param {Bench} bench
 * @param {PythonProgram} peer
 * @param {string} texts a file
 * @returns {Promise<[string, string][]>} what each is, and its folder
 */
async function tokenizer_folders(bench, peer, texts) {
  const given = await bench.model().catch((error) => {
    if (error instanceof Missing) return STAND_IN;
    throw error;
  });
  const folder = join(root, "runs/tokenizers/bpe");
  await mkdir(folder, { recursive: true });
  const config = { tokenizer_class: "PreTrainedTokenizerFast" };
  await writeFile(join(folder, "tokenizer_config.json"), JSON.stringify(config));
  await peer.ask({ train: join(folder, "tokenizer.json"), texts });
  return [
    ["WordPiece", given],
    ["BPE", folder],
  ];
}

/** @param {string[]} args @returns {Promise<Figure>} */
async function measure_ours(args) {
  const { ok, output } = await run(process.execPath, [PROGRAM, ...args]);
  if (!ok) throw new Error(`the tokenizer's program failed: ${output.trim().slice(0, 500)}`);
  return JSON.parse(output);
}

/**
 * @param {string} folder
 * @param {string} texts a file
 * @param {PythonProgram} peer
 * @param {number} turns
 * @returns {Promise<Record<string, number[]>>} seconds of a call, turn by turn
 */
async function in_turns(folder, texts, peer, turns) {
  /** @type {Record<string, number[]>} */
  const seconds = { core: [], ids: [], peer_batch: [], peer_fast: [], peer_ids: [] };
  for (let turn = 0; turn < turns; turn++) {
    const ours = await measure_ours([folder, texts, "1"]);
    const theirs = await peer.ask({
      tokenizer: join(folder, "tokenizer.json"),
      texts,
      seconds: 0.5,
    });
    if (ours.sha256 !== theirs.sha256)
      throw new Error(`tokenizers gives other ids than Tunelab for ${folder}`);
    for (const name of ["core", "ids"]) seconds[name].push(ours[name]);
    for (const name of ["batch", "fast", "ids"]) seconds[`peer_${name}`].push(theirs[name]);
  }
  return seconds;
}

/**
 * Speeds in MB/s, and their ratios.
 * @param {Record<string, number[]>} seconds
 * @param {number} megabytes
 */
function summaries(seconds, megabytes) {
  const ratio = (/** @type {string} */ name, /** @type {string} */ other) =>
    seconds[other].map((taken, turn) => taken / seconds[name][turn]);
  const speeds = Object.entries(seconds).map(([name, all]) => [
    name,
    all.map((taken) => megabytes / taken),
  ]);
  const all = {
    ...Object.fromEntries(speeds),
    ratio_core: ratio("core", "peer_fast"),
    ratio_ids: ratio("ids", "peer_ids"),
  };
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, values]) => {
      const { median, spread: quartiles } = summary(values);
      return [
        [name, median],
        [`${name}_spread`, quartiles],
      ];
    }),
  );
}

/** @param {Bench} bench @returns {Promise<Figure[]>} */
export function measure(bench) {
  return attempt(async () => {
    const { source, texts } = await load_texts(bench.mrpc);
    const file = join(root, "runs/tokenizer_texts.json");
    await mkdir(join(root, "runs"), { recursive: true });
    await writeFile(file, JSON.stringify(texts));
    const megabytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / 1e6;
    const peer = new PythonProgram(await bench.python(), "tokenizer_peer.py");
    /** @type {Figure[]} */
    const figures = [];
    try {
      for (const [model, folder] of await tokenizer_folders(bench, peer, file)) {
        bench.say(`tokenizer: ${model}`);
        const seconds = await in_turns(folder, file, peer, bench.quick ? 1 : TURNS);
        const measured = summaries(seconds, megabytes);
        figures.push({ kind: "tokenizer", model, source, megabytes, ...measured });
      }
    } finally {
      await peer.close();
    }
    return figures;
  });
}

/** @param {Figure[]} figures @returns {Section[]} */
export function sections(figures) {
  const speed = (/** @type {number} */ value) => value.toFixed(1);
  const rows = figures
    .filter(({ kind }) => kind === "tokenizer")
    .flatMap((one) =>
      [
        [`${one.model}, encoding alone`, "core", "peer_fast", "ratio_core"],
        [`${one.model}, from strings to lists of ids`, "ids", "peer_ids", "ratio_ids"],
      ].map(([what, ours, theirs, ratio]) => [
        what,
        spread(one, ours, speed),
        spread(one, theirs, speed),
        spread(one, ratio, times),
      ]),
    );
  const [one] = figures;
  const given = one?.kind
    ? `${one.source} (${one.megabytes.toFixed(1)} MB); the ids are the same. BPE is trained of these texts, 8,000 ` +
      "tokens."
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
