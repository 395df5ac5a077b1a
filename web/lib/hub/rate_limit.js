// How long to wait before a request is tried again: what the Hub's headers ask for, or twice as long each time.

/** A longer wait than this many seconds is not waited for: the Hub's windows are of five minutes. */
export const LONGEST_WAIT = 600;

/** The longest wait between retries for other reasons, in seconds. */
const LONGEST_RETRY = 8;

/**
 * The RateLimit header of the IETF draft that the Hub sends: `"api";r=0;t=55` says that no request is left for
 * 55 seconds.
 * @param {Headers} headers
 * @returns {{remaining: number, reset: number} | undefined}
 */
export function parse_rate_limit(headers) {
  const text = headers.get("ratelimit") ?? "";
  const [, remaining] = /;\s*r\s*=\s*(\d+)/.exec(text) ?? [];
  const [, reset] = /;\s*t\s*=\s*(\d+)/.exec(text) ?? [];
  if (remaining === undefined || reset === undefined) return undefined;
  return { remaining: Number(remaining), reset: Number(reset) };
}

/**
 * Seconds that a Retry-After header asks for: a number, or a date.
 * @param {Headers} headers
 * @param {number} now milliseconds
 */
function retry_after(headers, now) {
  const text = headers.get("retry-after")?.trim();
  if (!text) return undefined;
  if (/^-?[\d.]+$/.test(text)) return Math.max(0, Number(text) || 0);
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, (date - now) / 1000);
}

/**
 * Seconds before the next try. What the headers ask for gets up to a second and a tenth of it added, so that thirty
 * machines that were refused together do not come back together.
 * @param {Headers | undefined} headers of the answer; undefined if there was none
 * @param {number} attempt failures so far, from 1
 * @param {number} base seconds before the first retry
 * @param {{random?: () => number, now?: number}} [source] for tests
 */
export function wait_before_retry(headers, attempt, base, source = {}) {
  const { random = Math.random, now = Date.now() } = source;
  const limit = headers && parse_rate_limit(headers);
  const asked = limit?.remaining === 0 ? limit.reset : headers && retry_after(headers, now);
  if (asked !== undefined) return asked + random() * (1 + asked / 10);
  return Math.min(LONGEST_RETRY, base * 2 ** (attempt - 1)) * (0.5 + random() / 2);
}
