// Lets only so many through at once; the others wait in line.

/**
 * @param {number} places
 * @returns {<T>(work: () => Promise<T>) => Promise<T>} runs `work` when a place is free
 */
export function turnstile(places) {
  let taken = 0;
  /** @type {(() => void)[]} */
  const line = [];
  return async (work) => {
    if (taken < places) taken++;
    else await /** @type {Promise<void>} */ (new Promise((resolve) => line.push(resolve)));
    try {
      return await work();
    } finally {
      const next = line.shift();
      if (next) next();
      else taken--;
    }
  };
}
