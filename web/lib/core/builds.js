// Which of the four WebAssembly builds this host can run, and how many threads it has.
import { relaxedSimd, simd, threads as wasm_threads } from "wasm-feature-detect";
import { TunelabError } from "./errors.js";

/** @typedef {"relaxed-threads" | "relaxed" | "simd-threads" | "simd"} BuildName */

/** Fastest first. */
export const BUILDS = /** @type {const} */ (["relaxed-threads", "relaxed", "simd-threads", "simd"]);

/** Whether this is Node.js (and not a page or its worker). */
export const in_node = typeof process === "object" && Boolean(process.versions?.node);

/** @param {BuildName} build */
export const has_threads = (build) => build.endsWith("-threads");

/** The processors that this host offers. */
export async function available_threads() {
  if (!in_node) return navigator.hardwareConcurrency || 1;
  const { availableParallelism } = await import("node:os");
  return availableParallelism();
}

/** Threads need shared memory, which a page has only if it is cross-origin isolated. */
async function can_share_memory() {
  return (in_node || globalThis.crossOriginIsolated === true) && (await wasm_threads());
}

/**
 * The fastest build for `threads` threads on this host.
 * @param {number} threads 1 chooses a build without threads
 * @returns {Promise<BuildName>}
 * @throws {TunelabError} if the host has no WebAssembly SIMD
 */
export async function choose_build(threads) {
  if (!(await simd()))
    throw new TunelabError(
      "this browser or Node.js has no WebAssembly SIMD; use a version of 2021 or later",
      "TL_ERR_UNSUPPORTED",
    );
  const kind = (await relaxedSimd()) ? "relaxed" : "simd";
  return threads > 1 && (await can_share_memory()) ? `${kind}-threads` : kind;
}
