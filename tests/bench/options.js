// The command line of `npm run bench`.
import { parseArgs } from "node:util";
import { HOST_NAMES } from "./hosts/hosts.js";

export const HELP = `npm run bench [-- OPTIONS]

  --only SUITES    some of: @SUITES@ (all)
  --hosts HOSTS    some of: ${HOST_NAMES.join(", ")} (all)
  --quick          fewer repetitions, no BERT-base, no whole job
  --mrpc FOLDER    MRPC's train.tsv and validation.tsv (or TUNELAB_MRPC)
  --model FOLDER   an all-MiniLM-L6-v2 folder (or TUNELAB_MODEL); without it, one is fetched with the Python peers
  --job-runs N     how often the whole job is run (1)
  --readme         measure nothing; write the last run's tables into README.md; those of suites it left out stay

TUNELAB_PYTHON names a Python with PyTorch and transformers, TUNELAB_CHROMIUM and TUNELAB_FIREFOX the browsers' programs.`;

/**
 * @param {string | undefined} list
 * @param {string[]} known
 * @param {string} what
 */
function chosen(list, known, what) {
  if (list === undefined) return known;
  const names = list.split(",");
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new Error(`there is no ${what} "${unknown}"; there are ${known.join(", ")}`);
  return names;
}

/**
 * @param {string[]} args
 * @param {string[]} suites their names
 * @throws {Error} one line that says what is wrong
 */
export function read_options(args, suites) {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: "string" },
      hosts: { type: "string" },
      quick: { type: "boolean", default: false },
      mrpc: { type: "string", default: process.env.TUNELAB_MRPC },
      model: { type: "string", default: process.env.TUNELAB_MODEL },
      "job-runs": { type: "string", default: "1" },
      readme: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const job_runs = Number(values["job-runs"]);
  if (!Number.isInteger(job_runs) || job_runs < 1)
    throw new Error(`--job-runs must be a whole number of at least 1, not ${values["job-runs"]}`);
  return {
    ...values,
    job_runs,
    suites: chosen(values.only, suites, "suite"),
    hosts: chosen(values.hosts, HOST_NAMES, "host"),
  };
}
