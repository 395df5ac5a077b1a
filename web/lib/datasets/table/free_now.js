// Memory given back at once. Buffers are small objects to the garbage collector, whatever they hold: left to it,
// megabytes of them pile up before it looks.

/**
 * Empties a buffer that nothing reads any more. Where the engine cannot, it is garbage as any other.
 * @param {ArrayBuffer} buffer
 */
export function free_now(buffer) {
  /** @type {any} */ (buffer).transfer?.(0);
}
