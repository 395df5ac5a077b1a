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
 * What a worker's program says first: what is posted before its module has run to the end may be lost in a page.
 */
const READY = "ready";

/**
 * Starts a worker, and posts it its first message once it listens.
 * @param {URL} address of its module, which calls `serve`
 * @param {any} first
 * @param {(message: any) => void} on_message
 * @param {(error: Error) => void} on_error it could not start, or died
 * @returns {Promise<WorkerHandle>}
 */
export async function start_worker(address, first, on_message, on_error) {
  /** @type {any[] | undefined} posted before it listens */
  let waiting = [first];
  const worker = await open_worker(
    address,
    (message) => {
      if (message !== READY) return on_message(message);
      waiting?.forEach((each) => worker.post(each));
      waiting = undefined;
    },
    on_error,
  );
  return {
    post: (message) => (waiting ? void waiting.push(message) : worker.post(message)),
    end: worker.end,
  };
}

/**
 * @param {URL} address
 * @param {(message: any) => void} on_message
 * @param {(error: Error) => void} on_error
 * @returns {Promise<WorkerHandle>}
 */
async function open_worker(address, on_message, on_error) {
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
    parentPort?.postMessage(READY);
    return (message) => parentPort?.postMessage(message);
  }
  self.onmessage = ({ data }) => on_message(data);
  self.postMessage(READY);
  return (message) => self.postMessage(message);
}
