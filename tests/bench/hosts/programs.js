// The C benchmark programs of a build, as processes of the Node.js that runs the benchmarks or in workers of a browser.
import { join } from "node:path";
import { root, run } from "../../../tools/command.js";

/** @typedef {import("../../browser/host.js").BrowserHost} BrowserHost */
/** @typedef {import("../../browser/host.js").Figure} Figure */
/** @typedef {import("../../browser/host.js").Host} Host */

/** Runs a C program of a build (such as "relaxed-threads") in a process or a page of its own.
 * @typedef {(build: string, program: string, args: (string | number)[]) => Promise<Figure[]>} RunProgram */

/** @typedef {Host & {run_program: RunProgram, run_worker?: BrowserHost["run_worker"]}} BenchHost */

/** @param {string} build @param {string} program */
const script_of = (build, program) => `build/wasm/${build}/tests/bench/${program}.js`;

/** @returns {Promise<BenchHost>} */
export async function open_node() {
  return {
    name: "node",
    label: `Node.js ${process.version.slice(1)}`,
    async run_program(build, program, args) {
      const script = join(root, script_of(build, program));
      const { ok, output } = await run(process.execPath, [script, ...args.map(String)]);
      if (!ok) throw new Error(`${program} failed in Node.js: ${output.trim().slice(0, 500)}`);
      const lines = output.trimEnd().split("\n");
      return lines.map((line) => JSON.parse(line));
    },
    async close() {},
  };
}

/** @param {BrowserHost} browser @returns {BenchHost} */
export function in_worker(browser) {
  /** @type {BrowserHost["run_worker"]} */
  const run_worker = async (path, args, type) => {
    try {
      return await browser.run_worker(path, args, type);
    } catch (error) {
      if (!String(error).includes("did not start")) throw error;
      return browser.run_worker(path, args, type); // see c_program_worker.js
    }
  };
  return {
    ...browser,
    run_worker,
    run_program: (build, program, args) =>
      run_worker("tests/bench/hosts/c_program_worker.js", {
        program: `/${script_of(build, program)}`,
        arguments: args.map(String),
      }),
  };
}
