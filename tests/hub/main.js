// `npm run hub -- --root DIR`: the stand-in Hub in the terminal, until Ctrl-C.
import { parseArgs } from "node:util";
import { existsSync } from "node:fs";
import { KINDS } from "./fault_kinds.js";
import { parse_fault } from "./faults.js";
import { ANONYMOUS } from "./rate_limits.js";
import { start_hub } from "./start_hub.js";

const HELP = `npm run hub -- --root DIR [--port N] [--limits] [--log] [--fault KIND,name=value,…]…

  --root     a folder of repositories: org/name/… for models, datasets/org/name/… for datasets
  --port     where to listen on 127.0.0.1; without it, on any free port
  --limits   refuse whoever asks more often than the Hub lets those without an account
  --log      a line for each request
  --fault    spoil answers, for instance --fault cut,path=model.safetensors,after=100000,times=1
             kinds: ${Object.keys(KINDS).join(", ")}
             path, server=hub|cdn, times, skip say which requests; after, bytes_per_second, status,
             seconds, retry_after, bytes what happens to them`;

/** @param {string} message */
function fail(message) {
  console.error(message);
  process.exit(1);
}

try {
  const { values } = parseArgs({
    options: {
      root: { type: "string" },
      port: { type: "string", default: "0" },
      limits: { type: "boolean", default: false },
      log: { type: "boolean", default: false },
      fault: { type: "string", multiple: true, default: [] },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    process.exit(0);
  }
  const { root } = values;
  if (root === undefined || !existsSync(root))
    fail(root === undefined ? `--root is missing\n\n${HELP}` : `there is no folder ${root}`);
  const hub = await start_hub({
    root: String(root),
    port: Number(values.port),
    faults: values.fault.map(parse_fault),
    limits: values.limits ? ANONYMOUS : undefined,
    on_answer: values.log
      ? ({ server, method, path, status, sent }) =>
          console.log(`${server} ${method} ${path} ${status ?? "-"} ${sent}`)
      : undefined,
  });
  for (const signal of ["SIGINT", "SIGTERM"])
    process.once(signal, () => void hub.close().then(() => process.exit(0)));
  console.log(
    `The stand-in Hub serves ${root}. Point programs at it with HF_ENDPOINT=${hub.endpoint}`,
  );
} catch (error) {
  fail(/** @type {Error} */ (error).message);
}
