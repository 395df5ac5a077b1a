// Work that several ask for at the same time and that is done once.

/**
 * @template Event
 * @typedef {{done: Promise<void>, listeners: Set<(event: Event) => void>, controller: AbortController, waiting: number}}
 *   Running
 */

/** @type {Map<string, Running<any>>} */
const running = new Map();

/**
 * Runs `work`, or joins who runs it under the same key: all get its events. It is called off when nobody waits for it
 * any more.
 * @template Event
 * @param {string} key
 * @param {{signal?: AbortSignal, listener: (event: Event) => void}} caller
 * @param {(signal: AbortSignal, emit: (event: Event) => void) => Promise<void>} work
 */
export async function shared_work(key, { signal, listener }, work) {
  const mine = running.get(key) ?? begin(key, work);
  mine.listeners.add(listener);
  mine.waiting++;
  try {
    await unless_aborted(mine.done, signal);
  } finally {
    mine.listeners.delete(listener);
    if (--mine.waiting === 0) {
      forget(key, mine);
      mine.controller.abort(signal?.reason);
    }
  }
}

/**
 * @template Event
 * @param {string} key
 * @param {(signal: AbortSignal, emit: (event: Event) => void) => Promise<void>} work
 */
function begin(key, work) {
  const controller = new AbortController();
  /** @type {Set<(event: Event) => void>} */
  const listeners = new Set();
  const done = work(controller.signal, (event) => listeners.forEach((listen) => listen(event)));
  /** @type {Running<Event>} */
  const made = { done, listeners, controller, waiting: 0 };
  running.set(key, made);
  done.catch(() => {}).finally(() => forget(key, made)); // whoever waits hears of the error
  return made;
}

/** @param {string} key @param {Running<any>} mine */
function forget(key, mine) {
  if (running.get(key) === mine) running.delete(key);
}

/** @param {Promise<void>} work @param {AbortSignal | undefined} signal */
async function unless_aborted(work, signal) {
  if (!signal) return work;
  /** @type {() => void} */
  let stop = () => {};
  const aborted = new Promise((_, reject) => {
    stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop);
  });
  try {
    await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
