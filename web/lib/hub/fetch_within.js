// A request that is given up when nobody answers, and why it failed in words.
import { error_text } from "../core/errors.js";

/**
 * @param {string | URL} address
 * @param {RequestInit} init
 * @param {number} timeout seconds until the headers are there
 * @returns {Promise<Response>}
 */
export async function fetch_within(address, init, timeout) {
  const late = new AbortController();
  const silent = new Error(`no answer within ${timeout} s`);
  const timer = setTimeout(() => late.abort(silent), 1000 * timeout);
  const signals = init.signal ? [init.signal, late.signal] : [late.signal];
  try {
    return await fetch(address, { ...init, signal: AbortSignal.any(signals) });
  } finally {
    clearTimeout(timer);
  }
}

/** What a failed fetch says, with the reason that Node.js hides behind "fetch failed". @param {unknown} error */
export function network_reason(error) {
  const { cause } = /** @type {{cause?: {code?: string, message?: string}}} */ (error);
  return cause?.code ?? cause?.message ?? error_text(error);
}
