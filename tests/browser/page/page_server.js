// Serves the repository's files to the browsers on this machine alone, cross-origin isolated unless otherwise asked, so
// that shared memory and precise clocks are there.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize, sep } from "node:path";
import { root } from "../../../tools/command.js";
import { with_addresses } from "./module_addresses.js";

/** @type {Record<string, string>} */
const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".wasm": "application/wasm",
  ".json": "application/json",
};

const ISOLATED = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

const HEADERS = {
  "Cross-Origin-Resource-Policy": "same-origin",
  // A build may follow; and threads that load one script at once wait for each other in Firefox's cache.
  "Cache-Control": "no-store",
};

/**
 * Starts the server on a free port of the loopback address.
 * @param {{isolated?: boolean}} [options]
 * @returns {Promise<{origin: string, close: () => void}>} close also drops connections that are kept alive
 */
export async function serve({ isolated = true } = {}) {
  const headers = isolated ? { ...HEADERS, ...ISOLATED } : HEADERS;
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://localhost").pathname);
    const file = normalize(join(root, path));
    try {
      if (!file.startsWith(root + sep)) throw new Error("outside of the repository");
      const body = await readFile(file);
      const type = TYPES[extname(file)] ?? "application/octet-stream";
      const script = type.startsWith("text/javascript");
      const sent = script ? with_addresses(body.toString(), file) : body;
      response.writeHead(200, { ...headers, "Content-Type": type }).end(sent);
    } catch {
      response.writeHead(404, headers).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const address = server.address();
  if (!address || typeof address === "string") throw new Error("the server has no port");
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { origin: `http://127.0.0.1:${address.port}`, close };
}
