// A Hub of one repository, org/big, whose answers a test may replace: what the stand-in, which answers as the Hub does,
// never says.
import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { configure_hub, set_verbosity } from "../../web/lib/index.js";
import { some_bytes } from "./hub_support.js";

export const BIG = some_bytes(600_000);
export const COMMIT = "c".repeat(40);

/** @typedef {import("node:http").IncomingMessage} Asked */
/** @typedef {import("node:http").ServerResponse} Answer */
/** @typedef {(asked: Asked, answer: Answer, number: number) => unknown} Act */

/** A file as a listing has it. @param {string} path @param {Uint8Array} bytes */
export const listed = (path, bytes) => ({
  type: "file",
  path,
  size: bytes.length,
  oid: createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex"),
});

const LFS = {
  ...listed("model.safetensors", BIG),
  lfs: { oid: createHash("sha256").update(BIG).digest("hex"), size: BIG.length, pointerSize: 134 },
};

/** @param {Answer} answer @param {unknown} value @param {Record<string, string>} [headers] */
export const give_json = (answer, value, headers = {}) =>
  answer
    .writeHead(200, { "content-type": "application/json", ...headers })
    .end(typeof value === "string" || Buffer.isBuffer(value) ? value : JSON.stringify(value));

/** The range that was asked for. @param {Asked} asked */
export function range_of({ headers }) {
  const [, begin, end] = /bytes=(\d+)-(\d+)/.exec(headers.range ?? "") ?? [];
  return { begin: Number(begin), end: Number(end) + 1 };
}

/** @param {Asked} asked @param {Answer} answer */
function give(asked, answer) {
  const path = String(asked.url);
  if (path.includes("/revision/")) return give_json(answer, { sha: COMMIT, id: "org/big" });
  if (path.includes("/tree/")) return give_json(answer, [LFS]);
  const { begin, end } = range_of(asked);
  answer.writeHead(206, { "content-range": `bytes ${begin}-${end - 1}/${BIG.length}` });
  return answer.end(BIG.subarray(begin, end));
}

/**
 * Such a Hub, in use with an empty cache. Retries wait no time to speak of.
 * @param {import("node:test").TestContext} t
 * @param {Record<string, Act>} acts by a part of the path: who answers in the Hub's place; `number` counts from 1.
 *   What answers nothing leaves it to the Hub
 */
export async function odd_hub(t, acts) {
  /** @type {{path: string, authorization?: string}[]} */
  const seen = [];
  /** @type {Record<string, number>} */
  const met = {};
  const server = createServer((asked, answer) => {
    const path = String(asked.url);
    seen.push({ path, authorization: asked.headers.authorization });
    const part = Object.keys(acts).find((each) => path.includes(each));
    if (part === undefined) return give(asked, answer);
    met[part] = (met[part] ?? 0) + 1;
    return acts[part](asked, answer, met[part]) ?? give(asked, answer);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const cache_dir = await mkdtemp(join(tmpdir(), "tunelab-"));
  t.after(async () => {
    server.closeAllConnections();
    server.close();
    await rm(cache_dir, { recursive: true, force: true });
  });
  set_verbosity("error");
  configure_hub({
    base_wait_time: 0.01,
    timeout: 5,
    token: "hf_secret",
    revision_check_interval: 0,
  });
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const endpoint = `http://127.0.0.1:${port}`;
  return { endpoint, cache_dir, seen, options: { endpoint, cache_dir } };
}
