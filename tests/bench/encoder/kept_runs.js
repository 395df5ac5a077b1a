// Finished runs, kept as JSON: what was run (encoder's and data's hashes, hyper-parameters, seed) and what it gave.
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";

/** @typedef {import("../fine_tuned.js").Outcome} Outcome */

/** A tree's files in one order. @param {string} path a file or a folder @returns {Promise<string[]>} */
async function files_of(path) {
  if (!(await stat(path)).isDirectory()) return [path];
  const inside = (await readdir(path)).sort();
  return (await Promise.all(inside.map((name) => files_of(join(path, name))))).flat();
}

/**
 * The hash of a file, or of a folder's files: a result of an encoder or of rows that have changed since is no result.
 * @param {string} path
 * @param {(name: string) => boolean} [counts] which of a folder's files do; cards never do
 * @returns {Promise<string>}
 */
export async function hash_of(path, counts = () => true) {
  const hash = createHash("sha256");
  for (const file of await files_of(path)) {
    const name = basename(file);
    if (name.endsWith(".md") || !counts(name)) continue;
    hash.update(`${name}\0`).update(await readFile(file));
  }
  return hash.digest("hex");
}

/**
 * The outcome of a run: the kept one, or that of `work`, which is then kept.
 * @param {string} folder
 * @param {Record<string, any>} run all that the outcome depends on
 * @param {Record<string, any>} names what people call it; a run under another name is the same run
 * @param {(key: string) => Promise<Outcome>} work key: a name that this run alone has
 * @returns {Promise<Outcome>}
 */
export async function kept_or_run(folder, run, names, work) {
  const key = createHash("sha256").update(JSON.stringify(run)).digest("hex").slice(0, 16);
  const file = join(folder, `${key}.json`);
  try {
    return JSON.parse(await readFile(file, "utf8")).outcome;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== "ENOENT") throw error;
  }
  const outcome = await work(key);
  await mkdir(folder, { recursive: true });
  // Under another name until it is whole: an interrupted write must not look like a result.
  await writeFile(`${file}.part`, `${JSON.stringify({ ...names, run, outcome }, null, 2)}\n`);
  await rename(`${file}.part`, file);
  return outcome;
}
