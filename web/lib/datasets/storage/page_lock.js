// Locks among a site's tabs and workers: given back when their holder is done, or dies.

/**
 * Runs `work` while the lock is held.
 * @template T
 * @param {string} name
 * @param {"exclusive" | "shared"} mode
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export const with_lock = (name, mode, work) => navigator.locks.request(name, { mode }, work);

/**
 * Runs `work` with the lock if nobody holds it now; else not.
 * @param {string} name
 * @param {() => Promise<void>} work
 */
export async function if_unlocked(name, work) {
  await navigator.locks.request(name, { ifAvailable: true }, async (lock) => {
    if (lock) await work();
  });
}

/**
 * Takes a lock, and keeps it.
 * @param {string} name
 * @returns {Promise<() => void>} gives it back
 * @throws {DOMException} where the browser gives no locks
 */
export function hold_lock(name) {
  return new Promise((resolve, reject) => {
    const held = () => new Promise((release) => resolve(() => release(undefined)));
    navigator.locks.request(name, held).catch(reject);
  });
}
