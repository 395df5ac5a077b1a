// The Hub's limits on requests from one address: fixed windows, one for its API and one for files.
import { rate_headers, rate_limited } from "./fault_kinds.js";

/** @typedef {import("./answer.js").Answer} Answer */

/** Requests in a window, and its length. @typedef {{api: number, resolvers: number, seconds: number}} Limits */

/** What the Hub grants to those without an account. @type {Limits} */
export const ANONYMOUS = { api: 500, resolvers: 3000, seconds: 300 };

export class RateLimits {
  /** @param {Limits | undefined} limits without them nothing is refused, and nothing is told */
  constructor(limits) {
    this.limits = limits;
    /** @type {Map<string, {begun: number, count: number}>} */
    this._windows = new Map();
  }

  /**
   * Counts a request.
   * @param {string} address
   * @param {import("./answer.js").Asked} asked
   * @returns {{headers: Record<string, string>, refusal?: Answer}}
   */
  take(address, asked) {
    if (!this.limits) return { headers: {} };
    const resource = /\/(resolve|resolve-cache)\//.test(asked.url.pathname) ? "resolvers" : "api";
    const limit = this.limits[resource];
    const key = `${resource} ${address}`;
    const now = Date.now();
    let window = this._windows.get(key);
    if (!window || now - window.begun >= this.limits.seconds * 1000)
      window = { begun: now, count: 0 };
    this._windows.set(key, window);
    window.count++;
    const seconds = Math.ceil(this.limits.seconds - (now - window.begun) / 1000);
    if (window.count > limit)
      return { headers: {}, refusal: rate_limited({ seconds, limit, resource }) };
    const remaining = limit - window.count;
    return { headers: rate_headers({ resource, limit, remaining, seconds }) };
  }
}
