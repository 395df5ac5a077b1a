// The pieces of an answer's body; a connection that stays silent is as good as broken.

/**
 * Yields the body's pieces. Safari's streams are not iterable by themselves.
 * @param {ReadableStream<Uint8Array>} body
 * @param {number} [timeout] seconds without a byte after which the connection counts as broken
 */
export async function* body_of(body, timeout = Infinity) {
  const reader = body.getReader();
  try {
    for (;;) {
      const part = await within(reader.read(), timeout);
      if (part.done) return;
      yield part.value;
    }
  } finally {
    // A broken stream cannot be cancelled, and need not be.
    await reader.cancel().catch(() => {});
  }
}

/**
 * @template T
 * @param {Promise<T>} work
 * @param {number} timeout seconds
 * @returns {Promise<T>}
 */
async function within(work, timeout) {
  if (timeout === Infinity) return work;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const silence = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no byte came for ${timeout} s`)), 1000 * timeout);
  });
  try {
    return /** @type {T} */ (await Promise.race([work, silence]));
  } finally {
    clearTimeout(timer);
  }
}
