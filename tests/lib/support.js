// What the library's tests share: the core, the pair task of the goldens, temporary folders, the
// terminal program.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import * as tunelab from "../../web/lib/index.js";
import "./datasets_cache.js";

/** @param {string} path in the repository */
export const repository = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

export const PAIR_TASK = repository("tests/reference/goldens/pair_task");
export const PAIR_MODEL = `${PAIR_TASK}/model`;

/**
 * Loads the core once for a test file; the builds may lie elsewhere than in build/wasm
 * (TUNELAB_WASM).
 */
export async function start_core(options = {}) {
  tunelab.set_verbosity("error");
  const base = process.env.TUNELAB_WASM && pathToFileURL(`${process.env.TUNELAB_WASM}/`);
  return tunelab.init({ ...options, ...(base && { base }) });
}

/** @param {string} path below tests/reference/goldens */
export async function golden(path) {
  return JSON.parse(await readFile(repository(`tests/reference/goldens/${path}`), "utf8"));
}

/**
 * The pair task as the course prepares data: both splits tokenized, the tokenizer, the raw rows.
 */
export async function pair_task() {
  const data_files = {
    train: `${PAIR_TASK}/train.jsonl`,
    validation: `${PAIR_TASK}/validation.jsonl`,
  };
  const raw = await tunelab.load_dataset("json", { data_files });
  const tokenizer = await tunelab.AutoTokenizer.from_pretrained(PAIR_MODEL);
  const tokenized = await raw.map(
    (/** @type {any} */ example) =>
      tokenizer(example.sentence1, example.sentence2, { truncation: true }),
    { batched: true },
  );
  return { raw, tokenizer, tokenized };
}

/** accuracy and F1, as the course's compute_metrics. @param {any} prediction */
export function compute_metrics([logits, labels]) {
  const metric = tunelab.evaluate.load("glue", "mrpc");
  return metric.compute({ predictions: logits.argmax(-1), references: labels });
}

/** A folder that is removed when the test ends. @param {import("node:test").TestContext} test */
export async function temporary_folder(test) {
  const folder = await mkdtemp(join(tmpdir(), "tunelab-"));
  test.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** What the library logs while `work` runs. @param {() => Promise<unknown>} work */
export async function logged(work) {
  /** @type {string[]} */
  const lines = [];
  tunelab.set_verbosity("warning");
  tunelab.set_log_sink((text) => lines.push(text));
  try {
    await work();
  } finally {
    tunelab.set_verbosity("error");
    tunelab.set_log_sink();
  }
  return lines;
}

/** @typedef {import("node:child_process").ChildProcess} ChildProcess */

/** @typedef {{code: number | null, stdout: string, stderr: string}} Outcome */

/**
 * Runs a program to its end.
 * @param {string} program
 * @param {string[]} args
 * @param {{on_stderr?: (child: ChildProcess, so_far: string) => void, env?: NodeJS.ProcessEnv}} [options]
 * @returns {Promise<Outcome>}
 */
export function run(program, args, { on_stderr, env } = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { env });
    const output = { stdout: "", stderr: "" };
    child.stdout.on("data", (text) => (output.stdout += text));
    child.stderr.on("data", (text) => {
      output.stderr += text;
      on_stderr?.(child, output.stderr);
    });
    child.on("close", (code) => resolve({ code, ...output }));
  });
}

/** Runs `tunelab …`. @param {string[]} args @param {Parameters<typeof run>[2]} [options] */
export function run_tunelab(args, options) {
  return run(process.execPath, [repository("web/cli/tunelab.js"), ...args], options);
}

/**
 * Fails unless a run ended with this exit code and, as its last line on stderr, this sentence; no stack
 * trace, and nothing on stdout.
 * @param {Outcome} outcome
 * @param {number} expected_code
 * @param {RegExp} message
 */
export function assert_one_line({ code, stdout, stderr }, expected_code, message) {
  assert.equal(code, expected_code, stderr);
  const lines = stderr.trimEnd().split("\n");
  const last = String(lines.at(-1));
  assert.match(last, message);
  assert.ok(last.startsWith("tunelab: "), stderr);
  assert.ok(!/\n\s+at /.test(stderr), `no stack trace: ${stderr}`);
  assert.equal(stdout, "");
}

/**
 * Fails unless |actual - expected| <= tolerance; NaN fails.
 * @param {number} actual
 * @param {number} expected
 * @param {number} tolerance
 * @param {string} what
 */
export function assert_near(actual, expected, tolerance, what) {
  if (!(Math.abs(actual - expected) <= tolerance))
    throw new Error(`${what}: ${actual} is not within ${tolerance} of ${expected}`);
}
