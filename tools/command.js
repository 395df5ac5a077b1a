// Running commands from the tools: quiet while all goes well, everything they printed when something fails.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's folder. */
export const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** How many things to do at once. */
export const jobs = availableParallelism();

/**
 * Runs a command in the repository's folder and waits for it.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{env?: Record<string, string>}} [options] variables to add to the environment
 * @returns {Promise<{ok: boolean, output: string}>} whether it ended with status 0, and all it printed
 */
export function run(command, args, { env = {} } = {}) {
  return new Promise((resolve) => {
    let output = "";
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => (output += text));
    }
    child.on("error", (error) => resolve({ ok: false, output: `${command}: ${error.message}\n` }));
    child.on("close", (status) => resolve({ ok: status === 0, output }));
  });
}

/**
 * Like run, but a failure shows the command's output and throws.
 *
 * @param {string} what what is being done, for the message
 * @param {string} command
 * @param {string[]} args
 */
export async function must(what, command, args) {
  const { ok, output } = await run(command, args);
  if (ok) return;
  // A build's progress lines would bury the error.
  process.stderr.write(output.replace(/^\[\d+\/\d+\] .*\n/gm, ""));
  throw new Error(`${what} failed; what it printed is above.`);
}

/**
 * The first of these programs that PATH holds, or undefined.
 *
 * @param {string[]} names
 * @returns {string | undefined}
 */
export function findProgram(...names) {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return names.find((name) => folders.some((folder) => existsSync(join(folder, name))));
}

/**
 * Does the work for each item, at most `limit` at a time; the results keep the items' order.
 *
 * @template Item, Result
 * @param {Item[]} items
 * @param {number} limit
 * @param {(item: Item) => Promise<Result>} work
 * @returns {Promise<Result[]>}
 */
export async function mapParallel(items, limit, work) {
  /** @type {Result[]} */
  const results = new Array(items.length);
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index]);
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return results;
}
