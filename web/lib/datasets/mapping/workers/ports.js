// Workers of Node.js and of pages behind one face, from both sides.
import { in_node } from "../../../core/builds.js";

/**
 * Megabytes for what a worker in Node.js just made: a batch's arrays live shortly, and with Node.js's
 * own limit a worker holds several times as much garbage before it looks for any.
 */
const YOUNG_MB = 24;

/**
 * @typedef {object} WorkerHandle
 * @property {(message: any) => void} post
 * @property {() => Promise<void>} end
 */

/**
 * Starts a worker.
 * @param {URL} address of its module
 * @param {(message: any) => void} on_message
 * @param {(error: Error) => void} on_error it could not start, or died
 * @returns {Promise<WorkerHandle>}
 */
export async function start_worker(address, on_message, on_error) {
  if (in_node) {
    const { Worker: NodeWorker } = await import("node:worker_threads");
    const resourceLimits = { maxYoungGenerationSizeMb: YOUNG_MB };
    const worker = new NodeWorker(address, { resourceLimits });
    worker.on("message", on_message).on("error", on_error);
    worker.on("exit", (code) => on_error(new Error(`the worker ended with code ${code}`)));
    return {
      post: (message) => worker.postMessage(message),
      end: async () => void (await worker.terminate()),
    };
  }
  const worker = new Worker(address, { type: "module" });
  worker.onmessage = ({ data }) => on_message(data);
  worker.onerror = ({ message }) =>
    on_error(new Error(message || `${address} could not be loaded`));
  return { post: (message) => worker.postMessage(message), end: async () => worker.terminate() };
}

/**
 * The worker's side.
 * @param {(message: any) => void} on_message
 * @returns {Promise<(message: any) => void>} posts to whoever started it
 */
export async function serve(on_message) {
  if (in_node) {
    const { parentPort } = await import("node:worker_threads");
    parentPort?.on("message", on_message);
    return (message) => parentPort?.postMessage(message);
  }
  self.onmessage = ({ data }) => on_message(data);
  return (message) => self.postMessage(message);
}
