// Benchmark programs as processes of the Node.js that runs the benchmarks.
import { join } from "node:path";
import { root, run } from "../../../tools/command.js";
import { programs_folder } from "./host.js";

/** @typedef {import("./host.js").Host} Host */

/** @returns {Promise<Host>} */
export async function open_node() {
  return {
    name: "node",
    label: `Node.js ${process.version.slice(1)}`,
    async run_program(build, program, args) {
      const script = join(root, programs_folder(build), `${program}.js`);
      const { ok, output } = await run(process.execPath, [script, ...args.map(String)]);
      if (!ok) throw new Error(`${program} failed in Node.js: ${output.trim().slice(0, 500)}`);
      const lines = output.trimEnd().split("\n");
      return lines.map((line) => JSON.parse(line));
    },
    async close() {},
  };
}
