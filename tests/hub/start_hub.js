// The stand-in Hub: a server that answers as the Hub does, over a folder laid out as its repositories, and a second
// origin that hands out large files.
import { createServer } from "node:http";
import { decoded, failure } from "./answer.js";
import { control } from "./control.js";
import { ParquetExports } from "./dataset_server/parquet_export.js";
import { deliver } from "./deliver.js";
import { KINDS } from "./fault_kinds.js";
import { Faults } from "./faults.js";
import { RateLimits } from "./rate_limits.js";
import { Repositories } from "./repositories.js";
import { Oauth } from "./routes/account.js";
import { SignedFiles } from "./routes/resolve.js";
import { route } from "./routes/route.js";
import { read_settings } from "./settings.js";

/** @typedef {import("./answer.js").Answer} Answer */
/** @typedef {import("./answer.js").Asked} Asked */
/** @typedef {import("./faults.js").Fault} Fault */
/** @typedef {import("./repositories.js").Repository} Repository */
/** @typedef {import("./repositories.js").Snapshot} Snapshot */

/**
 * A request that came, for tests to look at.
 * @typedef {object} Logged
 * @property {"hub" | "cdn"} server
 * @property {string} method
 * @property {string} path with its query
 * @property {import("node:http").IncomingHttpHeaders} headers
 * @property {number} [status] once it is answered
 * @property {number} sent bytes of the body that went out
 */

/**
 * What the routes work with.
 * @typedef {object} Hub
 * @property {string} endpoint
 * @property {Repositories} repositories
 * @property {import("./settings.js").Settings} settings
 * @property {Oauth} oauth
 * @property {ParquetExports} exports
 * @property {(repository: Repository, revision: string) => Promise<Snapshot | undefined>} snapshot
 * @property {(file: string, sha256: string, name: string) => string} sign an address on the second origin
 */

/** What pages of other origins may read of an answer. */
const EXPOSED = [
  "Accept-Ranges, Content-Encoding, Content-Length, Content-Range, ETag, Link, Location, RateLimit, RateLimit-Policy",
  "Retry-After, X-Error-Code, X-Error-Message, X-Linked-ETag, X-Linked-Size, X-Repo-Commit, X-Revision, X-Total-Count",
].join(", ");

/**
 * Starts the stand-in on the loopback address.
 * @param {object} options
 * @param {string} options.root the folder: `org/name/…` for models, `datasets/org/name/…` for datasets
 * @param {number} [options.port] without it, a free one; the second origin always takes a free one
 * @param {Partial<import("./settings.js").Settings>} [options.settings] in place of those in the folder's hub.json
 * @param {Fault[]} [options.faults]
 * @param {import("./rate_limits.js").Limits} [options.limits] how many requests an address has; without it, any number
 * @param {(logged: Logged) => void} [options.on_answer] told of each request once all is said
 */
export async function start_hub(options) {
  const {
    root,
    port = 0,
    settings: given = {},
    faults: at_start = [],
    limits,
    on_answer,
  } = options;
  const settings = await read_settings(root, given);
  const repositories = new Repositories(root, settings);
  const faults = new Faults();
  at_start.forEach((fault) => faults.add(fault));
  const rates = new RateLimits(limits);
  const signed = new SignedFiles();
  const exports = new ParquetExports();
  /** @type {Logged[]} */
  const requests = [];
  /** @type {Hub} */
  const hub = {
    endpoint: "",
    repositories,
    settings,
    oauth: new Oauth(),
    exports,
    snapshot: async (repository, revision) => {
      const snapshot = await repository.at(revision);
      if (snapshot || repository.type === "model") return snapshot;
      const converted = await exports.of(repository);
      const names = ["refs/convert/parquet", converted.snapshot.sha];
      return names.includes(revision) ? converted.snapshot : undefined;
    },
    sign: (file, sha256, name) => signed.address(cdn_origin, file, sha256, name),
  };

  /** @type {(server: "hub" | "cdn", answer: (asked: Asked, address: string) => Promise<Answer>) => import("node:http").Server} */
  const serve = (server, answer_to) =>
    createServer((request, response) => {
      const cors = { "Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": EXPOSED };
      for (const [name, value] of Object.entries(cors)) response.setHeader(name, value);
      const asked = read_request(request);
      /** @type {Logged} */
      const logged = {
        ...{ server, method: asked.method, path: request.url ?? "/", sent: 0 },
        headers: { ...request.headers },
      };
      requests.push(logged);
      respond(asked, logged, request, response, answer_to)
        .catch(() => response.destroy()) // whoever asked has gone, or a fault cut the answer short
        .finally(() => on_answer?.(logged));
    });

  /**
   * @param {Asked} asked
   * @param {Logged} logged
   * @param {import("node:http").IncomingMessage} request
   * @param {import("node:http").ServerResponse} response
   * @param {(asked: Asked, address: string) => Promise<Answer>} answer_to
   */
  async function respond(asked, logged, request, response, answer_to) {
    const { server } = logged;
    if (asked.method === "OPTIONS") return preflight(request, response);
    const controlled = server === "hub" ? control(faults, asked) : undefined;
    if (controlled)
      return deliver(request, response, controlled, (bytes) => (logged.sent += bytes));
    const early = faults.meet("request", server, asked);
    const kind = early && KINDS[early.kind];
    kind?.ask?.(asked);
    let answer = early && kind?.instead?.(early, asked);
    if (answer === "hang") return;
    if (answer === "refuse") {
      response.destroy();
      return;
    }
    answer ??= await answer_to(asked, request.socket.remoteAddress ?? "").catch((error) =>
      failure(500, `Internal error: ${error.message}`),
    );
    const on_headers = faults.meet("headers", server, asked);
    if (on_headers) answer = KINDS[on_headers.kind].change?.(answer, on_headers) ?? answer;
    const brings = asked.method === "GET" && answer.body && [200, 206].includes(answer.status);
    const on_body = brings ? faults.meet("body", server, asked) : undefined;
    if (on_body) answer = KINDS[on_body.kind].change?.(answer, on_body) ?? answer;
    const spoil = on_body && KINDS[on_body.kind].spoil;
    logged.status = answer.status;
    await deliver(
      request,
      response,
      answer,
      (bytes) => (logged.sent += bytes),
      spoil && ((pieces, length) => spoil(pieces, length, on_body)),
    );
  }

  const hub_server = serve("hub", async (asked, address) => {
    const limit = rates.take(address, asked);
    if (limit.refusal) return limit.refusal;
    const answer = await route(hub, asked);
    return { ...answer, headers: { ...limit.headers, ...answer.headers } };
  });
  const cdn_server = serve("cdn", (asked) => signed.answer(asked));
  const cdn_origin = await listen(cdn_server, 0);
  hub.endpoint = await listen(hub_server, port);

  return {
    endpoint: hub.endpoint,
    cdn: cdn_origin,
    requests,
    repositories,
    fault: (/** @type {Fault} */ fault) => faults.add(fault),
    clear_faults: () => faults.clear(),
    close: async () => {
      await Promise.all([hub_server, cdn_server].map(stop));
      await exports.close();
    },
  };
}

/** @param {import("node:http").IncomingMessage} request @returns {Asked} */
function read_request(request) {
  // The whole of an address, as proxies are sent it, is taken for a path.
  const url = new URL(`http://hub/${request.url?.replace(/^\//, "")}`);
  return {
    method: request.method ?? "GET",
    url,
    segments: url.pathname.split("/").filter(Boolean).map(decoded),
    headers: { ...request.headers },
    text: async () => {
      let text = "";
      for await (const piece of request) text += piece;
      return text;
    },
  };
}

/**
 * @param {import("node:http").IncomingMessage} request
 * @param {import("node:http").ServerResponse} response
 */
function preflight(request, response) {
  response.writeHead(204, {
    "Access-Control-Allow-Methods": "GET, HEAD, POST",
    "Access-Control-Allow-Headers": request.headers["access-control-request-headers"] ?? "",
    "Access-Control-Max-Age": "600",
  });
  response.end();
}

/** @param {import("node:http").Server} server @param {number} port @returns {Promise<string>} its origin */
async function listen(server, port) {
  await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve(undefined));
  });
  const address = server.address();
  if (!address || typeof address === "string") throw new Error("the server has no port");
  return `http://127.0.0.1:${address.port}`;
}

/** @param {import("node:http").Server} server */
function stop(server) {
  const stopped = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  return stopped;
}
