// `npm run bench`: how fast Tunelab is on this machine, beside the machine's limit and beside what else a user could take.
// Runs the suites one after the other, each in turns with what it is compared to; progress on stderr, the report on stdout,
// and all of it in runs/bench.json and runs/bench.md. options.js lists the options, README.md says how things are counted.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { relaxedSimd } from "wasm-feature-detect";
import { buildModules, buildPreset, wasmBuilds } from "../../tools/build.js";
import { jobs, root } from "../../tools/command.js";
import { make_hosts } from "./hosts/hosts.js";
import { HELP, read_options } from "./options.js";
import { find_model, find_python } from "./peers/python/setup.js";
import { report_text, with_speed_section } from "./report/markdown.js";
import { SUITES } from "./suites/all.js";

const JSON_FILE = join(root, "runs/bench.json");
const MARKDOWN_FILE = join(root, "runs/bench.md");
const README = join(root, "README.md");

/** @typedef {{machine: string, date: string, suites: Record<string, import("../browser/host.js").Figure[]>}} Results */

/** Every suite, those that were measured with their tables. @param {Results} results */
const suites_with_sections = (results) =>
  SUITES.map(({ name, sections }) => ({
    name,
    sections: results.suites[name] && sections(results.suites[name]),
  }));

/** @param {Results} results */
const all_sections = (results) =>
  suites_with_sections(results).flatMap(({ sections = [] }) => sections);

/** Once the promise's work was started, every caller gets the same. @template T @param {() => Promise<T>} work */
function once(work) {
  /** @type {Promise<T> | undefined} */
  let result;
  return () => (result ??= work());
}

/** @param {ReturnType<typeof read_options>} options */
async function measure(options) {
  if (!(await relaxedSimd()))
    throw new Error(
      `Node.js ${process.version} has no relaxed SIMD; use \`npm run bench\`, which takes a newer one`,
    );
  const say = (/** @type {string} */ text) =>
    console.error(`${(process.uptime() / 60).toFixed(1)} min  ${text}`);
  say("building");
  for (const build of ["relaxed-threads", "simd-threads"])
    await buildPreset(`wasm-${build}`, `build/wasm/${build}`, ["benchmarks"]);
  await buildModules(wasmBuilds);
  const hosts = make_hosts(options.hosts);
  const python = once(() => find_python(say));
  const bench = {
    ...{ hosts, say, python, threads: jobs > 1 ? [1, 2] : [1] },
    ...{ quick: options.quick, mrpc: options.mrpc, job_runs: options.job_runs },
    model: once(() => find_model(options.model, python)),
  };
  const cpu = cpus()[0]?.model.trim() ?? "an unknown processor";
  /** @type {Results} */
  const results = {
    machine: `${jobs} cores of ${cpu}, ${Math.round(totalmem() / 2 ** 30)} GB, ${process.platform}.`,
    date: new Date().toISOString(),
    suites: {},
  };
  for (const { name, measure: measure_suite } of SUITES) {
    if (!options.suites.includes(name)) continue;
    try {
      results.suites[name] = await measure_suite(bench);
    } catch (error) {
      // The other suites are worth having.
      const reason = `${name}: ${/** @type {Error} */ (error).message}`;
      results.suites[name] = [{ missing: reason }];
      console.error(`bench: ${reason}`);
      process.exitCode = 1;
    }
    await hosts.close(); // an idle browser is not quite idle
    // Written after every suite, so that a run cut short keeps what it has.
    await mkdir(join(root, "runs"), { recursive: true });
    await writeFile(JSON_FILE, `${JSON.stringify(results, null, 1)}\n`);
    await writeFile(MARKDOWN_FILE, report_text(results.machine, all_sections(results)));
  }
  console.log(report_text(results.machine, all_sections(results)));
}

/** Puts the tables of the suites that the last run measured into the README. */
async function write_readme() {
  const text = await readFile(JSON_FILE, "utf8").catch(() => {
    throw new Error("there is no runs/bench.json yet; run `npm run bench` first");
  });
  /** @type {Results} */
  const results = JSON.parse(text);
  const readme = await readFile(README, "utf8");
  await writeFile(
    README,
    with_speed_section(readme, results.machine, suites_with_sections(results)),
  );
}

try {
  const names = SUITES.map(({ name }) => name);
  const options = read_options(process.argv.slice(2), names);
  if (options.help) console.log(HELP.replace("@SUITES@", names.join(", ")));
  else await (options.readme ? write_readme() : measure(options));
} catch (error) {
  console.error(`bench: ${/** @type {Error} */ (error).message}`);
  process.exitCode = 1;
}
