// Downloads files of the Hub, and tells of each its SHA-256 or the error, the largest piece that was held of it, and the
// waits.
import { sha256 } from "@noble/hashes/sha2.js";
import { open_source } from "../../../web/lib/hub/file_source.js";
import { configure_hub, set_verbosity } from "../../../web/lib/index.js";

/**
 * @typedef {{sha256?: string, largest_piece?: number, waits: string[], kind?: string, message?: string}} Outcome
 */

/**
 * @param {{endpoint: string, wanted: {repo_id: string, path: string}[], insecure?: boolean}} given insecure: as
 *   if the page had no Cache API
 * @returns {Promise<Outcome[]>}
 */
export async function run({ endpoint, wanted, insecure }) {
  if (insecure) Object.defineProperty(globalThis, "caches", { value: undefined });
  set_verbosity("silent");
  configure_hub({ endpoint, base_wait_time: 0.01 });
  const outcomes = [];
  for (const { repo_id, path } of wanted) outcomes.push(await outcome_of(repo_id, path));
  return outcomes;
}

/** @param {string} repo_id @param {string} path @returns {Promise<Outcome>} */
async function outcome_of(repo_id, path) {
  /** @type {string[]} */
  const waits = [];
  const progress_callback = (/** @type {any} */ { status, reason }) => {
    if (status === "wait") waits.push(reason);
  };
  try {
    const source = await open_source(repo_id, { progress_callback });
    const file = await source.open(path);
    const hash = sha256.create();
    let largest_piece = 0;
    for await (const piece of file.stream(0, file.size)) {
      hash.update(piece);
      largest_piece = Math.max(largest_piece, piece.length);
    }
    const hex = Array.from(hash.digest(), (byte) => byte.toString(16).padStart(2, "0")).join("");
    return { sha256: hex, largest_piece, waits };
  } catch (error) {
    const { kind, message } = /** @type {import("../../../web/lib/index.js").HubError} */ (error);
    return { kind, message, waits };
  }
}
