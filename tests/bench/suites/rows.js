// A million short rows: from Parquet files to tokenized tables on disk, in bounded memory; found again at once, and
// trained on at once. Beside the datasets library with tokenizers, on as many processes.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root, run } from "../../../tools/command.js";
import { Missing } from "../../browser/host.js";
import { PythonProgram } from "../peers/python/python_program.js";
import { megabytes, time } from "../report/format.js";
import { missing_lines } from "../report/markdown.js";
import { measure_in_chromium } from "./rows_in_chromium.js";
import { rows_files } from "./rows_files.js";
import { attempt } from "./suite.js";

/** @typedef {import("./suite.js").Bench} Bench */
/** @typedef {import("./suite.js").Figure} Figure */
/** @typedef {import("./suite.js").Section} Section */

const PROGRAM = join(root, "tests/bench/suites/rows_program.js");
const STAND_IN = join(root, "assets/hub/tunelab/bert-tiny-random");

/** A Hub's folder: its datasets are named bench/<rows>-rows. */
const HUB = join(root, "runs/rows");
const DATA = join(HUB, "datasets/bench");

const LIBRARY = "Tunelab, Node.js";
const PEER = "datasets and tokenizers";

/** @template T @param {(folder: string) => Promise<T>} work given an empty folder, which is gone afterwards */
async function in_empty_folder(work) {
  const folder = await mkdtemp(join(tmpdir(), "tunelab-rows-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * @param {string} model @param {number} processes @param {string[]} files
 * @returns {Promise<Figure>}
 */
const measure_ours = (model, processes, files) =>
  in_empty_folder(async (folder) => {
    const args = [PROGRAM, model, `${processes}`, ...files];
    const { ok, output } = await run(process.execPath, args, {
      env: { HF_DATASETS_CACHE: folder },
    });
    if (!ok) throw new Error(`the rows' program failed: ${output.trim().slice(-500)}`);
    const figure = JSON.parse(output.trim().split("\n").at(-1) ?? "");
    return { kind: "rows", who: LIBRARY, processes, ...figure };
  });

/**
 * @param {string} python @param {string} model @param {number} processes @param {string[]} files
 * @returns {Promise<Figure>}
 */
const measure_theirs = (python, model, processes, files) =>
  in_empty_folder(async (cache) => {
    const peer = new PythonProgram(python, "rows_peer.py");
    try {
      const figure = await peer.ask({ model, files, processes, cache });
      return { kind: "rows", who: PEER, processes, ...figure };
    } finally {
      await peer.close();
    }
  });

/** @param {Bench} bench @returns {Promise<Figure[]>} */
export async function measure(bench) {
  const model = await bench.model().catch((error) => {
    if (error instanceof Missing) return STAND_IN;
    throw error;
  });
  const rows = bench.quick ? 100_000 : 1_000_000;
  const once = await rows_files(DATA, rows);
  const twice = await rows_files(DATA, 2 * rows);
  /** @type {Figure[]} */
  const figures = [];
  for (const processes of bench.threads)
    for (const files of [once, twice]) {
      bench.say(`rows: ${files === once ? rows : 2 * rows}, ${processes} processes`);
      figures.push(await measure_ours(model, processes, files));
    }
  const in_chromium = await attempt(async () => {
    if (!bench.hosts.names.includes("chromium"))
      throw new Missing("chromium was left out by --hosts");
    /** @type {Figure[]} */
    const measured = [];
    for (const processes of bench.threads)
      for (const count of [rows / 4, rows / 2, rows, 2 * rows]) {
        await rows_files(DATA, count);
        bench.say(`rows: ${count}, ${processes} workers of Chromium`);
        measured.push(await measure_in_chromium(HUB, model, count, processes));
      }
    return measured;
  });
  const peer = await attempt(async () => {
    const processes = Math.max(...bench.threads);
    const python = await bench.python();
    bench.say(`rows: ${PEER}`);
    return [await measure_theirs(python, model, processes, once)];
  });
  return [...figures, ...in_chromium, ...peer];
}

/** @param {Figure[]} figures @returns {Section[]} */
export function sections(figures) {
  const rows = figures
    .filter(({ kind }) => kind === "rows")
    .map((one) => [
      one.who,
      `${one.processes}`,
      one.rows.toLocaleString("en"),
      Math.round(one.rows / (one.load + one.map)).toLocaleString("en"),
      time(one.load),
      time(one.map),
      time(one.second),
      one.step === undefined ? "" : time(one.step),
      one.memory === undefined ? "" : megabytes(one.memory),
    ]);
  return [
    {
      title: "Many rows: Parquet files to tokenized tables on disk",
      text: [
        "Four to twelve words a row, in four files. Memory: the most that was held beyond the loaded core and tokenizer, all",
        "workers included, with Node.js's own limits; in Chromium by all of its processes, its storage on the disk. There the",
        "files come from a Hub on the same machine, and their way into the browser's cache is part of the time to load.",
        "The first step: from the Trainer's start to the end of a step of 16 rows at random.",
        missing_lines(figures),
      ]
        .filter(Boolean)
        .join(" "),
      head: [
        "",
        "processes",
        "rows",
        "rows a second",
        "load",
        "tokenize",
        "a second map",
        "first training step",
        "memory",
      ],
      rows,
      readme: true,
    },
  ];
}
