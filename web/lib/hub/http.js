// hub_fetch: the one way to the Hub and its dataset server. Adds the token where it belongs, keeps to the
// Hub's limits, waits and tries again, and says what went wrong.
import { in_node } from "../core/builds.js";
import { TunelabError } from "../core/errors.js";
import { logger } from "../core/logging.js";
import { fetch_within, network_reason } from "./fetch_within.js";
import { HubError, refusal, subject_text } from "./hub_error.js";
import { LONGEST_WAIT, parse_rate_limit, wait_before_retry } from "./rate_limit.js";
import { body_of } from "./response_body.js";
import { hub_settings, is_token } from "./settings.js";
import { sleep } from "./sleep.js";
import { turnstile } from "./turnstile.js";

/** @typedef {import("./hub_error.js").Subject} Subject */
/** @typedef {import("./settings.js").HubSettings} HubSettings */

/**
 * @typedef {object} HubRequest
 * @property {string} [method] GET by default
 * @property {URLSearchParams} [body] a form, for POST
 * @property {Record<string, string>} [headers]
 * @property {string | boolean} [token] another than the settings'; false sends none
 * @property {AbortSignal} [signal] ends the request and all waiting; its reason is thrown
 * @property {Subject} subject what is asked for, for messages
 * @property {readonly number[]} [allow] statuses that the caller handles itself
 * @property {Partial<HubSettings>} [settings] over those that count
 * @property {(wait: {seconds: number, reason: string}) => void} [on_wait] before each wait
 */

/** Statuses that may be another a moment later. */
const PASSING = new Set([408, 429, 500, 502, 503, 504]);

/** What Node.js says of redirects that lead nowhere: another try would be sent the same way. */
const ASTRAY = /redirect count exceeded|URL scheme must be/;

/** So many requests of this thread wait for their answers at once. */
const in_turn = turnstile(6);

/**
 * When each of the Hub's limits lets the next request through, in milliseconds: it counts its API apart from its
 * files.
 * @type {Map<string, number>}
 */
const open_from = new Map();

/** @param {URL} address */
const limit_of = ({ origin, pathname }) => origin + (pathname.startsWith("/api/") ? "/api" : "");

/**
 * The token for an address: the Hub's own hosts get it, no other does. (A redirect to another host loses the header:
 * so the fetch standard has it.)
 * @param {URL} address
 * @param {HubSettings} settings
 * @param {string | boolean | undefined} token
 */
function token_for(address, settings, token) {
  const own = [settings.endpoint, settings.datasets_server].map((text) => new URL(text).origin);
  if (token === false || !own.includes(address.origin)) return undefined;
  const chosen = typeof token === "string" ? token : settings.token;
  // A header would not take it, and say so by showing it.
  if (chosen && !is_token(chosen))
    throw new TunelabError(
      "the token for the Hub (HF_TOKEN, the token file or the token option) has spaces or other characters that no " +
        "token has; copy it again",
    );
  return chosen;
}

/**
 * Whether a signed address that the Hub redirected to is over; the next request gets another.
 * @param {Response} response
 * @param {URL} address
 */
const is_expired = ({ status, url }, { origin }) => status === 403 && !url.startsWith(`${origin}/`);

/** @param {Response} response @param {URL} address */
function note_limit(response, address) {
  const limit = parse_rate_limit(response.headers);
  if (limit?.remaining === 0 && limit.reset <= LONGEST_WAIT)
    open_from.set(limit_of(address), Date.now() + 1000 * limit.reset);
}

/**
 * Asks the Hub. What may pass (a broken connection, 429, 5xx) is tried again: 429 after the time that its headers
 * name, for all requests under the same limit.
 * @param {string} url
 * @param {HubRequest} request
 * @returns {Promise<Response>} an answer of success, or one of the statuses in `allow`
 * @throws {HubError} for any other answer, when there is none, and in offline mode
 */
export async function hub_fetch(url, request) {
  const settings = await hub_settings(request.settings);
  const { subject, signal, allow = [] } = request;
  if (settings.offline)
    throw new HubError(
      "offline",
      `${subject_text(subject)} is not in the cache, and offline mode (HF_HUB_OFFLINE) allows no download`,
    );
  const address = new URL(url);
  const token = token_for(address, settings, request.token);
  const headers = { ...request.headers, ...(in_node && { "user-agent": "tunelab" }) };
  /** @type {RequestInit} */
  const init = {
    method: request.method,
    body: request.body,
    headers: token ? { ...headers, authorization: `Bearer ${token}` } : headers,
    // What is kept is kept by this library, verified; the browser need not hold it twice.
    cache: "no-store",
    signal,
  };
  for (let attempt = 1; ; attempt++) {
    await until_open(address, request, settings);
    /** @type {Response | undefined} */
    let response;
    let reason;
    try {
      response = await in_turn(() => fetch_within(address, init, settings.timeout));
      if (response.ok || allow.includes(response.status)) {
        note_limit(response, address);
        return response;
      }
      reason = response.status === 429 ? "too many requests" : `answer ${response.status}`;
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      reason = network_reason(error);
    }
    // A broken stream cannot be cancelled, and need not be.
    await response?.body?.cancel().catch(() => {});
    const seconds = wait_before_retry(response?.headers, attempt, settings.base_wait_time);
    const passing = response
      ? PASSING.has(response.status) || is_expired(response, address)
      : !ASTRAY.test(reason);
    if (!passing || attempt > settings.max_retries || seconds > LONGEST_WAIT)
      throw response
        ? refusal(response, subject, { endpoint: settings.endpoint, with_token: Boolean(token) })
        : new HubError(
            "network",
            `${address.origin} cannot be reached for ${subject_text(subject)} (${reason}); check the connection`,
          );
    if (response?.status === 429) open_from.set(limit_of(address), Date.now() + 1000 * seconds);
    else await announced_sleep(seconds, reason, request);
  }
}

/**
 * Waits until the limit that an address falls under lets requests through. Who wants no second try wants no wait.
 * @param {URL} address
 * @param {HubRequest} request
 * @param {HubSettings} settings
 */
async function until_open(address, request, { max_retries }) {
  for (;;) {
    const seconds = ((open_from.get(limit_of(address)) ?? 0) - Date.now()) / 1000;
    if (seconds <= 0) return;
    if (max_retries === 0)
      throw new HubError(
        "rate_limited",
        `${address.origin} takes no more requests for ${Math.ceil(seconds)} s, also for ${subject_text(request.subject)}`,
      );
    // Timers may ring a moment early.
    await announced_sleep(seconds + 0.002, "too many requests", request);
  }
}

/** @param {number} seconds @param {string} reason @param {HubRequest} request */
async function announced_sleep(seconds, reason, { on_wait, signal, subject }) {
  on_wait?.({ seconds, reason });
  const text = `${reason}: waiting ${Math.ceil(seconds)} s before ${subject_text(subject)} is asked for again`;
  (seconds > 5 ? logger.warning : logger.info)(text);
  await sleep(seconds, signal);
}

/** The longest answer of JSON: a listing of a thousand files takes a few hundred kilobytes. */
const LONGEST_JSON = 1 << 25;

/** So many times the timeout may all of such an answer take: one that comes byte by byte does not hold a program up. */
const MOST_TIMEOUTS = 12;

/**
 * An answer's text. A few bytes that unpack to gigabytes are not taken.
 * @param {Response} response
 * @param {number} timeout
 * @param {string} name
 */
async function short_text({ body }, timeout, name) {
  const decoder = new TextDecoder();
  const end = performance.now() + 1000 * MOST_TIMEOUTS * timeout;
  let text = "";
  let length = 0;
  for await (const piece of body ? body_of(body, timeout) : []) {
    length += piece.length;
    if (length > LONGEST_JSON)
      throw new HubError("server", `the answer for ${name} is longer than ${LONGEST_JSON} bytes`);
    if (performance.now() > end)
      throw new HubError(
        "network",
        `the answer for ${name} had not come after ${MOST_TIMEOUTS * timeout} s; check the connection`,
      );
    text += decoder.decode(piece, { stream: true });
  }
  return text + decoder.decode();
}

/** @param {string} text @returns {any} undefined for what is no JSON */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * An answer of JSON, whole; asked for again if the connection breaks in the middle.
 * @param {string} url
 * @param {HubRequest} request
 * @returns {Promise<{json: any, headers: Headers}>}
 * @throws {HubError} as hub_fetch, and for an answer that is no JSON
 */
export async function hub_json(url, request) {
  const settings = await hub_settings(request.settings);
  const name = subject_text(request.subject);
  for (let attempt = 1; ; attempt++) {
    const response = await hub_fetch(url, request);
    const { headers } = response;
    let reason = "the answer ended early";
    try {
      const json = parsed(await short_text(response, settings.timeout, name));
      if (json !== undefined) return { json, headers };
      if (!/json/.test(headers.get("content-type") ?? ""))
        throw new HubError(
          "server",
          `${settings.endpoint} answered something else than JSON for ${name}; is HF_ENDPOINT a Hub?`,
        );
    } catch (error) {
      if (request.signal?.aborted) throw request.signal.reason;
      if (error instanceof HubError) throw error;
      reason = network_reason(error);
    }
    if (attempt > settings.max_retries)
      throw new HubError("network", `the connection broke during ${name} (${reason})`);
    const seconds = wait_before_retry(undefined, attempt, settings.base_wait_time);
    await announced_sleep(seconds, reason, request);
  }
}
